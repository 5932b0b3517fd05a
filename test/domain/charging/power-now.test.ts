import { expect, it } from 'vitest';
import { powerNow } from '../../../src/domain/charging/power-now.js';
import type { OpenSample } from '../../../src/domain/charging/session-repositories.js';

const now = 10_000_000;

function sample(secondsAgo: number, values: Partial<OpenSample>): OpenSample {
  const at = now - secondsAgo * 1000;
  const none = { energyWh: null, powerW: null, soc: null };
  return { transactionId: 1, takenAt: at, receivedAt: at, ...none, ...values };
}

it.each<[string, OpenSample[], number | null]>([
  ['nothing', [], null],
  [
    'the last one that was measured',
    [sample(60, { powerW: 3000 }), sample(30, { powerW: 7000 }), sample(0, {})],
    7000,
  ],
  [
    'what was measured rather than derived',
    [sample(60, { energyWh: 0 }), sample(0, { energyWh: 100, powerW: 1 })],
    1,
  ],
  ['0, which is something', [sample(0, { powerW: 0 })], 0],
  ['what the registers come to', [sample(60, { energyWh: 1000 }), sample(0, { energyWh: 1120 })], 7200],
  [
    'the longer of two spans that are short',
    [sample(25, { energyWh: 950 }), sample(1, { energyWh: 1000 }), sample(0, { energyWh: 1000 })],
    7200,
  ],
  ['nothing from one register', [sample(0, { energyWh: 1000 })], null],
  ['nothing from a register that fell', [sample(60, { energyWh: 1000 }), sample(0, { energyWh: 900 })], null],
  ['nothing from what is long ago', [sample(1801, { powerW: 7000 })], null],
  ['what is not quite so long ago', [sample(1800, { powerW: 7000 })], 7000],
])('is %s', (_, samples, powerW) => {
  expect(powerNow(samples, now)).toBe(powerW);
});
