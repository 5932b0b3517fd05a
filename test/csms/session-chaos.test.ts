import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sessionEnergyMaxWh } from '../../src/domain/charging/energy.js';
import type { SessionView } from '../../src/operations/charging/session-view.js';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';

/** What one car does at a connector, by the station's meter and clock. */
interface Charge {
  readonly connector: number;
  readonly startMinute: number;
  readonly minutes: number;
  readonly meterStart: number;
  readonly energyWh: number;
}

/**
 * One thing that happens, to one of the charges. `known` is a message with the transaction id that the station got;
 * it does not know one before its start was answered, and sends -1 then, as it does when it forgot (`forgetful`).
 */
type Step =
  | { readonly kind: 'start' | 'meter' | 'stop' | 'forgetful'; readonly charge: number }
  | { readonly kind: 'reconnect' | 'restart' };

const charges = fc.array(
  fc.record({ minutes: fc.integer({ min: 1, max: 600 }), energyWh: fc.integer({ min: 1, max: 90_000 }) }),
  { minLength: 1, maxLength: 4 },
);

const steps = fc.array(
  fc.oneof(
    {
      weight: 60,
      arbitrary: fc.record({
        kind: fc.constantFrom('start' as const, 'meter' as const, 'stop' as const, 'forgetful' as const),
        charge: fc.nat({ max: 3 }),
      }),
    },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('reconnect' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  ),
  { maxLength: 24 },
);

const firstDay = Date.UTC(2026, 4, 1);

/** Two connectors, one car after the other on each, each register going on where the last car left it. */
function plan(drawn: readonly { minutes: number; energyWh: number }[]): Charge[] {
  const next = [
    { minute: 0, meter: 1000 },
    { minute: 7, meter: 500_000 },
  ];
  return drawn.map(({ minutes, energyWh }, index) => {
    const connector = index % 2;
    const { minute, meter } = next[connector] ?? { minute: 0, meter: 0 };
    next[connector] = { minute: minute + minutes + 5, meter: meter + energyWh };
    return { connector: connector + 1, startMinute: minute, minutes, meterStart: meter, energyWh };
  });
}

const time = (minute: number) => new Date(firstDay + minute * 60_000).toISOString();

/** Plays one story at a station of its own. */
class Story {
  readonly #server: TestServer;
  readonly #id: string;
  readonly #charges: readonly Charge[];
  /** Transaction ids that the station was told, by charge. */
  readonly known = new Map<number, number>();
  readonly started = new Set<number>();
  /** Charges of which the station said with the right id how they ended. */
  readonly stoppedTruly = new Set<number>();
  readonly stopped = new Set<number>();
  #station: ScriptedStation | undefined;

  constructor(server: TestServer, id: string, charges: readonly Charge[]) {
    this.#server = server;
    this.#id = id;
    this.#charges = charges;
  }

  async play(story: readonly Step[]): Promise<void> {
    await this.#server.add(this.#id, { connectors: 2 });
    for (const step of story) {
      if ('charge' in step) await this.#say(step.kind, step.charge % this.#charges.length);
      else if (step.kind === 'restart') await this.#restart();
      else this.#leave();
    }
    this.#leave();
  }

  #leave(): void {
    this.#station?.cut();
    this.#station = undefined;
  }

  async #restart(): Promise<void> {
    this.#leave();
    await this.#server.restart();
  }

  async #say(kind: 'start' | 'meter' | 'stop' | 'forgetful', index: number): Promise<void> {
    const charge = this.#charges[index];
    if (!charge) return;
    this.#station ??= await this.#server.connect(this.#id);
    const { connector: connectorId, startMinute, minutes, meterStart, energyWh } = charge;
    const transactionId = kind === 'forgetful' ? undefined : this.known.get(index);
    if (kind === 'start') {
      const start = { connectorId, idTag: 'TAG1', meterStart, timestamp: time(startMinute) };
      const answer = await this.#station.call('StartTransaction', start);
      this.known.set(index, Number(answer.transactionId));
      this.started.add(index);
    } else if (kind === 'meter') {
      const sampledValue = [{ value: String(meterStart + energyWh / 2) }];
      const meterValue = [{ timestamp: time(startMinute + minutes / 2), sampledValue }];
      const about = transactionId === undefined ? {} : { transactionId };
      expect(await this.#station.call('MeterValues', { connectorId, ...about, meterValue })).toEqual({});
    } else {
      const meterStop = meterStart + energyWh;
      const stop = { transactionId: transactionId ?? -1, meterStop, timestamp: time(startMinute + minutes) };
      expect(await this.#station.call('StopTransaction', stop)).toEqual({});
      this.stopped.add(index);
      if (transactionId !== undefined) this.stoppedTruly.add(index);
    }
  }

  /** What must be true of the records whatever was said, in whatever order, however often. */
  check(sessions: readonly SessionView[]): void {
    const ids = sessions.map(({ transactionId }) => transactionId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const session of sessions) {
      expect(session.transactionId).toBeGreaterThan(0);
      expect(session.energyKwh).toBeGreaterThanOrEqual(0);
      expect(session.duration).toBeGreaterThanOrEqual(0);
      if (session.state !== 'suspect')
        expect(session.energyKwh * 1000).toBeLessThanOrEqual(sessionEnergyMaxWh);
    }
    for (const [index, charge] of this.#charges.entries()) this.#checkCharge(index, charge, sessions);
    expect(sessions.length).toBeLessThanOrEqual(this.started.size + this.stopped.size);
  }

  #checkCharge(index: number, charge: Charge, sessions: readonly SessionView[]): void {
    const { connector, startMinute, minutes, meterStart, energyWh } = charge;
    const [startKwh, stopKwh] = [meterStart / 1000, (meterStart + energyWh) / 1000];
    if (this.started.has(index)) {
      const own = sessions.filter(({ transactionId }) => transactionId === this.known.get(index));
      expect(own).toMatchObject([{ connector, meterStartKwh: startKwh, startTime: time(startMinute) }]);
    }
    if (this.stopped.has(index)) {
      const stops = sessions.filter(({ meterStopKwh }) => meterStopKwh === stopKwh);
      // One sent again may have been nobody's the first time: that one is settled, on connector 0, and counts nothing.
      const counted = stops.filter((session) => session.connector > 0 || session.state === 'suspect');
      expect(counted).toHaveLength(1);
    }
    if (this.stoppedTruly.has(index)) {
      const own = sessions.find(({ transactionId }) => transactionId === this.known.get(index));
      expect(own).toMatchObject({
        ...{ state: 'ended', energyKwh: energyWh / 1000, meterStopKwh: stopKwh },
        stopTime: time(startMinute + minutes),
      });
    }
  }
}

const stories = Number(process.env.EVFLEET_STORIES ?? 50);

it(
  'whatever a station loses, repeats or confuses: no start, no stop and no true energy is lost',
  async () => {
    const server = await TestServer.start();
    await server.addTag('TAG1');
    let count = 0;
    await fc.assert(
      fc.asyncProperty(charges, steps, async (drawn, said) => {
        count += 1;
        const id = `CHAOS${count}`;
        const story = new Story(server, id, plan(drawn));
        await story.play(said);
        story.check(await server.sessions({ stationId: id }));
      }),
      { numRuns: stories, endOnFailure: false },
    );
  },
  120_000 + stories * 400,
);
