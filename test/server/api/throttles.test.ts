import { describe, expect, it } from 'vitest';
import { FailureDelay } from '../../../src/domain/failure-delay.js';
import { networkOf, plainAddress } from '../../../src/domain/network.js';
import { Recent } from '../../../src/domain/recent.js';
import { RateLimit } from '../../../src/server/api/rate-limit.js';
import { UnderWay } from '../../../src/server/api/under-way.js';

describe('a rate limit', () => {
  it('lets a burst through, then as many as fit into the time', () => {
    const limit = new RateLimit({ perSecond: 2, burst: 3 }, 10);
    expect([1, 2, 3].map(() => limit.take('a', 0))).toEqual([0, 0, 0]);
    expect(limit.take('a', 0)).toBe(500);
    expect(limit.take('a', 499)).toBe(1);
    expect(limit.take('a', 500)).toBe(0);
    expect(limit.take('a', 500)).toBe(500);
    expect(limit.take('b', 500)).toBe(0);
  });

  it('saves up no more than the burst', () => {
    const limit = new RateLimit({ perSecond: 2, burst: 3 }, 10);
    limit.take('a', 0);
    expect([1, 2, 3, 4].map(() => limit.take('a', 86_400_000) > 0)).toEqual([false, false, false, true]);
  });

  it('goes on when the clock is set back', () => {
    const limit = new RateLimit({ perSecond: 1, burst: 1 }, 10);
    limit.take('a', 86_400_000);
    expect(limit.take('a', 0)).toBe(1000);
    expect(limit.take('a', 1000)).toBe(0);
  });
});

describe('failures', () => {
  const options = { free: 5, firstMs: 1000, maxMs: 30_000, rememberedMax: 10 };

  it('cost nothing at first, then twice as much each time up to the most', () => {
    const delay = new FailureDelay(options);
    const waits = Array.from({ length: 12 }, () => {
      delay.failed('a', 0);
      return delay.waitMs('a', 0);
    });
    expect(waits).toEqual([0, 0, 0, 0, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    expect(delay.waitMs('a', 29_999)).toBe(1);
    expect(delay.waitMs('a', 30_000)).toBe(0);
    expect(delay.waitMs('b', 0)).toBe(0);
  });

  it('are forgotten after a quarter of an hour, and when told to', () => {
    const delay = new FailureDelay(options);
    for (let n = 0; n < 6; n += 1) delay.failed('a', 0);
    expect(delay.delayMs('a', 15 * 60_000 - 1)).toBe(2000);
    expect(delay.delayMs('a', 15 * 60_000)).toBe(0);
    delay.failed('a', 15 * 60_000);
    expect(delay.delayMs('a', 15 * 60_000)).toBe(0);
    for (let n = 0; n < 6; n += 1) delay.failed('b', 0);
    delay.forget('b');
    expect(delay.delayMs('b', 0)).toBe(0);
  });

  it('keep nobody waiting when the clock is set back', () => {
    const delay = new FailureDelay(options);
    for (let n = 0; n < 9; n += 1) delay.failed('a', 86_400_000);
    expect(delay.waitMs('a', 0)).toBe(0);
  });
});

it('what was seen lately has a limit: the one not seen for longest goes', () => {
  const recent = new Recent<number>(2);
  recent.set('a', 1);
  recent.set('b', 2);
  recent.set('a', 3);
  recent.set('c', 4);
  expect([recent.get('a'), recent.get('b'), recent.get('c'), recent.size]).toEqual([3, undefined, 4, 2]);
});

it('what is under way has a limit for each, and leaves nothing behind', () => {
  const underWay = new UnderWay(2);
  const [first, second] = [underWay.begin('a'), underWay.begin('a')];
  expect(underWay.begin('a')).toBeUndefined();
  expect(underWay.begin('b')).toBeDefined();
  first?.();
  first?.();
  const third = underWay.begin('a');
  expect(underWay.begin('a')).toBeUndefined();
  second?.();
  third?.();
  expect(underWay.size).toBe(1);
});

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
  [undefined, 'unknown'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

it('an IPv4 address is told as one', () => {
  expect(plainAddress('::ffff:192.0.2.7')).toBe('192.0.2.7');
  expect(plainAddress('2001:db8::1')).toBe('2001:db8::1');
});
