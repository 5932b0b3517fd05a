import { shown, wrong } from './import-file.js';

/** What spreadsheets put into cells. All throw FleetError USAGE with the reason, as the end of a sentence. */

/** @returns the text */
export function readText(text: string, max: number): string {
  if (text.length <= max) return text;
  throw wrong(`it is ${text.length} characters long, at most ${max} are allowed`);
}

/** Limits are inclusive. */
export function readWhole(
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw wrong(`it takes a whole number from ${min} to ${max}, not ${shown(text)}`);
}

/** With a decimal point or comma, whatever the spreadsheet writes. Limits are inclusive. */
export function readDecimal(
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const value = /^[+-]?\d{1,9}([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw wrong(`it takes a number from ${min} to ${max}, not ${shown(text)}`);
}

/** One of a few words, in any case. */
export function readWord<Word extends string>(text: string, words: readonly [Word, ...Word[]]): Word {
  const found = words.find((word) => word === text.toLowerCase());
  if (found !== undefined) return found;
  const all = [words.slice(0, -1).join(', '), words.at(-1)].filter((part) => part !== '').join(' or ');
  throw wrong(`it takes ${all}, not ${shown(text)}`);
}

/** What tells lines apart, unless the spreadsheet has taken it for a number: 4.90123E+12. */
export function readIdentity(text: string): string {
  if (!/^\d([.,]\d+)?E\+\d+$/i.test(text)) return text;
  throw wrong(
    `the spreadsheet made ${shown(text)} of a long number: format the column as text, and enter it anew`,
  );
}

/** A list as JSON, which is what an export writes, or with semicolons, bars or line breaks in between. */
export function readList(text: string): string[] {
  return fromJson(text) ?? text.split(/[;|\n]/).map((item) => item.trim());
}

/** Of names: the empty ones are nothing. */
export function readNames(
  text: string,
  { length, count }: { readonly length: number; readonly count: number },
): string[] {
  const names = readList(text);
  for (const name of names) readText(name, length);
  if (names.length > count) throw wrong(`it has ${names.length} names`);
  return names.filter((name) => name !== '');
}

/** A name may begin with a bracket all the same. What is empty in a list keeps its place. */
function fromJson(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const items: unknown = JSON.parse(text);
    return Array.isArray(items) && items.every(isPlain) ? items.map((item) => String(item ?? '')) : undefined;
  } catch {
    return undefined;
  }
}

function isPlain(item: unknown): item is string | number | null {
  return item === null || typeof item === 'string' || typeof item === 'number';
}
