import {
  KindGuard,
  type TArray,
  type TInteger,
  type TObject,
  type TSchema,
  type TString,
} from '@sinclair/typebox';
import { type BreachList, pointerStep, quote, typeName } from './breach.js';
import { formats, hasOneDecimal, isUrl, kinds, leniencyOf, type OneOfSchema } from './schema-kit.js';
import { isStrictTime, parseTime } from './time.js';

/** Stands for a value that nothing can be made of; the reason is the newest breach. */
export const unusable = Symbol('unusable');

/**
 * Reads a value that failed the strict check and makes of it what was meant:
 *
 * - a number or boolean where a text is due becomes text; numeric text becomes a number; a fraction is rounded;
 *   `"true"`, `"false"`, 0 and 1 become booleans; anything but a list where a list is due becomes a list of one;
 * - texts that are too long, unknown enumeration values, unknown fields, and numbers out of range stay as they are;
 *   enumeration values in another case get their proper spelling;
 * - `null` is the same as missing; an optional field that makes no sense is left out, and so is an empty text for an
 *   enumeration;
 * - required fields that are missing get what their schema says (`Leniency`), or make the whole value unusable.
 *
 * Every deviation is added to `list`. The value itself is not changed. The recursion follows the schema, not the
 * value, so that hostile nesting cannot make it deep.
 */
export function readLeniently(schema: TSchema, value: unknown, path: string, list: BreachList): unknown {
  if (KindGuard.IsObject(schema)) return readObject(schema, value, path, list);
  if (KindGuard.IsArray(schema)) return readList(schema, value, path, list);
  if (KindGuard.IsString(schema)) return readText(schema, value, path, list);
  if (KindGuard.IsInteger(schema)) return readInteger(schema, value, path, list);
  if (KindGuard.IsBoolean(schema)) return readBoolean(value, path, list);
  if (KindGuard.IsKindOf(schema, kinds.oneDecimal)) return readDecimal(value, path, list);
  if (isOneOf(schema)) return readOneOf(schema, value, path, list);
  throw new TypeError(`No lenient reading for this schema at ${path}`);
}

function readObject(schema: TObject, value: unknown, path: string, list: BreachList): unknown {
  if (!isObject(value)) {
    list.add(path, 'type', `is ${typeName(value)} where an object is due`);
    return unusable;
  }
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.properties)) {
    const read = readField(schema, name, field, value, path, list);
    if (read === unusable) return unusable;
    if (read !== undefined) result[name] = read;
  }
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(schema.properties, name)) continue;
    list.add(path + pointerStep(name), 'unknown-field', 'is no field of this message');
    // Assigning to `__proto__` would change the object instead of adding to it.
    if (name !== '__proto__') result[name] = value[name];
  }
  return result;
}

/** The field's value, undefined when it is to be left out, or unusable when the object cannot do without it. */
function readField(
  owner: TObject,
  name: string,
  field: TSchema,
  value: Record<string, unknown>,
  path: string,
  list: BreachList,
): unknown {
  const at = path + pointerStep(name);
  const leniency = leniencyOf(field);
  const isRequired = owner.required?.includes(name) === true;
  const sent = Object.hasOwn(value, name) ? value[name] : undefined;
  const absence = absenceOf(field, sent);
  if (absence !== undefined && (isRequired || sent !== undefined)) {
    list.add(at, isRequired ? 'required' : 'type', `is ${absence}`);
  }
  const read = absence === undefined ? readLeniently(field, sent, at, list) : undefined;
  if (read !== undefined && read !== unusable) return read;
  if (!isRequired || leniency.mayStayMissing === true) return undefined;
  const fallback = leniency.whenUnusable ?? (absence === undefined ? undefined : leniency.whenMissing);
  if (fallback === undefined) return unusable;
  return Array.isArray(fallback) ? [...fallback] : fallback;
}

/** In which way a field is not there, or undefined when it is. Empty texts are how some stations leave out an enum. */
function absenceOf(field: TSchema, sent: unknown): 'missing' | 'null' | 'empty' | undefined {
  if (sent === undefined) return 'missing';
  if (sent === null) return 'null';
  return sent === '' && isOneOf(field) ? 'empty' : undefined;
}

