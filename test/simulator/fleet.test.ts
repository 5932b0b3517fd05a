import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TagPool } from '../../src/simulator/charging/tag-pool.js';
import { runSimulation, type SimulationOptions, stationIdentity } from '../../src/simulator/fleet.js';
import type { SimulationSnapshot, SimulationSummary } from '../../src/simulator/fleet-statistics.js';
import { LatencyHistogram } from '../../src/simulator/latency-histogram.js';
import { seededRandom } from '../../src/simulator/random.js';
import { FakeClock } from './fake-clock.js';
import { ScriptedCentral } from './scripted-central.js';

let central: ScriptedCentral;
let clock: FakeClock;
const abort = () => new AbortController();

beforeEach(async () => {
  central = await ScriptedCentral.start();
  clock = new FakeClock();
});

afterEach(async () => {
  await central.stop();
  expect(central.breaches).toEqual([]);
  expect(clock.pending).toBe(0);
});

function simulate(options: Partial<SimulationOptions> = {}): Promise<SimulationSummary> {
  return runSimulation({
    url: central.url,
    stations: 3,
    connectors: 1,
    speed: 60,
    tags: ['TAG-1', 'TAG-2', 'TAG-3'],
    clock,
    signal: abort().signal,
    configuration: { WebSocketPingInterval: '0' },
    ...options,
  });
}

