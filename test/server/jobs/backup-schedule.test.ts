import fs from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LocalCalendar } from '../../../src/domain/local-calendar.js';
import type { SettingKey } from '../../../src/domain/settings.js';
import type { StoreAdmin } from '../../../src/domain/store-admin.js';
import {
  backupInstant,
  backupName,
  listBackups,
  rotateBackups,
} from '../../../src/server/jobs/backup-files.js';
import { createBackupJob } from '../../../src/server/jobs/backup-schedule.js';
import type { FleetStore } from '../../../src/store/fleet-store.js';
import { FakeClock, testStart } from '../../helpers/fake-clock.js';
import { RecordingLog } from '../../helpers/recording-log.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { until } from '../../helpers/until.js';
import { temporaryStores } from '../../store/support/open-store.js';

const newStore = temporaryStores();
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

type Values = Partial<Record<SettingKey, string>>;

/** A schedule in Stockholm whose backups are empty files, on a clock that tests turn. */
class Stage {
  readonly clock = new FakeClock();
  readonly log = new RecordingLog();
  readonly store: FleetStore;
  readonly dataDir: string;
  failing: Error | undefined;
  #stop = async (): Promise<void> => undefined;
  #checks = 0;

  private constructor(store: FleetStore, dataDir: string) {
    this.store = store;
    this.dataDir = dataDir;
  }

  /** @param now ISO 8601 */
  static async at(now: string, values: Values = {}): Promise<Stage> {
    const stage = new Stage(await newStore(), await temporaryDirectory());
    onTestFinished(() => stage.stop());
    stage.clock.advance(Date.parse(now) - testStart);
    await stage.set(values);
    return stage;
  }

  async set(values: Values): Promise<void> {
    await this.store.write(async ({ settings }) => {
      for (const [key, value] of Object.entries(values)) {
        await settings.set(key as SettingKey, value, this.clock.now());
      }
    });
  }

  /** As `serve` does; with its first check. */
  async start(): Promise<void> {
    const admin: Pick<StoreAdmin, 'backup'> = {
      backup: async (file) => {
        if (this.failing) throw this.failing;
        await fs.mkdir(path.dirname(file), { recursive: true });
        await fs.writeFile(file, '', { flag: 'wx' });
        return { file, bytes: 0, sequence: 1 };
      },
    };
    const { store, dataDir, clock, log } = this;
    const counted = {
      now: () => clock.now(),
      schedule: (delayMs: number, action: () => void) => {
        this.#checks += 1;
        return clock.schedule(delayMs, action);
      },
    };
    const calendar = new LocalCalendar('Europe/Stockholm');
    const job = createBackupJob({ store, admin, dataDir, clock: counted, log, calendar });
    job.start();
    this.#stop = () => job.close();
    await this.pass(5_000);
  }

  stop(): Promise<void> {
    return this.#stop();
  }

