import { undefuse } from '../csv-cell.js';
import { FleetError } from '../errors.js';
import { checkTag } from '../identifiers.js';
import { instantForms, parseInstant } from '../instant.js';
import { nearest } from '../nearest.js';
import { plural } from '../plural.js';
import type { ImportedColumn } from './tag-import-repository.js';

/** A line of a list of tags, as far as it can be understood without the fleet. */
export interface TagLine {
  readonly line: number;
  readonly tag: string;
  readonly label?: string;
  /** E-mail address. */
  readonly user?: string;
  readonly blocked?: boolean;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  readonly parent?: string;
  readonly maxActive?: number;
  readonly sites?: string[];
  readonly groups?: string[];
}

/** The most that can be said of a tag. */
export const tagLimits = {
  /** Characters. */
  label: 100,
  user: 320,
  /** Of a site or group, and how many of them. */
  name: 100,
  names: 1000,
  maxActive: 1000,
  /** The end of the year 9999, milliseconds since the epoch. */
  expiresAt: 253_402_300_799_999,
} as const;

/** What is wrong with a line. */
export interface LineFault {
  readonly line: number;
  /** As the file calls it; empty when it concerns the whole line. */
  readonly column: string;
  readonly message: string;
}

type Column = 'tag' | ImportedColumn | 'ignored';

/** Names without case, spaces, hyphens and underscores. */
const names: Readonly<Record<string, Column>> = {
  tag: 'tag',
  idtag: 'tag',
  tagid: 'tag',
  uid: 'tag',
  rfid: 'tag',
  label: 'label',
  name: 'label',
  description: 'label',
  user: 'user',
  useremail: 'user',
  email: 'user',
  mail: 'user',
  status: 'blocked',
  expires: 'expiresAt',
  expiresat: 'expiresAt',
  expiry: 'expiresAt',
  expirydate: 'expiresAt',
  validuntil: 'expiresAt',
  parent: 'parent',
  parentidtag: 'parent',
  parenttag: 'parent',
  maxactive: 'maxActive',
  sites: 'sites',
  site: 'sites',
  groups: 'groups',
  group: 'groups',
  createdat: 'ignored',
};

/** The columns of a list of tags, found by its first line. */
export interface TagHeader {
  /** Beside the tag. */
  readonly columns: readonly ImportedColumn[];
  readonly cells: readonly { readonly column: Column; readonly name: string }[];
}

/** @throws FleetError USAGE when there is no column for the tag, one that nobody knows, or one twice */
export function readTagHeader(header: readonly string[]): TagHeader {
  const cells = header.map((cell) => {
    const name = cell.trim();
    const plain = name.toLowerCase().replaceAll(/[\s_-]/g, '');
    const column = Object.hasOwn(names, plain) ? names[plain] : undefined;
    if (column !== undefined) return { column, name };
    throw new FleetError('USAGE', `line 1: there is no column ${JSON.stringify(name.slice(0, 60))}.`, {
      suggestions: suggestColumn(name),
    });
  });
  for (const { column, name } of cells) {
    const same = cells.filter((cell) => cell.column === column && column !== 'ignored');
    if (same.length < 2) continue;
    const all = same.map((cell) => cell.name).join(' and ');
    throw new FleetError('USAGE', `line 1: the columns ${all} mean the same, ${name} among them.`);
  }
  const found = cells.map(({ column }) => column);
  if (!found.includes('tag')) {
    throw new FleetError('USAGE', 'line 1: there is no column tag. The first line names the columns.', {
      suggestions: ['tag,label,user,expires as the first line, for example'],
    });
  }
  return { cells, columns: found.filter((column) => column !== 'tag' && column !== 'ignored') };
}

function suggestColumn(name: string): string[] {
  const near = nearest(name, Object.keys(names));
  const all = 'The columns are: tag, label, user, status, expires, parent, maxActive, sites, groups.';
  return near === undefined ? [all] : [`Did you mean ${near}?`, all];
}

export interface ReadLineOptions {
  /** Milliseconds since the epoch: what durations count from. */
  readonly nowMs: number;
  /** The tag that the cell stands for. @throws FleetError USAGE when it is none */
  readonly toTag: (cell: string) => string;
  /** The same for a parent; as it is written unless given. */
  readonly toParent?: (cell: string) => string;
}

type Read = { [K in Exclude<keyof TagLine, 'line' | 'tag'>]?: TagLine[K] | undefined } & { tag?: string };

