import type { TSchema } from '@sinclair/typebox';
import { operations } from '../../src/operations/registry.js';

/** A key of an answer: where it stands, and what it holds without regard to null. */
export interface KeyOf {
  readonly operation: string;
  readonly key: string;
  /** `string`, `string date-time`, `number`, `integer`, `boolean`, `array`, `object`, several with `|`. */
  readonly type: string;
}

interface Loose {
  readonly type?: string;
  readonly format?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly TSchema[];
  readonly allOf?: readonly TSchema[];
  readonly items?: TSchema;
  readonly properties?: Readonly<Record<string, TSchema>>;
}

/** Every key of every answer, at any depth. */
export function* answerKeys(): Generator<KeyOf> {
  for (const [operation, { output }] of Object.entries(operations)) yield* keysOf(operation, output);
}

function* keysOf(operation: string, schema: TSchema): Generator<KeyOf> {
  const { anyOf = [], allOf = [], items, properties = {} } = schema as Loose;
  for (const part of [...anyOf, ...allOf, ...(items ? [items] : [])]) yield* keysOf(operation, part);
  for (const [key, value] of Object.entries(properties)) {
    yield { operation, key, type: typeOf(value) };
    yield* keysOf(operation, value);
  }
}

function typeOf(schema: TSchema): string {
  const { type, format, anyOf, allOf } = schema as Loose;
  const parts = anyOf ?? allOf;
  if (parts) {
    const types = parts.map((part) => typeOf(part)).filter((part) => part !== 'null');
    return [...new Set(types)].sort().join('|');
  }
  const constant = (schema as Loose).const;
  return [type ?? (constant === undefined ? 'any' : typeof constant), format].filter(Boolean).join(' ');
}
