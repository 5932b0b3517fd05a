import type { Static } from '@sinclair/typebox';
import type { StreamOperation, UnaryOperation } from './operation.js';
import type { operations } from './registry.js';

type Operations = typeof operations;

export type UnaryName = {
  [N in keyof Operations]: Operations[N] extends UnaryOperation ? N : never;
}[keyof Operations];
export type StreamName = {
  [N in keyof Operations]: Operations[N] extends StreamOperation ? N : never;
}[keyof Operations];
export type Input<N extends keyof Operations> = Static<Operations[N]['input']>;
export type Output<N extends keyof Operations> = Static<Operations[N]['output']>;

/**
 * The fleet as a command sees it: a running server over its control socket, or the store opened by this process.
 * Errors are `FleetError` either way.
 */
export interface Fleet {
  /** Whether a server answers; false when this process opened the store itself. */
  readonly served: boolean;
  run<N extends UnaryName>(name: N, input: Input<N>): Promise<Output<N>>;
  stream<N extends StreamName>(name: N, input: Input<N>): AsyncIterable<Output<N>>;
  /** The same, as many at a time as come together. */
  batches<N extends StreamName>(name: N, input: Input<N>): AsyncIterable<readonly Output<N>[]>;
  close(): Promise<void>;
}
