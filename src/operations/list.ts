import { type TSchema, Type } from '@sinclair/typebox';
import { FleetError } from '../domain/errors.js';
import { nearest } from '../domain/nearest.js';
import { given } from './shared.js';

/**
 * How every list can be narrowed. `sort` is a field, `-field` for descending; each `filter` is `field=value`, all must
 * hold; of what is left, `offset` items are skipped and no more than `limit` given.
 */
export const listQuery = {
  sort: Type.Optional(Type.String()),
  filter: Type.Optional(Type.Array(Type.String())),
  limit: Type.Optional(Type.Integer({ minimum: 0 })),
  offset: Type.Optional(Type.Integer({ minimum: 0 })),
};

export interface ListQuery {
  readonly sort?: string;
  readonly filter?: string[];
  readonly limit?: number;
  readonly offset?: number;
}

/** The halves of the input of a list: how it is narrowed, and what is looked for. */
export function halvesOf<Input extends ListQuery>({ sort, filter, limit, offset, ...wanted }: Input) {
  const query: ListQuery = given({ sort, filter, limit, offset });
  return { query, wanted };
}

/** A page of items and how many there are in all. */
export function listOf<Item extends TSchema>(item: Item) {
  return Type.Object({ items: Type.Array(item), total: Type.Integer() });
}

type Row = Record<string, unknown>;

/**
 * Applies a list query to rows in memory. Text compares case-insensitively, numbers inside text by value,
 * absent values sort last in either direction.
 * @throws FleetError USAGE when a filter or the sort names no field of `fields`
 */
export function applyListQuery<T extends Row>(
  rows: readonly T[],
  query: ListQuery,
  fields: readonly string[],
): { items: T[]; total: number } {
  const items = rows.filter(matcherOf(query.filter, fields));
  const order = parseSort(query.sort, fields);
  if (order) {
    const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
    items.sort((a, b) => compare(a[order.field], b[order.field], order.descending, collator));
  }
  const { offset = 0, limit = items.length } = query;
  return { items: items.slice(offset, offset + limit), total: items.length };
}

/**
 * Whether all filters hold for a row.
 * @throws FleetError USAGE as applyListQuery
 */
export function matcherOf(
  filters: readonly string[] | undefined,
  fields: readonly string[],
): (row: Row) => boolean {
  const wanted = parseFilters(filters, fields).map(({ field, value }) => ({
    field,
    value: value.toLowerCase(),
  }));
  return (row) => wanted.every(({ field, value }) => text(row[field]).toLowerCase() === value);
}

function parseFilters(
  filters: readonly string[] = [],
  fields: readonly string[],
): { field: string; value: string }[] {
  return filters.map((filter) => {
    const at = filter.indexOf('=');
    if (at < 1) {
      throw new FleetError('USAGE', `The filter "${filter}" is not of the form field=value.`, {
        suggestions: [`--filter ${fields[0] ?? 'field'}=…`],
      });
    }
    return { field: knownField(filter.slice(0, at), fields, 'filter'), value: filter.slice(at + 1) };
  });
}

function parseSort(
  sort: string | undefined,
  fields: readonly string[],
): { field: string; descending: boolean } | undefined {
  if (sort === undefined) return undefined;
  const descending = sort.startsWith('-');
  return { field: knownField(descending ? sort.slice(1) : sort, fields, 'sort'), descending };
}

function knownField(field: string, fields: readonly string[], flag: string): string {
  if (fields.includes(field)) return field;
  const near = nearest(field, fields);
  throw new FleetError('USAGE', `There is no field "${field}" to ${flag} by.`, {
    suggestions: [
      near ? `--${flag} ${near}${flag === 'filter' ? '=…' : ''}` : `The fields are: ${fields.join(', ')}.`,
    ],
  });
}

function text(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function compare(a: unknown, b: unknown, descending: boolean, collator: Intl.Collator): number {
  const absentA = a === null || a === undefined;
  const absentB = b === null || b === undefined;
  if (absentA || absentB) return Number(absentA) - Number(absentB);
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(text(a), text(b));
  return descending ? -order : order;
}

/** The property names of an object schema, in order. */
export function fieldsOf(schema: TSchema & { properties?: Record<string, unknown> }): string[] {
  return Object.keys(schema.properties ?? {});
}
