import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { FleetError } from '../domain/errors.js';
import { states } from '../domain/station/states.js';

export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

export function oneOf<T extends string>(...values: readonly [T, ...T[]]) {
  return Type.Union(values.map((value) => Type.Literal(value)));
}

/** At a glance: see domain/station/states.ts. */
export const state = oneOf(...states);

/** Without what binary fractions leave when they are divided and averaged (230.13333333333333 V): to the thousandth. */
export function toThousandths(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000;
}

/** To the milliwatt. */
export function toKilowatts(powerW: number | null): number | null {
  return powerW === null ? null : Math.round(powerW * 1000) / 1_000_000;
}

/** ISO 8601 in UTC with milliseconds. */
export const instant = Type.String({ format: 'date-time' });

export function toIso(instantMs: number): string;
export function toIso(instantMs: number | null): string | null;
export function toIso(instantMs: number | null): string | null {
  return instantMs === null ? null : new Date(instantMs).toISOString();
}

/** What to do when the thing to create is there already. */
export const ifExists = Type.Optional(oneOf('fail', 'skip', 'update'));

/** What every `create` gives: the thing as it is now, and how that came about. */
export function createOutput<Item extends TSchema>(item: Item) {
  return Type.Object({ outcome: oneOf('created', 'skipped', 'updated'), item });
}

export type Outcome = 'created' | 'skipped' | 'updated';

/**
 * The one rule of every `create`: make it, or deal with what exists by `ifExists`.
 * @throws FleetError EXISTS when there is one and `ifExists` is `fail`
 */
export async function createOrElse<T>(options: {
  /** For the message: `site Solna`. */
  readonly what: string;
  readonly existing: T | undefined;
  readonly ifExists: Static<typeof ifExists> | undefined;
  readonly create: () => Promise<void>;
  readonly update: (existing: T) => Promise<void>;
}): Promise<Outcome> {
  const { what, existing, create, update } = options;
  if (existing === undefined) {
    await create();
    return 'created';
  }
  switch (options.ifExists ?? 'fail') {
    case 'skip':
      return 'skipped';
    case 'update':
      await update(existing);
      return 'updated';
    case 'fail':
      throw new FleetError('EXISTS', `There is a ${what} already.`, {
        suggestions: ['--if-exists update, to change it', '--if-exists skip, to leave it as it is'],
      });
  }
}

export const deleteInput = { ignoreNotFound: Type.Optional(Type.Boolean()) };
export const deleteOutput = Type.Object({ deleted: Type.Boolean() });

const namedMost = 3;

/** The first few of many names: `A, B, C and 7 more`. */
export function named(names: readonly string[]): string {
  const more = names.length - namedMost;
  return names.slice(0, namedMost).join(', ') + (more > 0 ? ` and ${more.toLocaleString('en')} more` : '');
}

/** Runs a deletion; with `ignoreNotFound` a missing thing is nothing to do. */
export async function deleteOrIgnore(
  ignoreNotFound: boolean | undefined,
  remove: () => Promise<void>,
): Promise<{ deleted: boolean }> {
  try {
    await remove();
    return { deleted: true };
  } catch (error) {
    if (ignoreNotFound && error instanceof FleetError && error.code === 'NOT_FOUND')
      return { deleted: false };
    throw error;
  }
}

/** What an update was asked to change. @throws FleetError USAGE when that is nothing */
export function changes<T extends Record<string, unknown>>(values: T): Partial<T> {
  const change = given(values);
  if (Object.keys(change).length > 0) return change;
  throw new FleetError('USAGE', 'Nothing to change was given.', {
    suggestions: ['Add a flag for what is to change; --help lists them.'],
  });
}

/** Only the keys that were given, so that an update leaves the rest alone. */
export function given<T extends Record<string, unknown>>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
