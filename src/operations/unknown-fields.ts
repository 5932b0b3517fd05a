import type { TSchema } from '@sinclair/typebox';
import { FleetError } from '../domain/errors.js';
import { nearest } from '../domain/nearest.js';

/**
 * What nobody reads would be dropped in silence: `site` for `sites` would make a tag that every station accepts.
 * @throws FleetError USAGE naming the first part of the input that the operation does not know
 */
export function refuseUnknownFields(schema: TSchema, input: unknown): void {
  if (schema.type !== 'object' || typeof input !== 'object' || input === null) return;
  const known: Record<string, TSchema> = schema.properties ?? {};
  const names = Object.keys(known);
  // What is undefined was not said; JSON drops it anyway.
  const unknown = Object.entries(input).find(
    ([name, value]) => value !== undefined && !Object.hasOwn(known, name),
  );
  if (!unknown) return;
  const [name] = unknown;
  const near = nearest(name, names);
  const all = names.length === 0 ? 'It takes none.' : `It takes: ${names.join(', ')}.`;
  throw new FleetError('USAGE', `There is no field ${JSON.stringify(name)}.`, {
    suggestions: [near === undefined ? all : `Did you mean ${near}?`],
  });
}
