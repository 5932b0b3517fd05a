import type { FrameObserver } from '../../csms/station-connection.js';
import { readErrorCode, rpcErrorCodes } from '../../ocpp/rpc-error.js';
import { actions16 } from '../../ocpp/v16/actions.js';

/** Whatever a station calls its own: anybody can make up actions and codes, and every label is kept for ever. */
const other = 'other';

const directions = ['in', 'out'] as const;
const actions = [...Object.keys(actions16), other];
const results = ['call', 'result', 'malformed', ...rpcErrorCodes, other];
const actionIndices: ReadonlyMap<string, number> = new Map(actions.map((action, index) => [action, index]));
const resultIndices: ReadonlyMap<string, number> = new Map(results.map((result, index) => [result, index]));
const otherAction = actions.length - 1;
const otherResult = results.length - 1;

/** Upper bounds of the latencies that are told apart, s; the last bucket has none. */
export const latencyBounds = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const;
const buckets = latencyBounds.length + 1;

export interface FrameCount {
  readonly direction: 'in' | 'out';
  readonly action: string;
  readonly result: string;
  readonly count: number;
}

export interface AnswerLatency {
  readonly answeredBy: 'server' | 'station';
  readonly action: string;
  readonly sumS: number;
  /** Of each bucket alone, in the order of latencyBounds; the last has what is above them all. */
  readonly counts: readonly number[];
}

/** Frames and latencies by action. On the hot path: two additions in arrays that are there already. */
export class FrameCounts implements FrameObserver {
  readonly #frames = new Float64Array(directions.length * actions.length * results.length);
  readonly #latencies = new Float64Array(directions.length * actions.length * buckets);
  readonly #latencySumsMs = new Float64Array(directions.length * actions.length);

  frame(
    _stationId: string,
    direction: 'in' | 'out',
    kind: 'call' | 'result' | 'error' | 'other',
    action: string | undefined,
    _messageId: string | undefined,
    text: string,
    latencyMs: number | undefined,
  ): void {
    const actionIndex = action === undefined ? otherAction : (actionIndices.get(action) ?? otherAction);
    const row = (direction === 'in' ? 0 : actions.length) + actionIndex;
    add(this.#frames, row * results.length + resultIndex(kind, text), 1);
    if (latencyMs === undefined) return;
    // A clock that was set back makes no time negative.
    const ms = Math.max(0, latencyMs);
    add(this.#latencies, row * buckets + bucketOf(ms / 1000), 1);
    add(this.#latencySumsMs, row, ms);
  }

  /** Those that occurred. */
  *counts(): Generator<FrameCount> {
    for (const [row, direction, action] of rows()) {
      for (const [index, result] of results.entries()) {
        const count = this.#frames[row * results.length + index] ?? 0;
        if (count > 0) yield { direction, action, result, count };
      }
    }
  }

  *latencies(): Generator<AnswerLatency> {
    for (const [row, direction, action] of rows()) {
      const counts = [...this.#latencies.subarray(row * buckets, (row + 1) * buckets)];
      if (counts.every((count) => count === 0)) continue;
      const sumS = (this.#latencySumsMs[row] ?? 0) / 1000;
      yield { answeredBy: direction === 'in' ? 'station' : 'server', action, sumS, counts };
    }
  }
}

function* rows(): Generator<[row: number, direction: 'in' | 'out', action: string]> {
  let row = 0;
  for (const direction of directions) {
    for (const action of actions) {
      yield [row, direction, action];
      row += 1;
    }
  }
}

function add(array: Float64Array, index: number, value: number): void {
  array[index] = (array[index] ?? 0) + value;
}

const callIndex = results.indexOf('call');
const resultIndexOf = results.indexOf('result');
const malformedIndex = results.indexOf('malformed');

function resultIndex(kind: 'call' | 'result' | 'error' | 'other', text: string): number {
  switch (kind) {
    case 'call':
      return callIndex;
    case 'result':
      return resultIndexOf;
    case 'error':
      return resultIndices.get(errorCodeOf(text)) ?? otherResult;
    case 'other':
      return malformedIndex;
  }
}

/** Where the code of a CALLERROR is: behind an id, of which a station may send any length. */
const headMax = 300;
const callErrorHead = /^\s*\[\s*4\s*,\s*"(?:[^"\\]|\\.)*"\s*,\s*"([A-Za-z]+)"/;

function errorCodeOf(text: string): string {
  return readErrorCode(callErrorHead.exec(text.slice(0, headMax))?.[1] ?? other);
}

function bucketOf(seconds: number): number {
  let bucket = 0;
  for (const bound of latencyBounds) {
    if (seconds <= bound) break;
    bucket += 1;
  }
  return bucket;
}
