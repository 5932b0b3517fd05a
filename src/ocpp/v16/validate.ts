import type { TObject } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import { RpcError } from '../rpc-error.js';
import {
  type ActionName16,
  type ActionSentBy,
  actions16,
  isActionName16,
  type ReceivedRequest16,
  type ReceivedResponse16,
  type Request16,
  type Response16,
  type Side16,
} from './actions.js';
import { type Breach, BreachList, codeOfRule, quote } from './breach.js';
import { readLeniently, unusable } from './lenient.js';

/** A message that was received: what it means, and where it departs from the specification. */
export interface Reading<Value> {
  readonly value: Value;
  readonly breaches: readonly Breach[];
}

type Part = 'request' | 'response';

/** A message of ours that must not be sent as it is: a mistake of this program, or of the person who wrote it. */
export class InvalidPayloadError extends Error {
  readonly action: ActionName16;
  readonly part: Part;
  /** JSON pointer to the first field in error; empty for the payload itself. */
  readonly path: string;
  readonly rule: Breach['rule'];
  /** What is wrong with that field, to be read after its name: `is missing`. */
  readonly detail: string;

  constructor(action: ActionName16, part: Part, breach: Breach) {
    super(`${action} ${part}: ${breach.path === '' ? 'payload' : breach.path} ${breach.detail}`);
    this.name = 'InvalidPayloadError';
    this.action = action;
    this.part = part;
    this.path = breach.path;
    this.rule = breach.rule;
    this.detail = breach.detail;
  }
}

/**
 * The action that `sender` wants to begin.
 * @throws RpcError NotImplemented (no such action; names are case-sensitive, OCPP-J 1.6 §4.2.1) or NotSupported (the
 *   action exists, but is not that side's to begin)
 */
export function requireAction<Side extends Side16>(name: string, sender: Side): ActionSentBy<Side> {
  if (!isActionName16(name))
    throw new RpcError('NotImplemented', `There is no action ${quote(name)} in OCPP 1.6`);
  if (!isSentBy(name, sender))
    throw new RpcError('NotSupported', `${name} is not sent by the ${sender} side`);
  return name;
}

/**
 * Reads a request of the other side, leniently (lenient.ts): what can be understood is accepted, and every deviation is
 * reported. A correct payload is returned as it is, without copying.
 *
 * @throws RpcError to answer when the payload makes no sense; its description names the field
 */
export function readRequest<Action extends ActionName16>(
  action: Action,
  payload: unknown,
): Reading<ReceivedRequest16<Action>> {
  return read<ReceivedRequest16<Action>>(action, 'request', payload);
}

/**
 * Reads the other side's answer to `action`, as `readRequest` does.
 * @throws RpcError when the answer makes no sense
 */
export function readResponse<Action extends ActionName16>(
  action: Action,
  payload: unknown,
): Reading<ReceivedResponse16<Action>> {
  return read<ReceivedResponse16<Action>>(action, 'response', payload);
}

/**
 * Checks a request that is to be sent, strictly.
 * @throws InvalidPayloadError naming the first field in error
 */
export function checkRequest<Action extends ActionName16>(
  action: Action,
  payload: unknown,
): Request16<Action> {
  return check<Request16<Action>>(action, 'request', payload);
}

/**
 * Checks an answer that is to be sent, strictly.
 * @throws InvalidPayloadError naming the first field in error
 */
export function checkResponse<Action extends ActionName16>(
  action: Action,
  payload: unknown,
): Response16<Action> {
  return check<Response16<Action>>(action, 'response', payload);
}

const noBreaches: readonly Breach[] = Object.freeze([]);

function read<Value>(action: ActionName16, part: Part, payload: unknown): Reading<Value> {
  const check = strictCheck(action, part);
  if (conforms<Value>(check, payload)) return { value: payload, breaches: noBreaches };
  const list = new BreachList();
  const value = readLeniently(schemaOf(action, part), payload ?? {}, '', list);
  if (isReadable<Value>(value)) return { value, breaches: list.breaches };
  const breach = problemOf(payload, list.last, check);
  const place = breach.path === '' ? 'payload' : breach.path;
  const details = { path: breach.path, rule: breach.rule };
  throw new RpcError(codeOfRule(breach.rule), `${action} ${part}: ${place} ${breach.detail}`, details);
}

function check<Value>(action: ActionName16, part: Part, payload: unknown): Value {
  const check = strictCheck(action, part);
  if (conforms<Value>(check, payload)) return payload;
  const list = new BreachList();
  readLeniently(schemaOf(action, part), payload, '', list);
  throw new InvalidPayloadError(action, part, problemOf(payload, list.breaches[0], check));
}

/** The breach to name. The strict check alone knows what the lenient reader takes for correct, such as Hertz. */
function problemOf(payload: unknown, found: Breach | undefined, check: TypeCheck<TObject>): Breach {
  if (found !== undefined) return found.path === '' ? { ...found, rule: 'payload' } : found;
  const error = check.Errors(payload).First();
  return {
    path: error?.path ?? '',
    rule: 'enum',
    detail: `is ${quote(String(error?.value))}, which may not be sent`,
  };
}

interface Checks {
  request: TypeCheck<TObject> | undefined;
  response: TypeCheck<TObject> | undefined;
}

const compiled = new Map<ActionName16, Checks>();

/** Compiled on first use: a process rarely needs more than a few of the 78 schemas, and each costs up to a millisecond or two. */
function strictCheck(action: ActionName16, part: Part): TypeCheck<TObject> {
  let checks = compiled.get(action);
  if (checks === undefined) {
    checks = { request: undefined, response: undefined };
    compiled.set(action, checks);
  }
  checks[part] ??= TypeCompiler.Compile(schemaOf(action, part));
  return checks[part];
}

function schemaOf(action: ActionName16, part: Part): TObject {
  return actions16[action][part];
}

/** `Value` is the static type of the schema that `check` was compiled from. */
function conforms<Value>(check: TypeCheck<TObject>, payload: unknown): payload is Value {
  return check.Check(payload);
}

function isReadable<Value>(value: unknown): value is Value {
  return value !== unusable;
}

function isSentBy<Side extends Side16>(name: ActionName16, side: Side): name is ActionSentBy<Side> {
  const { sender } = actions16[name];
  return sender === side || sender === 'both';
}
