import { FleetError } from './errors.js';
import { nearest } from './nearest.js';
import { states } from './station/states.js';

/** What stations can be told apart by. */
export const selectorFields = [
  'vendor',
  'model',
  'firmware',
  'status',
  'registration',
  'site',
  'id',
] as const;

type SelectorField = (typeof selectorFields)[number];

/** One `field=value` or `field!=value`; all of a selector must hold. */
export interface Condition {
  readonly field: SelectorField;
  readonly negated: boolean;
  /** The value as it was typed. */
  readonly value: string;
  fits(text: string): boolean;
}

/** What a station has in each field; several in `status`, none where nothing is known. */
export type Traits = { readonly [Field in SelectorField]: readonly string[] };

/** Longest selector that is read; a list of stations belongs into a file. */
const selectorMaxLength = 10_000;

/** The values of fields that have a closed set of them. */
const known: Partial<Record<SelectorField, readonly string[]>> = {
  status: ['online', ...states],
  registration: ['accepted', 'pending', 'rejected'],
};

/**
 * `vendor=Acme,model!=Box*,status=offline`: conditions separated by commas. `*` stands for any text, a backslash takes
 * a comma, star or backslash as it is, and nothing behind the sign means that the station has none. Case does not
 * count, but for ids.
 * @throws FleetError USAGE that names the condition
 */
export function parseSelector(text: string): Condition[] {
  if (text.length > selectorMaxLength) {
    throw new FleetError('USAGE', `The selector has more than ${selectorMaxLength} characters.`, {
      suggestions: ['--from-file takes a list of stations of any length'],
    });
  }
  return splitAtCommas(text).map(parseCondition);
}

/**
 * Whether all conditions hold. An empty value asks for those that have none; a list has it when one of its items fits.
 */
export function isSelected(traits: Traits, conditions: readonly Condition[]): boolean {
  return conditions.every(({ field, negated, value, fits }) => {
    const values = traits[field];
    const holds = value === '' ? values.length === 0 : values.some(fits);
    return holds !== negated;
  });
}

/** Neither names nor conditions were given, which must never mean all. */
export function noTargets(): FleetError {
  return new FleetError('USAGE', 'Nothing says which stations are meant.', {
    suggestions: [
      'the ids of stations as arguments',
      '--site, --group or --selector, for example --selector vendor=Acme,status=online',
      '--from-file stations.txt, with an id on each line',
      '--all',
    ],
  });
}

function splitAtCommas(text: string): string[] {
  const parts = [''];
  for (const [piece] of text.matchAll(/\\.|[^\\]|\\$/gsu)) {
    if (piece === ',') parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts;
}

function parseCondition(text: string): Condition {
  const [, typed = '', sign = '', behind = ''] = /^\s*([^=!]*?)\s*(!?=)(.*)$/su.exec(text) ?? [];
  if (sign === '' || typed === '') {
    throw new FleetError('USAGE', `${JSON.stringify(text.trim())} in the selector is no condition.`, {
      suggestions: ['--selector vendor=Acme,model!=Box*,status=offline'],
    });
  }
  const field = toField(typed);
  const value = behind.trim();
  checkValue(field, value);
  const fits = toMatcher(value, field === 'id' ? asItIs : lowerCase);
  return { field, negated: sign === '!=', value, fits };
}

function toField(typed: string): SelectorField {
  const field = selectorFields.find((name) => name === typed.toLowerCase());
  if (field) return field;
  const near = nearest(typed, selectorFields);
  throw new FleetError('USAGE', `Stations cannot be selected by ${JSON.stringify(typed)}.`, {
    suggestions: near ? [`--selector ${near}=…`] : [`The fields are: ${selectorFields.join(', ')}.`],
  });
}

/** A misspelt state would silently select nothing, or with `!=` everything. */
function checkValue(field: SelectorField, value: string): void {
  const values = known[field];
  if (!values || value === '' || value.includes('*') || values.includes(value.toLowerCase())) return;
  const near = nearest(value, values);
  throw new FleetError('USAGE', `There is no ${field} ${JSON.stringify(value)}.`, {
    suggestions: [
      ...(near ? [`--selector ${field}=${near}`] : []),
      `The values of ${field} are: ${values.join(', ')}.`,
    ],
  });
}

/** Whether a text fits: pieces between stars, each looked for behind the one before, which takes no time to speak of. */
function toMatcher(value: string, foldCase: (text: string) => string): (text: string) => boolean {
  const pieces = [''];
  for (const [character] of value.matchAll(/\\.|[^\\]|\\$/gsu)) {
    if (character === '*') pieces.push('');
    else pieces[pieces.length - 1] += character.length > 1 ? character.replace(/^\\/, '') : character;
  }
  const [start = '', ...others] = pieces.map(foldCase);
  const end = others.pop();
  return (text) => {
    const folded = foldCase(text);
    if (end === undefined) return folded === start;
    if (!folded.startsWith(start)) return false;
    let at = start.length;
    for (const piece of others) {
      const found = folded.indexOf(piece, at);
      if (found === -1) return false;
      at = found + piece.length;
    }
    return folded.length - end.length >= at && folded.endsWith(end);
  };
}

function asItIs(text: string): string {
  return text;
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}
