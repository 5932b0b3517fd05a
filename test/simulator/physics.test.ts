import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Meter } from '../../src/simulator/charging/meter.js';
import { type Limit, NO_LIMIT, type Outlet } from '../../src/simulator/charging/outlet.js';
import { randomVehicle, Vehicle, type VehicleOptions } from '../../src/simulator/charging/vehicle.js';
import { seededRandom } from '../../src/simulator/random.js';

const outlets = fc.oneof(
  fc.record({
    kind: fc.constant('ac' as const),
    phases: fc.constantFrom(1 as const, 3 as const),
    currentA: fc.constantFrom(16, 32),
  }),
  fc.record({ kind: fc.constant('dc' as const), powerW: fc.integer({ min: 20_000, max: 150_000 }) }),
);

const vehicles = fc.integer().map((seed) => randomVehicle(seededRandom(seed)));

const limits: fc.Arbitrary<Limit> = fc.oneof(
  fc.constant(NO_LIMIT),
  fc.record({
    currentA: fc.oneof(fc.constant(Infinity), fc.double({ min: 0, max: 40, noNaN: true })),
    powerW: fc.oneof(fc.constant(Infinity), fc.double({ min: 0, max: 160_000, noNaN: true })),
    phases: fc.constantFrom(1, 3),
  }),
);

const FULL_CAR: VehicleOptions = {
  batteryCapacityWh: 60_000,
  socPercent: 20,
  targetSocPercent: 100,
  acPhases: 3,
  acCurrentA: 16,
  dcPowerW: 100_000,
  rampMs: 5_000,
};

function run(outlet: Outlet, options: VehicleOptions): { meter: Meter; vehicle: Vehicle } {
  return {
    meter: new Meter({ outlet, random: seededRandom(1), energyWh: 500 }),
    vehicle: new Vehicle(options),
  };
}

describe('physics', () => {
  it('never goes backwards, never below zero, and adds up over the phases', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 120_000 }), limits), { maxLength: 30 });
    fc.assert(
      fc.property(outlets, vehicles, steps, (outlet, options, changes) => {
        const { meter, vehicle } = run(outlet, options);
        let energyWh = meter.read().energyWh;
        let socPercent = vehicle.socPercent;
        for (const [durationMs, limit] of changes) {
          meter.advance(durationMs, vehicle, limit);
          const reading = meter.read();
          expect(reading.energyWh).toBeGreaterThanOrEqual(energyWh);
          expect(vehicle.socPercent).toBeGreaterThanOrEqual(socPercent);
          expect(vehicle.socPercent).toBeLessThanOrEqual(100);
          expect(reading.powerW).toBeGreaterThanOrEqual(0);
          expect(reading.voltagesV).toHaveLength(reading.currentsA.length);
          const sum = reading.voltagesV.reduce(
            (total, voltage, phase) => total + voltage * (reading.currentsA[phase] ?? 0),
            0,
          );
          expect(sum).toBeCloseTo(reading.powerW, 3);
          for (const voltage of outlet.kind === 'ac' ? reading.voltagesV : []) {
            expect(Math.abs(voltage - 230)).toBeLessThan(10);
          }
          ({ energyWh } = reading);
          ({ socPercent } = vehicle);
        }
      }),
    );
  });

  it('counts the energy that the power says', () => {
    fc.assert(
      fc.property(outlets, vehicles, (outlet, options) => {
        const { meter, vehicle } = run(outlet, options);
        const startWh = meter.read().energyWh;
        let sumWh = 0;
        let beforeW = 0;
        for (let second = 0; second < 900; second += 1) {
          meter.advance(1_000, vehicle, NO_LIMIT);
          const { powerW } = meter.read();
          sumWh += (beforeW + powerW) / 2 / 3_600;
          beforeW = powerW;
        }
        expect(Math.abs(meter.read().energyWh - startWh - sumWh)).toBeLessThan(1);
      }),
      { numRuns: 30 },
    );
  });

  it('does not exceed a limit once the ramp is over', () => {
    fc.assert(
      fc.property(outlets, vehicles, limits, (outlet, options, limit) => {
        const { meter, vehicle } = run(outlet, options);
        meter.advance(30_000, vehicle, NO_LIMIT);
        meter.advance(30_000, vehicle, limit);
        const { powerW, currentsA } = meter.read();
        expect(powerW).toBeLessThanOrEqual(limit.powerW + 1e-6);
        if (outlet.kind === 'ac') {
          for (const currentA of currentsA) expect(currentA).toBeLessThanOrEqual(limit.currentA + 1e-9);
        }
      }),
    );
  });

  it('ramps up over seconds, holds, tapers above 80 % and ends', () => {
    const { meter, vehicle } = run({ kind: 'dc', powerW: 150_000 }, FULL_CAR);
    meter.advance(2_500, vehicle, NO_LIMIT);
    expect(meter.read().powerW).toBeCloseTo(50_000, 0);
    meter.advance(2_500, vehicle, NO_LIMIT);
    expect(meter.read().powerW).toBeCloseTo(100_000, 0);
    while (vehicle.socPercent < 78) meter.advance(10_000, vehicle, NO_LIMIT);
    expect(meter.read().powerW).toBeCloseTo(100_000, 0);
    while (vehicle.socPercent < 92) meter.advance(10_000, vehicle, NO_LIMIT);
    expect(meter.read().powerW).toBeLessThan(45_000);
    while (!vehicle.isFull) meter.advance(10_000, vehicle, NO_LIMIT);
    meter.advance(10_000, vehicle, NO_LIMIT);
    expect(meter.read().powerW).toBe(0);
  });

  it('stays within what car and outlet have in common', () => {
    const { meter, vehicle } = run({ kind: 'ac', phases: 3, currentA: 32 }, { ...FULL_CAR, acPhases: 1 });
    meter.advance(60_000, vehicle, NO_LIMIT);
    const { currentsA, voltagesV } = meter.read();
    expect(currentsA).toEqual([16, 0, 0]);
    expect(voltagesV).toHaveLength(3);
  });

  it('offers nothing below 6 A', () => {
    const { meter, vehicle } = run({ kind: 'ac', phases: 3, currentA: 16 }, FULL_CAR);
    const limit = { ...NO_LIMIT, currentA: 5.9 };
    meter.advance(60_000, vehicle, limit);
    expect(meter.read().powerW).toBe(0);
    expect(vehicle.isOffered({ kind: 'ac', phases: 3, currentA: 16 }, limit)).toBe(false);
    expect(vehicle.isOffered({ kind: 'ac', phases: 3, currentA: 16 }, { ...NO_LIMIT, currentA: 6 })).toBe(
      true,
    );
  });

  it('continues the register over sessions', () => {
    const { meter, vehicle } = run({ kind: 'ac', phases: 3, currentA: 16 }, FULL_CAR);
    meter.advance(3_600_000, vehicle, NO_LIMIT);
    meter.interrupt();
    const between = meter.read().energyWh;
    expect(between).toBeGreaterThan(11_000);
    expect(meter.read().powerW).toBe(0);
    meter.advance(3_600_000, undefined, NO_LIMIT);
    expect(meter.read().energyWh).toBe(between);
  });

  it('gives the same numbers for the same seed', () => {
    const readings = [1, 2].map(() => {
      const { meter, vehicle } = run({ kind: 'ac', phases: 3, currentA: 16 }, FULL_CAR);
      meter.advance(600_000, vehicle, NO_LIMIT);
      return meter.read();
    });
    expect(readings[0]).toEqual(readings[1]);
  });
});
