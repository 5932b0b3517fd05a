import { foldKey } from '../../domain/fold-key.js';
import type { Named, NameQuery } from '../../domain/names.js';

export type Row = Readonly<Record<string, unknown>>;

/** A piece of a query with its parameters: a `?` for each. */
export interface Piece {
  readonly text: string;
  readonly values: readonly (string | number)[];
}

/** Where names of a kind are: parts of a `select`. */
export interface NameSource {
  /** What is typed. */
  readonly name: string;
  /** Other columns, that `about` is made of. */
  readonly columns?: string;
  readonly from: string;
  /** What the beginning is compared with, in lower case: `name` unless told; null when it is inside of what `unfold` unfolds. */
  readonly key?: string | null;
  readonly where?: (query: NameQuery) => readonly (Piece | undefined)[];
  readonly order: string;
  /** What is at sites: with as many `?` as there are sites where `{}` stands. None: it belongs to the whole fleet. */
  readonly atSites?: string;
  readonly about?: (row: Row) => string;
  /** A row that holds several names. */
  readonly unfold?: (row: Row) => readonly Named[];
}

export const ofStation = '"stationUuid" in (select "uuid" from "station" where "siteUuid" in ({}))';

/** A condition without values. */
export function plain(text: string): Piece {
  return { text, values: [] };
}

/** Undefined where nothing was asked for. */
export function same(column: string, value: string | undefined): Piece | undefined {
  return value === undefined ? undefined : { text: `${column} = ?`, values: [value] };
}

/** As `same`, for a column that holds texts folded to one case. */
export function inCase(column: string, value: string | undefined): Piece | undefined {
  return same(column, value === undefined ? undefined : foldKey(value));
}

export function words(...parts: readonly unknown[]): string {
  return parts
    .filter((part) => part !== null && part !== undefined && part !== '')
    .map(String)
    .join(', ');
}

export function connector(row: Row): string {
  return row.connector === null ? '' : `connector ${String(row.connector)}`;
}
