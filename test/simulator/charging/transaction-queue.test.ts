import { describe, expect, it } from 'vitest';
import { Background } from '../../../src/simulator/background.js';
import {
  QUEUE_LIMIT,
  type TransactionAction,
  TransactionQueue,
} from '../../../src/simulator/charging/transaction-queue.js';
import { Timers } from '../../../src/simulator/timers.js';
import { FakeClock } from '../fake-clock.js';

/** A queue that is offline until `isOnline` is set, and what it sent. */
function stage() {
  const sent: string[] = [];
  const line = { isOnline: false };
  const background = new Background((error) => {
    throw error;
  });
  const queue = new TransactionQueue({
    timers: new Timers(new FakeClock()),
    isReady: () => line.isOnline,
    attempts: () => 1,
    retryIntervalMs: () => 0,
    onChange: () => undefined,
    background: background.run,
  });
  const push = (action: TransactionAction, name: string): void =>
    queue.push({
      action,
      send: () => {
        sent.push(name);
        return Promise.resolve({});
      },
    });
  return { queue, push, sent, line, background };
}

describe('the queue of transaction messages', () => {
  it('gives up the oldest meter values when it is full, never starts and stops', async () => {
    const { queue, push, sent, line, background } = stage();
    push('StartTransaction', 'start');
    for (let index = 1; index < QUEUE_LIMIT; index += 1) push('MeterValues', `values ${index}`);
    expect(queue.size).toBe(QUEUE_LIMIT);
    push('MeterValues', 'one more');
    push('StopTransaction', 'stop');
    expect(queue.size).toBe(QUEUE_LIMIT);
    line.isOnline = true;
    queue.reconnected();
    await background.idle();
    expect(sent.slice(0, 2)).toEqual(['start', 'values 3']);
    expect(sent.slice(-2)).toEqual(['one more', 'stop']);
    expect(queue.size).toBe(0);
  });

  it('takes no new transactions when starts and stops alone nearly fill it, but still ends what runs', () => {
    const { queue, push } = stage();
    while (queue.hasRoom) push('StopTransaction', 'stop');
    expect(queue.size).toBe(QUEUE_LIMIT - 100);
    for (let index = 0; index < 200; index += 1) push('MeterValues', 'values');
    expect(queue.size).toBe(QUEUE_LIMIT);
    for (let index = 0; index < 100; index += 1) push('StopTransaction', 'stop');
    push('MeterValues', 'dropped');
    expect(queue.size).toBe(QUEUE_LIMIT);
  });
});