/** One line; everything that is wrong with it goes to `faults`, and then there is none. */
export function readTagLine(
  { line, cells }: { readonly line: number; readonly cells: readonly string[] },
  header: TagHeader,
  options: ReadLineOptions,
  faults: LineFault[],
): TagLine | undefined {
  const faultsBefore = faults.length;
  const surplus = cells.slice(header.cells.length).filter((cell) => cell.trim() !== '');
  if (surplus.length > 0 || cells.length < header.cells.length) {
    const message = `it has ${plural(cells.length, 'cell')}, the first line has ${header.cells.length}`;
    faults.push({ line, column: '', message });
    return undefined;
  }
  const read: Read = {};
  for (const [index, { column, name }] of header.cells.entries()) {
    const cell = cells[index] ?? '';
    // Of a label also the spaces around it are kept, as long as there is anything else.
    const text = undefuse(column === 'label' && cell.trim() !== '' ? cell : cell.trim());
    try {
      Object.assign(read, readCell(column, text, options));
    } catch (error) {
      if (!(error instanceof FleetError)) throw error;
      faults.push({ line, column: name, message: asClause(error.message) });
    }
  }
  const { tag } = read;
  return tag === undefined || faults.length > faultsBefore ? undefined : ({ ...read, line, tag } as TagLine);
}

function readCell(column: Column, text: string, { nowMs, toTag, toParent }: ReadLineOptions): Read {
  if (column === 'tag') return { tag: readTag(text, toTag) };
  if (text === '') return {};
  switch (column) {
    case 'blocked':
      return { blocked: readStatus(text) };
    case 'expiresAt':
      return { expiresAt: readExpiry(text, nowMs) };
    case 'maxActive':
      return { maxActive: readMaxActive(text) };
    case 'parent':
      return { parent: readTag(text, toParent ?? String) };
    case 'label':
    case 'user':
      checkLength(text, tagLimits[column]);
      return { [column]: text };
    case 'sites':
    case 'groups':
      return { [column]: readNames(text) };
    case 'ignored':
      return {};
  }
}

function readTag(text: string, toTag: (cell: string) => string): string {
  if (text === '') throw wrong('it is empty');
  const tag = toTag(text);
  checkTag(tag);
  return tag;
}

function readMaxActive(text: string): number {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= tagLimits.maxActive) return value;
  throw wrong(`it takes a whole number from 1 to ${tagLimits.maxActive}, not ${shown(text)}`);
}

function checkLength(text: string, max: number): void {
  if (text.length > max) throw wrong(`it is ${text.length} characters long, at most ${max} are allowed`);
}

function readStatus(text: string): boolean {
  const status = text.toLowerCase();
  // What has expired says so by its date.
  if (status === 'accepted' || status === 'expired') return false;
  if (status === 'blocked') return true;
  throw wrong(`it takes accepted or blocked, not ${shown(text)}`);
}

function readExpiry(text: string, nowMs: number): number {
  const instant = parseInstant(text, { nowMs, zone: 'local', towards: 'future' });
  if (instant !== undefined && instant >= 0 && instant <= tagLimits.expiresAt) return instant;
  throw wrong(`it takes an instant such as ${instantForms.future}, not ${shown(text)}`);
}

/** A list as JSON, which is what an export writes, or with semicolons or bars in between. */
function readNames(text: string): string[] {
  const names = fromJson(text) ?? text.split(/[;|]/).map((name) => name.trim());
  for (const name of names) checkLength(name, tagLimits.name);
  if (names.length > tagLimits.names) throw wrong(`it has ${names.length} names`);
  return names.filter((name) => name !== '');
}

/** A name may begin with a bracket all the same. */
function fromJson(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const names: unknown = JSON.parse(text);
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : undefined;
  } catch {
    return undefined;
  }
}

function wrong(message: string): FleetError {
  return new FleetError('USAGE', message);
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** A sentence as the end of another. */
export function asClause(sentence: string): string {
  return sentence.replace(/^(There|The|A|No) /, (word) => word.toLowerCase()).replace(/\.$/, '');
}

function asSentence(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}${text.endsWith('?') ? '' : '.'}`;
}

/** Faults that are told one by one; of the others, how many there are. */
const faultsShown = 20;

const isThere = /^there is a tag .+ already$/s;
const ifExists = [
  '--if-exists skip, to leave tags that are there already as they are',
  '--if-exists update, to change them',
];

/**
 * The error that tells of bad lines.
 * @param count of faults in all, as those are that were not kept
 */
export function badLines(faults: readonly LineFault[], count: number): FleetError {
  const lines = [...faults]
    .sort((a, b) => a.line - b.line)
    .slice(0, faultsShown)
    .map(({ line, column, message }) => `line ${line}: ${column === '' ? '' : `${column}: `}${message}`);
  const more = count - lines.length;
  const [first = ''] = lines;
  const text = count === 1 ? first : `${count.toLocaleString('en')} things are wrong; the first: ${first}`;
  return new FleetError('USAGE', `Nothing was imported: ${text}`, {
    suggestions: [
      ...(count === 1 ? [] : lines.map(asSentence)),
      ...(faults.some(({ message }) => isThere.test(message)) ? ifExists : []),
      ...(more > 0 ? [`And ${more.toLocaleString('en')} more.`] : []),
    ],
  });
}
