import { describe, expect, it } from 'vitest';
import { doubtEnergy, sessionEnergyMaxWh, sessionEnergyWh } from '../../../src/domain/charging/energy.js';

const session = (meterStartWh: number, meterStopWh: number | null, meterLastWh: number | null = null) => ({
  meterStartWh,
  meterStopWh,
  meterLastWh,
});

describe('sessionEnergyWh', () => {
  it.each([
    ['nothing metered yet', session(1000, null), 0],
    ['the latest reading while it runs', session(1000, null, 1500), 500],
    ['stop minus start', session(1000, 3000), 2000],
    ['the stop counts more than the last reading', session(1000, 3000, 9000), 2000],
    ['a register that ran backwards', session(3000, 1000), 0],
    ['a reading below the start', session(3000, null, 1000), 0],
  ])('%s', (_, registers, energyWh) => {
    expect(sessionEnergyWh(registers)).toBe(energyWh);
  });
});

describe('doubtEnergy', () => {
  it.each([
    ['while it runs', session(1000, null, 900_000_000), undefined],
    ['nothing charged', session(1000, 1000), undefined],
    ['as much as a car can take', session(0, sessionEnergyMaxWh), undefined],
    ['one more than that', session(0, sessionEnergyMaxWh + 1), /2000001 Wh is more than a car can take/],
    ['backwards', session(10, 9), /ran backwards, from 10 to 9 Wh/],
  ])('%s', (_, registers, doubt) => {
    if (doubt === undefined) expect(doubtEnergy(registers)).toBeUndefined();
    else expect(doubtEnergy(registers)).toMatch(doubt);
  });
});
