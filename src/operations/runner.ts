import type { TSchema } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler, type ValueError } from '@sinclair/typebox/compiler';
import { FleetError } from '../domain/errors.js';
import { nearest } from '../domain/nearest.js';
import type { Caller } from '../domain/people/caller.js';
import type { Store } from '../domain/repositories.js';
import { checkAccess } from './access.js';
import { actingFor } from './acting-fleet.js';
import { Attempt } from './audit/attempt.js';
import { FailureLimit } from './audit/failure-limit.js';
import type {
  Operation,
  OperationContext,
  StreamOperation,
  Surroundings,
  UnaryOperation,
} from './operation.js';
import { scoped } from './scope/scoped-context.js';
import { refuseUnknownFields } from './unknown-fields.js';

/** How long operations that were told to stop may take to do so. */
const stopTimeoutMs = 3000;

/** For whom an operation runs, and until when. */
export interface Call {
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

interface Run {
  readonly kind: Operation['kind'];
  readonly abort: AbortController;
}

/**
 * Runs operations by name: what the transports have in common. Every input is checked here, whichever way it came, and
 * every change recorded (audit/attempt.ts).
 */
export class OperationRunner {
  readonly #surroundings: Surroundings;
  readonly #operations: Readonly<Record<string, unknown>>;
  readonly #checks = new Map<TSchema, TypeCheck<TSchema>>();
  readonly #names = new Map<Operation, string>();
  readonly #running = new Set<Run>();
  readonly #stopped = new Set<Operation['kind']>();
  readonly #failures: FailureLimit;
  #ended = (): void => undefined;

  /** @param operations by name: all of them (registry.ts), or those that are loaded so far (areas.ts) */
  constructor(operations: Readonly<Record<string, unknown>>, surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#operations = operations;
    this.#failures = new FailureLimit(surroundings.store, surroundings.clock);
  }

  /** @throws FleetError NOT_FOUND when there is no operation of this name */
  find(name: string): Operation {
    if (Object.hasOwn(this.#operations, name)) return this.#operations[name] as Operation;
    const near = nearest(name, Object.keys(this.#operations));
    throw new FleetError('NOT_FOUND', `There is no operation ${JSON.stringify(name)}.`, {
      suggestions: near === undefined ? [] : [`Did you mean ${near}?`],
    });
  }

  /**
   * @throws FleetError of the operation; NOT_ALLOWED for whom it is not, USAGE for a malformed input,
   *   SERVER_UNREACHABLE without a needed server
   */
  async run(operation: UnaryOperation, input: unknown, { caller, signal }: Call): Promise<unknown> {
    const attempt = await this.#admit(operation, input, caller);
    const { signal: either, end } = this.#begin('unary', signal);
    try {
      const result = await operation.run(this.#contextFor(caller, either, attempt?.store), input);
      await attempt?.succeeded(result);
      return result;
    } catch (error) {
      await attempt?.failed(error);
      throw error;
    } finally {
      end();
    }
  }

  /** In batches. @throws like `run`, at the first batch */
  async *stream(
    operation: StreamOperation,
    input: unknown,
    { caller, signal }: Call,
  ): AsyncGenerator<readonly unknown[]> {
    const attempt = await this.#admit(operation, input, caller);
    const { signal: either, end } = this.#begin('stream', signal);
    try {
      for await (const batch of operation.run(this.#contextFor(caller, either, attempt?.store), input)) {
        attempt?.note(batch);
        yield batch;
      }
      await attempt?.succeeded();
    } catch (error) {
      await attempt?.failed(error);
      throw error;
    } finally {
      await attempt?.abandoned();
      end();
    }
  }

  /** The server stops: ends the operations of this kind, those that run and those to come, with an error that says so. */
  async stop(kind: Operation['kind']): Promise<void> {
    this.#stopped.add(kind);
    for (const run of this.#running) if (run.kind === kind) run.abort.abort(stopping());
    let isLate = false;
    const cancel = this.#surroundings.clock.schedule(stopTimeoutMs, () => {
      isLate = true;
      this.#ended();
    });
    while (!isLate && [...this.#running].some((run) => run.kind === kind)) {
      await new Promise<void>((resolve) => {
        this.#ended = resolve;
      });
    }
    cancel();
    await this.#failures.endWindow();
  }

  /** A signal that is aborted with that of the caller or when the server stops, whichever comes first. */
  #begin(kind: Operation['kind'], signal: AbortSignal): { signal: AbortSignal; end: () => void } {
    if (this.#stopped.has(kind)) throw stopping();
    const run: Run = { kind, abort: new AbortController() };
    const abort = () => run.abort.abort(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    this.#running.add(run);
    const end = () => {
      signal.removeEventListener('abort', abort);
      this.#running.delete(run);
      this.#ended();
    };
    return { signal: run.abort.signal, end };
  }

  /** What the caller sees is limited last, so that what is recorded is not. */
  #contextFor(
    caller: Caller,
    signal: AbortSignal,
    store: Store = this.#surroundings.store,
  ): OperationContext {
    const live = this.#surroundings.live && actingFor(caller.name, this.#surroundings.live);
    return scoped({ ...this.#surroundings, store, live, caller, signal });
  }

  /**
   * Whether this caller may ask for this. An attempt to be refused is recorded, a request that makes no sense is not.
   * @returns what records the change; undefined for what changes nothing
   */
  async #admit(operation: Operation, input: unknown, caller: Caller): Promise<Attempt | undefined> {
    const { store, clock } = this.#surroundings;
    const name = this.#nameOf(operation);
    const recording = { caller, operation: name, clock };
    const failures = this.#failures;
    const attempt =
      operation.effect === 'change'
        ? new Attempt({ store, recording, failures, input, audit: operation.audit })
        : undefined;
    try {
      checkAccess(name, operation, caller);
    } catch (error) {
      await attempt?.failed(error);
      throw error;
    }
    this.#check(operation, input);
    return attempt;
  }

  #nameOf(operation: Operation): string {
    const known = this.#names.get(operation);
    if (known !== undefined) return known;
    const [name = 'this'] = Object.entries(this.#operations).find(([, entry]) => entry === operation) ?? [];
    this.#names.set(operation, name);
    return name;
  }

  #check(operation: Operation, input: unknown): void {
    if (operation.live && !this.#surroundings.live) {
      throw new FleetError('SERVER_UNREACHABLE', 'No server is running, so no station can be reached.', {
        suggestions: ['evfleet serve', 'If it runs elsewhere, name its data directory with --data-dir.'],
      });
    }
    refuseUnknownFields(operation.input, input);
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

function stopping(): FleetError {
  return new FleetError(
    'SERVER_UNREACHABLE',
    'The server is stopping; what a station was asked may still happen.',
    {
      suggestions: ['Once it runs again, see what has become of it: evfleet session list'],
    },
  );
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