function readList(schema: TArray, value: unknown, path: string, list: BreachList): unknown {
  const { dropBadItems } = leniencyOf(schema);
  let items: readonly unknown[];
  if (Array.isArray(value)) {
    items = value;
  } else {
    list.add(path, 'type', `is ${typeName(value)} where a list is due`);
    items = [value];
  }
  const minItems = schema.minItems ?? 0;
  if (items.length < minItems) list.add(path, 'length', `has fewer than ${minItems} elements`);
  const result: unknown[] = [];
  for (const [index, item] of items.entries()) {
    const read = readLeniently(schema.items, item, `${path}/${index}`, list);
    if (read !== unusable) result.push(read);
    else if (dropBadItems !== true) return unusable;
  }
  return result;
}

function readText(schema: TString, value: unknown, path: string, list: BreachList): unknown {
  const text = asText(value, path, list, leniencyOf(schema).acceptJson);
  if (text === undefined) return unusable;
  if (schema.maxLength !== undefined && text.length > schema.maxLength) {
    list.add(path, 'length', `has ${text.length} characters, at most ${schema.maxLength} are allowed`);
  }
  if (schema.format === formats.time && !isStrictTime(text)) {
    const isTime = parseTime(text) !== undefined;
    const problem = isTime ? 'not complete ISO 8601 with a time zone' : 'which is no time';
    list.add(path, 'format', `is ${quote(text)}, ${problem}`);
  }
  if (schema.format === formats.url && !isUrl(text)) {
    list.add(path, 'format', `is ${quote(text)}, which is no URL`);
  }
  return text;
}

function readOneOf(schema: OneOfSchema, value: unknown, path: string, list: BreachList): unknown {
  const { aliases } = leniencyOf(schema);
  const text = asText(value, path, list, false);
  if (text === undefined) return unusable;
  if (schema.enum.includes(text)) return text;
  const alias = aliases !== undefined && Object.hasOwn(aliases, text) ? aliases[text] : undefined;
  if (alias === text) return text;
  const wanted = text.trim().toLowerCase();
  const meant = alias ?? schema.enum.find((known) => known.toLowerCase() === wanted);
  const consequence = meant === undefined ? `specified are ${schema.enum.join(', ')}` : `read as ${meant}`;
  list.add(path, 'enum', `is ${quote(text)}; ${consequence}`);
  return meant ?? text;
}

function readInteger(schema: TInteger, value: unknown, path: string, list: BreachList): unknown {
  const number = asNumber(value, path, list, 'an integer');
  if (number === undefined) return unusable;
  const whole = Math.round(number);
  if (!Number.isSafeInteger(whole)) {
    list.add(path, 'range', 'is too large to be exact');
    return unusable;
  }
  if (whole !== number) list.add(path, 'type', `is ${number} where an integer is due`);
  if (whole < (schema.minimum ?? whole)) list.add(path, 'range', `is ${whole}, less than ${schema.minimum}`);
  // Without the minus of a rounded -0.4.
  return whole === 0 ? 0 : whole;
}

function readDecimal(value: unknown, path: string, list: BreachList): unknown {
  const number = asNumber(value, path, list, 'a number');
  if (number === undefined) return unusable;
  if (!hasOneDecimal(number)) list.add(path, 'precision', `is ${number}, more than one decimal`);
  return number;
}

function readBoolean(value: unknown, path: string, list: BreachList): unknown {
  if (typeof value === 'boolean') return value;
  list.add(path, 'type', `is ${typeName(value)} where true or false is due`);
  const text = String(typeof value === 'object' ? '' : value)
    .trim()
    .toLowerCase();
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : unusable;
}

function asText(value: unknown, path: string, list: BreachList, acceptJson = false): string | undefined {
  if (typeof value === 'string') return value;
  list.add(path, 'type', `is ${typeName(value)} where a text is due`);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return acceptJson && typeof value === 'object' ? JSON.stringify(value) : undefined;
}

function asNumber(value: unknown, path: string, list: BreachList, due: string): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  list.add(path, 'type', `is ${typeName(value)} where ${due} is due`);
  if (typeof value !== 'string' || !/^\s{0,9}[+-]?\d{1,20}(?:\.\d{0,20})?\s{0,9}$/.test(value))
    return undefined;
  return Number(value);
}

function isOneOf(schema: TSchema): schema is OneOfSchema {
  return KindGuard.IsKindOf(schema, kinds.oneOf);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