  /** Lets time pass, so slowly that every check is made at its moment. */
  async pass(durationMs: number): Promise<void> {
    const end = this.clock.now() + durationMs;
    while (this.clock.now() < end) {
      const checks = this.#checks;
      const stepMs = Math.min(1_000, end - this.clock.now());
      const pending = this.clock.pending;
      this.clock.advance(stepMs);
      // What became due has ended when it has asked for its next turn.
      if (this.clock.pending < pending) await until(() => this.#checks > checks);
    }
  }

  /** Lets time pass at one blow, as on a machine that was asleep; then comes the next check. */
  async sleep(durationMs: number): Promise<void> {
    const checks = this.#checks;
    this.clock.advance(durationMs);
    await until(() => this.#checks > checks);
    await this.pass(minuteMs);
  }

  /** Instants of the backups in a directory, oldest first. */
  async backups(directory = path.join(this.dataDir, 'backups')): Promise<string[]> {
    const found = await listBackups(directory);
    return found.map(({ at }) => new Date(at).toISOString().replace(':00.000Z', 'Z')).reverse();
  }
}

describe('a daily backup', () => {
  it('is not written unless a time is set', async () => {
    const stage = await Stage.at('2026-05-04T10:00Z');
    await stage.start();
    await stage.sleep(2 * dayMs);
    expect(await stage.backups()).toEqual([]);
    expect(stage.log.lines).toEqual([]);
  });

  it('is written at the time that is set, once', async () => {
    const stage = await Stage.at('2026-05-04T01:28Z', { 'backup.time': '03:30' });
    await stage.start();
    await stage.pass(minuteMs);
    expect(await stage.backups()).toEqual([]);
    await stage.pass(5 * minuteMs);
    expect(await stage.backups()).toEqual(['2026-05-04T01:30Z']);
    const file = path.join(stage.dataDir, 'backups', 'evfleet-2026-05-04T013000Z.db');
    expect(stage.log.lines).toEqual([{ level: 'info', message: 'backup written', file, bytes: 0 }]);
    await stage.sleep(dayMs - 10 * minuteMs);
    await stage.pass(10 * minuteMs);
    expect(await stage.backups()).toEqual(['2026-05-04T01:30Z', '2026-05-05T01:30Z']);
  });

  it('goes by the settings of the moment', async () => {
    const stage = await Stage.at('2026-05-04T10:00Z', { 'backup.time': '13:00' });
    await stage.start();
    const directory = await temporaryDirectory();
    await stage.set({ 'backup.time': '12:03', 'backup.directory': directory });
    await stage.pass(5 * minuteMs);
    expect(await stage.backups(directory)).toEqual(['2026-05-04T10:03Z']);
    await stage.set({ 'backup.time': 'off' });
    await stage.sleep(2 * dayMs);
    expect((await stage.backups(directory)).length).toBe(1);
  });

  it('is not due at once when a time is set that is past for today', async () => {
    const stage = await Stage.at('2026-05-04T10:00Z', { 'backup.time': '03:30' });
    await stage.start();
    await stage.pass(10 * minuteMs);
    expect(await stage.backups()).toEqual([]);
  });

  it.each([
    ['when the clocks go forward', '2026-03-28T23:00Z', ['2026-03-29T01:30Z', '2026-03-30T00:30Z']],
    ['when the clocks go back', '2026-10-24T22:00Z', ['2026-10-25T00:30Z', '2026-10-26T01:30Z']],
  ])(
    'is written once on the day %s, at a time that is missing or comes twice',
    async (_, midnight, expected) => {
      const stage = await Stage.at(midnight, { 'backup.time': '02:30' });
      await stage.start();
      const end = stage.clock.now() + 30 * hourMs;
      while (stage.clock.now() < end) await stage.sleep(10 * minuteMs);
      const days = (await stage.backups()).map((at) => at.slice(0, 10));
      expect(days).toEqual(expected.map((at) => at.slice(0, 10)));
    },
  );

  it('is not repeated when the clock is set back', async () => {
    const stage = await Stage.at('2026-05-04T01:29Z', { 'backup.time': '03:30' });
    await stage.start();
    await stage.pass(2 * minuteMs);
    await stage.stop();
    // A restart in between forgets what was seen, but not what was written.
    const earlier = new FakeClock();
    earlier.advance(Date.parse('2026-05-04T01:29:30Z') - testStart);
    Object.assign(stage, { clock: earlier });
    await stage.start();
    await stage.pass(5 * minuteMs);
    expect(await stage.backups()).toEqual(['2026-05-04T01:30Z']);
  });
});

describe('a time that was missed', () => {
  const lastAt = (at: string) => async (stage: Stage) => {
    const directory = path.join(stage.dataDir, 'backups');
    await fs.mkdir(directory, { recursive: true });
    await fs.writeFile(path.join(directory, backupName(Date.parse(at))), '');
  };

  it.each([
    ['because the server was down for days', '2026-05-01T01:30Z', '2026-05-04T10:00Z', true],
    ['more than a day after the last backup', '2026-05-03T09:59:59Z', '2026-05-04T10:00Z', true],
    ['but a backup is younger than a day', '2026-05-03T11:00Z', '2026-05-04T10:00Z', false],
    ['but a backup was written since', '2026-05-04T01:30Z', '2026-05-04T10:00Z', false],
    ['and the only backups are from a wrong clock', '2031-01-01T00:00Z', '2026-05-04T10:00Z', true],
  ])('%s', async (_, last, now, madeUp) => {
    const stage = await Stage.at('2026-05-01T00:00Z', { 'backup.time': '03:30' });
    await lastAt(last)(stage);
    stage.clock.advance(Date.parse(now) - stage.clock.now());
    await stage.start();
    const written = stage.log.find(/backup written/).length;
    expect(written).toBe(madeUp ? 1 : 0);
    await stage.pass(10 * minuteMs);
    expect(stage.log.find(/backup written/).length).toBe(written);
  });

  it('by seconds is made up for as soon as the last backup is a day old', async () => {
    const stage = await Stage.at('2026-05-01T00:00Z', { 'backup.time': '03:30' });
    await lastAt('2026-05-03T01:32:00Z')(stage);
    stage.clock.advance(Date.parse('2026-05-04T01:30:01Z') - stage.clock.now());
    await stage.start();
    expect((await stage.backups()).length).toBe(1);
    await stage.pass(4 * minuteMs);
    expect((await stage.backups()).length).toBe(2);
  });

  it('because the machine was asleep is made up for when it wakes', async () => {
    const stage = await Stage.at('2026-05-04T00:00Z', { 'backup.time': '03:30' });
    await stage.start();
    await stage.sleep(8 * hourMs);
    expect(await stage.backups()).toEqual(['2026-05-04T08:01:05.000Z']);
  });
});

describe('a backup that fails', () => {
  it('is logged, and tried again in an hour', async () => {
    const stage = await Stage.at('2026-05-04T01:29Z', { 'backup.time': '03:30' });
    await stage.start();
    stage.failing = new Error('ENOSPC: no space left on device');
    await stage.pass(30 * minuteMs);
    expect(stage.log.lines).toEqual([
      { level: 'error', message: 'automatic backup: ENOSPC: no space left on device' },
    ]);
    stage.failing = undefined;
    await stage.pass(60 * minuteMs);
    expect(await stage.backups()).toEqual(['2026-05-04T02:30Z']);
    await stage.sleep(20 * hourMs);
    expect((await stage.backups()).length).toBe(1);
  });
});

describe('rotation', () => {
  it('keeps as many as are set, the newest', async () => {
    const stage = await Stage.at('2026-05-04T01:29Z', { 'backup.time': '03:30', 'backup.keep': '2' });
    await stage.start();
    for (let day = 0; day < 4; day += 1) await stage.sleep(dayMs);
    expect((await stage.backups()).map((at) => at.slice(0, 10))).toEqual(['2026-05-07', '2026-05-08']);
    expect(stage.log.find(/old backups removed/).at(-1)).toMatchObject({ removed: 1, keep: 2 });
  });

  const foreign = [
    'evfleet.db',
    'evfleet-2026-05-04T013000Z.db.tmp',
    'evfleet-2026-05-04T013000Z.db-journal',
    'evfleet-2026-05-04T013000.db',
    'evfleet-2026-05-04.db',
    'Evfleet-2026-05-04T013000Z.db',
    'copy of evfleet-2026-05-04T013000Z.db',
    'evfleet-2026-13-04T013000Z.db',
    'evfleet-2026-02-30T013000Z.db',
    'evfleet-2026-05-04T243000Z.db',
    'evfleet-2026-05-04T01:30:00Z.db',
    'notes.txt',
  ];

  it('never touches another file, a directory or a link', async () => {
    const directory = await temporaryDirectory();
    for (const name of foreign) await fs.writeFile(path.join(directory, name), '');
    await fs.mkdir(path.join(directory, 'evfleet-2020-01-01T000000Z.db'));
    await fs.symlink('notes.txt', path.join(directory, 'evfleet-2020-01-02T000000Z.db'));
    const before = await fs.readdir(directory);
    const own = [1, 2, 3].map((day) => backupName(Date.UTC(2026, 4, day, 1, 30)));
    for (const name of own) await fs.writeFile(path.join(directory, name), '');
    expect(await rotateBackups(directory, 1)).toBe(2);
    expect((await fs.readdir(directory)).sort()).toEqual([...before, own[2]].sort());
    expect(await rotateBackups(directory, 1)).toBe(0);
  });

  it('of a directory that is not there has nothing to do', async () => {
    expect(await rotateBackups(path.join(await temporaryDirectory(), 'none'), 1)).toBe(0);
  });

  it('knows its own names, and only those', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 0) }), (at) => {
        expect(backupInstant(backupName(at))).toBe(Math.floor(at / 1000) * 1000);
      }),
    );
    for (const name of foreign) expect(backupInstant(name), name).toBeUndefined();
    expect(backupName(Date.UTC(2026, 4, 4, 1, 30))).toBe('evfleet-2026-05-04T013000Z.db');
  });
});
