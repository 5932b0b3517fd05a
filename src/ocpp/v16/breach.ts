import type { RpcErrorCode } from '../rpc-error.js';

export type BreachRule =
  /** a required field is missing or null */
  | 'required'
  /** the wrong JSON type */
  | 'type'
  /** not one of the specified values */
  | 'enum'
  /** too long, or a list with too few elements */
  | 'length'
  /** a time or URL not written as it should be */
  | 'format'
  /** a number outside its limits */
  | 'range'
  /** more than one decimal */
  | 'precision'
  /** a field that the message does not have */
  | 'unknown-field'
  /** the payload is no object */
  | 'payload';

/** One deviation from the specification in a message: what the peer's vendor has to know. */
export interface Breach {
  /** JSON pointer (RFC 6901) into the payload; empty for the payload itself. */
  readonly path: string;
  readonly rule: BreachRule;
  /** To be read after the field's name: `is missing`, `has 26 characters, at most 20 are allowed`. */
  readonly detail: string;
}

/** Breaches kept of one message: a station with one habit has it in each of its ten thousand samples. */
export const maxBreaches = 32;

/** Collects breaches; the newest is known even when there are too many to keep. */
export class BreachList {
  readonly breaches: Breach[] = [];
  last: Breach | undefined;

  add(path: string, rule: BreachRule, detail: string): void {
    this.last = { path, rule, detail };
    if (this.breaches.length < maxBreaches) this.breaches.push(this.last);
  }
}

const codes: Readonly<Record<BreachRule, RpcErrorCode>> = {
  required: 'OccurenceConstraintViolation',
  type: 'TypeConstraintViolation',
  enum: 'PropertyConstraintViolation',
  length: 'PropertyConstraintViolation',
  format: 'PropertyConstraintViolation',
  range: 'PropertyConstraintViolation',
  precision: 'PropertyConstraintViolation',
  'unknown-field': 'FormationViolation',
  payload: 'FormationViolation',
};

/** The CALLERROR code for a breach that cannot be lived with (OCPP-J 1.6 §4.2.3). */
export function codeOfRule(rule: BreachRule): RpcErrorCode {
  return codes[rule];
}

/** A field name as one step of a JSON pointer, shortened: it comes from outside. */
export function pointerStep(name: string): string {
  return `/${name.slice(0, 50).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A value for a message to a person, shortened. */
export function quote(value: string): string {
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}

/** The JSON type of a value with its article. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'object':
      return 'an object';
    case 'string':
      return 'a text';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    default:
      return 'no JSON value';
  }
}