/** Turns the clock in small steps while sockets get their turns, until the simulation is over. */
async function play(simulation: Promise<SimulationSummary>, stepMs = 50): Promise<SimulationSummary> {
  let over = false;
  const mark = (): void => {
    over = true;
  };
  simulation.then(mark, mark);
  while (!over) {
    clock.advance(stepMs);
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  return simulation;
}

describe('a simulation', () => {
  it('runs the sessions asked for, and sums them up', async () => {
    const summary = await play(
      simulate({ sessions: 2, connectors: 2, tags: ['A', 'B', 'C', 'D', 'E', 'F'] }),
    );
    expect(summary).toMatchObject({
      stations: 3,
      connected: 3,
      accepted: 3,
      charging: 0,
      sessionsStarted: 12,
      sessionsEnded: 12,
      sessionsRefused: 0,
      errors: {},
      unreachable: [],
    });
    const stops = central.payloads('StopTransaction');
    expect(stops).toHaveLength(12);
    const starts = central.payloads('StartTransaction');
    const energyWh = [
      ...stops.map((one) => Number(one.meterStop)),
      ...starts.map((one) => -Number(one.meterStart)),
    ];
    expect(summary.energyKwh).toBeCloseTo(energyWh.reduce((sum, one) => sum + one, 0) / 1_000, 3);
    expect(summary.energyKwh).toBeGreaterThan(10);
    expect(summary.latency.answers).toBeGreaterThan(50);
    expect(new Set(central.received.map((one) => one.identity))).toEqual(
      new Set(['SIM-001', 'SIM-002', 'SIM-003']),
    );
    expect(central.closed.slice(-3)).toEqual([1000, 1000, 1000]);
  });

  it('sends a car to a connector that was started from afar, with the tag of whoever did that', async () => {
    const stop = abort();
    const simulation = simulate({ stations: 1, speed: 1, signal: stop.signal });
    await central.nth('StatusNotification', 2);
    const start = { connectorId: 1, idTag: 'REMOTE' };
    const answered = central.call('SIM-001', 'RemoteStartTransaction', start);
    let begun: unknown;
    void central.nth('StartTransaction', 1).then((payload) => {
      begun = payload;
      stop.abort();
    });
    await play(simulation);
    expect([await answered, begun]).toMatchObject([{ payload: { status: 'Accepted' } }, { idTag: 'REMOTE' }]);
  });

  it('brings stations up one after the other', async () => {
    const stop = abort();
    const simulation = simulate({ stations: 30, signal: stop.signal });
    const seen: number[] = [];
    for (let ms = 0; ms < 1_000; ms += 100) {
      clock.advance(100);
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      seen.push(central.handshakes.length);
    }
    stop.abort();
    await play(simulation);
    expect(seen[0]).toBeLessThan(10);
    expect(seen.at(-1)).toBe(30);
  });

  it('stops running sessions when it is aborted', async () => {
    const stop = abort();
    const snapshots: SimulationSnapshot[] = [];
    const summary = await play(
      simulate({
        signal: stop.signal,
        onProgress: (snapshot) => {
          snapshots.push(snapshot);
          if (snapshot.charging === 3) stop.abort();
        },
      }),
    );
    expect(summary).toMatchObject({ connected: 3, charging: 0, sessionsStarted: 3, sessionsEnded: 3 });
    expect(central.payloads('StopTransaction').map((one) => one.reason)).toEqual(['Local', 'Local', 'Local']);
    expect(snapshots[0]).toMatchObject({ connected: 0, elapsedMs: 0 });
    expect(snapshots[1]?.elapsedMs).toBe(1_000);
    expect(snapshots.at(-1)?.energyKwh).toBeGreaterThan(0);
  });

  it('drops them when told so, and ends after its time', async () => {
    const summary = await play(simulate({ durationMs: 20_000, onAbort: 'drop' }));
    expect(summary.sessionsStarted).toBe(3);
    expect(central.payloads('StopTransaction').length).toBe(summary.sessionsEnded);
    expect(summary.sessionsEnded).toBeLessThan(3);
    expect(summary.elapsedMs).toBeGreaterThanOrEqual(20_000);
  });

  it('counts refused tags and errors', async () => {
    central.on('Authorize', ({ idTag }) => ({
      idTagInfo: { status: idTag === 'BAD' ? 'Blocked' : 'Accepted' },
    }));
    central.on('StatusNotification', () => ({ error: 'InternalError' }));
    const summary = await play(simulate({ stations: 1, sessions: 1, tags: ['BAD'] }));
    expect(summary).toMatchObject({ sessionsStarted: 0, sessionsRefused: 1 });
    expect(summary.errors['CALLERROR InternalError']).toBeGreaterThan(2);
  });

  it('gives up when no station is let in, and says why', async () => {
    central.refuseWith = 404;
    const summary = await play(simulate({ connectAttempts: 3 }), 500);
    expect(summary.unreachable).toEqual([
      {
        reason: 'HTTP 404',
        description: 'the central system does not know this station: it is not in the topology',
        stations: 3,
        examples: ['SIM-001', 'SIM-002', 'SIM-003'],
      },
    ]);
    expect(central.handshakes).toHaveLength(9);
  });

  it('gives up waiting for acceptance when the sessions are counted', async () => {
    central.on('BootNotification', () => ({
      status: 'Pending',
      currentTime: '2026-03-01T12:00:00Z',
      interval: 30,
    }));
    const summary = await play(simulate({ sessions: 1 }), 500);
    expect(summary.unreachable).toMatchObject([{ reason: 'Pending', stations: 3 }]);
    expect(summary.elapsedMs).toBeGreaterThanOrEqual(60_000);
  });

  it('ends at once when it is aborted before it began', async () => {
    const summary = await simulate({ signal: AbortSignal.abort() });
    expect(summary).toMatchObject({ connected: 0, sessionsStarted: 0 });
  });

  it('refuses impossible options', async () => {
    await expect(simulate({ tags: [] })).rejects.toThrow(RangeError);
    await expect(simulate({ tags: ['A'.repeat(21)] })).rejects.toThrow(RangeError);
    await expect(simulate({ stations: 0 })).rejects.toThrow(RangeError);
    await expect(simulate({ connectors: 0 })).rejects.toThrow(RangeError);
    await expect(simulate({ speed: 0 })).rejects.toThrow(RangeError);
  });

  it('repeats itself with the same seed', async () => {
    const registers: unknown[] = [];
    for (const identity of ['A-', 'B-']) {
      await play(simulate({ stations: 1, sessions: 1, seed: 5, idPrefix: identity }));
      registers.push(central.payloads('StartTransaction').at(-1)?.meterStart);
    }
    expect(registers[0]).toBe(registers[1]);
  });
});

describe('identities', () => {
  it('sort as text', () => {
    expect(stationIdentity('SIM-', 0, 10)).toBe('SIM-001');
    expect(stationIdentity('SIM-', 41, 5_000)).toBe('SIM-0042');
  });
});

describe('tags', () => {
  it('are not used twice while there are enough', () => {
    const pool = new TagPool(['A', 'B'], seededRandom(1));
    const taken = [pool.take(), pool.take()];
    expect(new Set(taken).size).toBe(2);
    expect(['A', 'B']).toContain(pool.take());
    pool.giveBack('A');
  });
});

describe('the latency histogram', () => {
  it('is exact for short times and within 5 % for long ones', () => {
    const histogram = new LatencyHistogram();
    expect(histogram.quantile(0.5)).toBe(0);
    for (let ms = 1; ms <= 1_000; ms += 1) histogram.add(ms);
    expect(histogram.quantile(0.01)).toBe(10);
    expect(histogram.quantile(0.5)).toBeGreaterThanOrEqual(500);
    expect(histogram.quantile(0.5)).toBeLessThanOrEqual(526);
    expect(histogram.quantile(1)).toBeLessThanOrEqual(1_051);
    histogram.add(1e12);
    histogram.add(-5);
    expect(histogram.count).toBe(1_002);
  });
});
