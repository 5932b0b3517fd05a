import { expect, it } from 'vitest';
import {
  joinSuspicions,
  lastingSuspicion,
  lostItsHardware,
  mistakenStop,
  replacedHardware,
  superseded,
} from '../../../src/domain/charging/suspicion.js';

it('names each reason once, and none when there is none', () => {
  expect(joinSuspicions(null, undefined, '')).toBeNull();
  expect(joinSuspicions('a; b', null, 'b', 'c')).toBe('a; b; c');
});

it('does not grow forever', () => {
  let suspicion: string | null = null;
  for (let meter = 0; meter < 1000; meter += 1) suspicion = joinSuspicions(suspicion, `stopped at ${meter}`);
  expect(suspicion).toHaveLength(500);
  expect(joinSuspicions(suspicion, 'one more')).toBe(suspicion);
});

it('lasts after the stop only when it does not say that the stop is missing', () => {
  const replaced = replacedHardware('A1', 'B2');
  expect(lastingSuspicion(joinSuspicions('1970', superseded, replaced, mistakenStop(7)))).toBe('1970');
  expect(lastingSuspicion(superseded)).toBeNull();
  expect(lastingSuspicion(null)).toBeNull();
  expect(lostItsHardware({ suspicion: joinSuspicions('1970', replaced) })).toBe(true);
  expect(lostItsHardware({ suspicion: superseded })).toBe(false);
});
