import type { TSchema } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler, type ValueError } from '@sinclair/typebox/compiler';
import { FleetError } from '../domain/errors.js';
import { nearest } from '../domain/nearest.js';
import type { Operation, OperationContext, StreamOperation, UnaryOperation } from './operation.js';
import { operations } from './registry.js';

/**
 * Runs operations by name: what the transports have in common. Every input is checked here, whichever way it came.
 */
export class OperationRunner {
  readonly #context: Omit<OperationContext, 'signal'>;
  readonly #checks = new Map<TSchema, TypeCheck<TSchema>>();

  constructor(context: Omit<OperationContext, 'signal'>) {
    this.#context = context;
  }

  /** @throws FleetError NOT_FOUND when there is no operation of this name */
  find(name: string): Operation {
    if (Object.hasOwn(operations, name))
      return operations[name as keyof typeof operations] as unknown as Operation;
    const near = nearest(name, Object.keys(operations));
    throw new FleetError('NOT_FOUND', `There is no operation ${JSON.stringify(name)}.`, {
      suggestions: near === undefined ? [] : [`Did you mean ${near}?`],
    });
  }

  /** @throws FleetError of the operation; USAGE for a malformed input, SERVER_UNREACHABLE without a needed server */
  async run(operation: UnaryOperation, input: unknown, signal: AbortSignal): Promise<unknown> {
    this.#check(operation, input);
    return operation.run({ ...this.#context, signal }, input);
  }

  /** In batches. @throws like `run`, at the first batch */
  async *stream(
    operation: StreamOperation,
    input: unknown,
    signal: AbortSignal,
  ): AsyncGenerator<readonly unknown[]> {
    this.#check(operation, input);
    yield* operation.run({ ...this.#context, signal }, input);
  }

  #check(operation: Operation, input: unknown): void {
    if (operation.live && !this.#context.live) {
      throw new FleetError('SERVER_UNREACHABLE', 'No server is running, so no station can be reached.', {
        suggestions: ['evfleet serve', 'If it runs elsewhere, name its data directory with --data-dir.'],
      });
    }
    const check = this.#compiled(operation.input);
    if (check.Check(input)) return;
    const error = check.Errors(input).First();
    const where = error?.path ? error.path.slice(1).replaceAll('/', '.') : 'input';
    throw new FleetError('USAGE', `${where}: ${error ? complaint(error) : 'not valid'}.`);
  }

  #compiled(schema: TSchema): TypeCheck<TSchema> {
    const known = this.#checks.get(schema);
    if (known) return known;
    const check = TypeCompiler.Compile(schema);
    this.#checks.set(schema, check);
    return check;
  }
}

/** A union says of itself only that none of its alternatives fits; what was expected they know. */
function complaint({ schema, errors, message }: ValueError): string {
  const alternatives: readonly TSchema[] = schema.anyOf ?? [];
  if (alternatives.length === 0) return message;
  if (alternatives.every((alternative) => 'const' in alternative)) {
    return `Expected one of ${alternatives.map((alternative) => String(alternative.const)).join(', ')}`;
  }
  const [first] = errors.map((alternative) => alternative.First()).filter((error) => error !== undefined);
  return first ? complaint(first) : message;
}
