import {
  FormatRegistry,
  Kind,
  type TArray,
  type TInteger,
  type TObject,
  type TProperties,
  type TSchema,
  type TString,
  type TUnsafe,
  Type,
  TypeRegistry,
} from '@sinclair/typebox';
import { isStrictTime } from './time.js';

/**
 * What the lenient reader (lenient.ts) may do about one field. Written beside the field so that each default stands
 * where the field is described; the strict check knows nothing of it.
 */
export interface Leniency {
  /** The value of a required field that is missing. */
  readonly whenMissing?: string | number | boolean | readonly [];
  /** The value of a required field that is missing or makes no sense. */
  readonly whenUnusable?: string | number | boolean | readonly [];
  /** A required field that is left out when it is missing or makes no sense. */
  readonly mayStayMissing?: true;
  /** Elements of a list that make no sense are left out instead of refusing the whole message. */
  readonly dropBadItems?: true;
  /** Objects and lists are accepted where a text is due, as their JSON. */
  readonly acceptJson?: true;
  /** Values beyond the enumeration: read as the value given here; no breach when that is the same. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/** The leniency that a schema was made with. */
export function leniencyOf(schema: TSchema): Leniency {
  return schema as Leniency;
}

export const kinds = { oneOf: 'Ocpp:OneOf', oneDecimal: 'Ocpp:OneDecimal' } as const;
export const formats = { time: 'ocpp-date-time', url: 'ocpp-uri' } as const;

/** An enumeration: JSON Schema's `enum`, which TypeBox itself has only as a union of literals. */
export interface OneOfSchema extends TSchema {
  readonly enum: readonly string[];
}

// The registries are global to the process, hence names of our own.
TypeRegistry.Set<OneOfSchema>(
  kinds.oneOf,
  (schema, value) => typeof value === 'string' && schema.enum.includes(value),
);
TypeRegistry.Set<TSchema>(kinds.oneDecimal, (_, value) => typeof value === 'number' && hasOneDecimal(value));
FormatRegistry.Set(formats.time, isStrictTime);
FormatRegistry.Set(formats.url, isUrl);

/** The object of a request, an answer or a part of one: no other fields than these. */
export function message<Fields extends TProperties>(fields: Fields): TObject<Fields> {
  return Type.Object(fields, { additionalProperties: false });
}

/** The CiString types of OCPP 1.6 §7: case does not count, the length is limited. */
export function text(maxLength: number, leniency: Leniency = {}): TString {
  return Type.String({ ...leniency, maxLength });
}

/** A text for which the specification names no limit. */
export function unlimitedText(leniency: Leniency = {}): TString {
  return Type.String({ ...leniency });
}

/** A JSON integer that a JavaScript number holds exactly. */
export function integer(leniency: Leniency & { minimum?: number } = {}): TInteger {
  return Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, ...leniency });
}

/** An enumeration. Other values are a breach that can be read all the same. */
export function oneOf<const Values extends readonly string[]>(
  values: Values,
  leniency: Leniency = {},
): TUnsafe<Values[number]> {
  return Type.Unsafe<Values[number]>({ ...leniency, [Kind]: kinds.oneOf, type: 'string', enum: values });
}

/**
 * A number with at most one decimal. `multipleOf: 0.1` would refuse a third of them (0.3, 0.6, 1.4 …), because they
 * are no binary fractions; hence a tolerance.
 */
export function oneDecimal(): TUnsafe<number> {
  return Type.Unsafe<number>({ [Kind]: kinds.oneDecimal, type: 'number' });
}

/** A dateTime as RFC 3339 has it, complete and with a zone; what stations write instead is read by `parseTime`. */
export function time(leniency: Leniency = {}): TString {
  return Type.String({ ...leniency, format: formats.time });
}

/** An anyURI, absolute. */
export function url(): TString {
  return Type.String({ format: formats.url });
}

/** As many items as `minItems` at least; how many at most is the limit of the frame. */
export function listOf<Item extends TSchema>(
  item: Item,
  options: Leniency & { minItems?: number } = {},
): TArray<Item> {
  return Type.Array(item, options);
}

/** Whether a number has at most one decimal, binary rounding aside. */
export function hasOneDecimal(value: number): boolean {
  const tenfold = value * 10;
  return Number.isFinite(value) && Math.abs(tenfold - Math.round(tenfold)) < 1e-6;
}

/** An absolute URL. RFC 3986 characters only: stations hand the text to whatever download library they have. */
export function isUrl(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:[!#$%&'()*+,\-./0-9:;=?@A-Z[\]_a-z~]+$/i.test(value) && URL.canParse(value);
}
