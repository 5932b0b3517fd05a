import { type Static, Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import { nearest } from '../../domain/nearest.js';
import { actionNames } from '../../domain/ocpp-actions.js';
import {
  type MessageQuery,
  type MessageRecord,
  messageTypes,
  type RecordedMessage,
} from '../../domain/station/message-record.js';
import { staff } from '../access.js';
import { fieldsOf, listQuery, matcherOf } from '../list.js';
import { stream } from '../operation.js';
import { instant, nullable, oneOf, toIso } from '../shared.js';

const messageView = Type.Object({
  time: instant,
  stationId: nullable(Type.String()),
  direction: nullable(oneOf('in', 'out')),
  type: oneOf(...messageTypes),
  action: nullable(Type.String()),
  messageId: nullable(Type.String()),
  /**
   * Of calls and results their payload, of errors `{code, description, details}`; `{raw}` of what is no message of
   * OCPP, with `cutFrom` when only the beginning was recorded; of gaps `{messages, reason}`.
   */
  payload: Type.Unknown(),
  latencyMs: nullable(Type.Integer()),
  /** The frame on one line, as it was on the wire but for secrets; only where it was asked for. */
  frame: Type.Optional(Type.String()),
});
export type MessageView = Static<typeof messageView>;

/** What lists of messages can be narrowed and sorted by. */
export const messageFields = fieldsOf(messageView).filter((field) => field !== 'frame');

/** Beyond the year 9999 an instant has no form that compares as text. */
const instantInput = Type.Integer({ minimum: 0, maximum: Date.UTC(9999, 11, 31, 23, 59, 59, 999) });

const messageFilter = {
  stationId: Type.Optional(Type.String()),
  action: Type.Optional(Type.String()),
  direction: Type.Optional(oneOf('in', 'out')),
  type: Type.Optional(oneOf(...messageTypes)),
  messageId: Type.Optional(Type.String()),
  /** Milliseconds since the epoch. */
  from: Type.Optional(instantInput),
  /** Exclusive. */
  to: Type.Optional(instantInput),
  /** Only the last so many. */
  limit: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Whether to give `frame` too. */
  frames: Type.Optional(Type.Boolean()),
};

const followInput = Type.Object(messageFilter);
const messageInput = Type.Object({ ...messageFilter, filter: listQuery.filter });
export type MessageInput = Static<typeof messageInput>;

export const messageOperations = {
  'message.list': stream({
    summary: 'The OCPP messages that match, oldest first',
    access: staff,
    effect: 'read',
    input: messageInput,
    output: messageView,
    run: ({ messages, signal }, input) => listMessages(messages, input, signal),
  }),

  'message.follow': stream({
    summary: 'The OCPP messages that match, then those that come',
    access: staff,
    effect: 'read',
    live: true,
    input: followInput,
    output: messageView,
    async *run({ messages, signal }, { frames, ...filter }) {
      for await (const batch of messages.follow(toQuery(filter), signal)) yield toViews(batch, frames);
    },
  }),
};

/** As `message.list`; needs nothing but the record. */
export async function* listMessages(
  record: MessageRecord,
  { frames, filter, limit, ...query }: MessageInput,
  signal: AbortSignal,
): AsyncGenerator<MessageView[]> {
  const matches = matcherOf(filter, messageFields);
  // What the record cannot tell apart, it cannot count either.
  const isCounted = filter === undefined && limit !== undefined;
  const batches = record.list(toQuery({ ...query, ...(isCounted && { limit }) }), signal);
  const last: MessageView[] = [];
  for await (const batch of batches) {
    const views = toViews(batch, frames).filter(matches);
    if (filter === undefined || limit === undefined) yield views;
    else {
      last.push(...views);
      last.splice(0, last.length - limit);
    }
  }
  if (last.length > 0) yield last;
}

function toQuery({ action, ...filter }: Omit<MessageInput, 'frames' | 'filter'>): MessageQuery {
  return { ...filter, ...(action !== undefined && { action: findAction(action) }) };
}

/** @throws FleetError USAGE when OCPP has no such action */
function findAction(typed: string): string {
  const wanted = typed.toLowerCase();
  const action = actionNames.find((name) => name.toLowerCase() === wanted);
  if (action !== undefined) return action;
  const near = nearest(typed, actionNames);
  throw new FleetError('USAGE', `OCPP 1.6 has no action ${JSON.stringify(typed)}.`, {
    suggestions: near === undefined ? [] : [`Did you mean ${near}?`],
  });
}

function toViews(messages: readonly RecordedMessage[], frames = false): MessageView[] {
  return messages.map((message) => {
    const { time, stationId, direction, type, action, messageId, latencyMs, frame } = message;
    const payload = payloadOf(message);
    const view = { time: toIso(time), stationId, direction, type, action, messageId, payload, latencyMs };
    return frames ? { ...view, frame } : view;
  });
}

function payloadOf({ type, frame, cutFrom }: RecordedMessage): unknown {
  if (cutFrom !== null) return { raw: frame, cutFrom };
  if (type === 'other') return { raw: frame };
  let content: unknown;
  try {
    content = JSON.parse(frame);
  } catch {
    return { raw: frame };
  }
  if (type === 'gap') return content;
  const elements: readonly unknown[] = Array.isArray(content) ? content : [];
  switch (type) {
    case 'call':
      return elements[3] ?? {};
    case 'result':
      return elements[2] ?? {};
    case 'error':
      return { code: elements[2] ?? null, description: elements[3] ?? '', details: elements[4] ?? {} };
  }
}
