import { describe, expect, it, onTestFinished } from 'vitest';
import { alarmsNamed, dailyDigest, lateMaxMs } from '../../src/alarms/digest.js';
import { Watcher } from '../../src/alarms/watcher.js';
import type { Alarm } from '../../src/domain/alarm/alarm.js';
import { renderNotification } from '../../src/domain/alarm/notification-message.js';
import { readPayload } from '../../src/domain/alarm/outbox-payload.js';
import { EventFeed } from '../../src/domain/event-feed.js';
import { LocalCalendar } from '../../src/domain/local-calendar.js';
import type { User } from '../../src/domain/people/people.js';
import type { SettingKey } from '../../src/domain/settings.js';
import { FleetStore } from '../../src/store/fleet-store.js';
import { FakeClock, testStart } from '../helpers/fake-clock.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { newAlarm, newMaintenance, newSite, newStation, newUser } from '../store/support/fixtures.js';

const hourMs = 3600_000;
const dayMs = 24 * hourMs;
const mail = { 'mail.host': 'mail.example.org', 'mail.from': 'fleet@example.org' };

/** A fleet on a Monday at noon in Stockholm, with a station at each of two sites. */
class Bench {
  readonly clock = new FakeClock();
  readonly log = new RecordingLog();
  readonly #directory: string;
  #store: FleetStore | undefined;
  #watcher: Watcher | undefined;
  #alarms = 0;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async start(settings: Readonly<Record<string, string>> = mail): Promise<Bench> {
    const bench = new Bench(await temporaryDirectory());
    onTestFinished(() => bench.stop());
    await bench.open();
    await bench.set(settings);
    await bench.store.write(async (r) => {
      for (const name of ['Solna', 'Kista']) {
        await r.sites.insert(newSite(name));
        await r.stations.insert(newStation(`CP-${name}`, { siteUuid: `site-${name}` }));
      }
    });
    await bench.watch();
    return bench;
  }

  get store(): FleetStore {
    if (!this.#store) throw new Error('the store is closed');
    return this.#store;
  }

  async open(): Promise<void> {
    this.#store = await FleetStore.open({
      directory: this.#directory,
      command: 'test',
      lockTimeoutMs: 0,
      now: () => this.clock.now(),
    });
  }

  async watch(): Promise<void> {
    const { store, clock, log } = this;
    const tasks = [dailyDigest(new LocalCalendar('Europe/Stockholm'))];
    let lastId = 0;
    const newId = () => `${++lastId}`;
    const watcher = new Watcher({ store, feed: new EventFeed(), clock, newId, log, handlers: [], tasks });
    await watcher.start();
    await watcher.settled();
    this.#watcher = watcher;
  }

  async stop(): Promise<void> {
    await this.#watcher?.close();
    await this.#store?.close();
    this.#watcher = undefined;
    this.#store = undefined;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.open();
    await this.watch();
  }

  /** Lets time pass as for a server that lives through it. */
  async pass(durationMs: number): Promise<void> {
    const stepMs = hourMs / 2;
    for (let left = durationMs; left > 0; left -= stepMs) {
      this.clock.advance(Math.min(left, stepMs));
      await this.#watcher?.settled();
    }
  }

  async passTo(instant: string): Promise<void> {
    await this.pass(Date.parse(instant) - this.clock.now());
  }

  /** Lets time pass in which no server runs. */
  async sleepTo(instant: string): Promise<void> {
    await this.stop();
    this.clock.advance(Date.parse(instant) - this.clock.now());
    await this.open();
    await this.watch();
  }

  async set(settings: Readonly<Record<string, string>>): Promise<void> {
    await this.store.write(async (r) => {
      for (const [key, value] of Object.entries(settings))
        await r.settings.set(key as SettingKey, value, this.clock.now());
    });
    await this.#watcher?.settled();
  }

  async user(email: string, change: Partial<User> = {}): Promise<void> {
    const user = newUser(email, { role: 'admin', emailAtAlarm: true, ...change });
    await this.store.write((r) => r.users.insert(user));
  }

  alarm(site: string, change: Partial<Alarm> = {}): Promise<void> {
    return this.alarms(site, 1, change);
  }

  async alarms(site: string, count: number, change: Partial<Alarm> = {}): Promise<void> {
    const station = { stationUuid: `station-CP-${site}`, stationId: `CP-${site}` };
    const times = { openedAt: this.clock.now(), beganAt: this.clock.now() };
    await this.store.write(async (r) => {
      for (let n = 0; n < count; n += 1) {
        this.#alarms += 1;
        const condition = `${this.#alarms}`;
        await r.alarms.insert({
          ...newAlarm(`alarm-${condition}`, { ...station, ...times, condition }),
          ...change,
        });
      }
    });
  }

  /** When and to whom. */
  async mails(): Promise<string[]> {
    const messages = await this.store.read((r) => r.outbox.list({}, { limit: 1000 }));
    return messages
      .reverse()
      .map(({ createdAt, recipient }) => `${new Date(createdAt).toISOString().slice(0, 16)} ${recipient}`);
  }

  /** What the newest mail to each names. */
  async named(): Promise<Record<string, string[]>> {
    const messages = await this.store.read((r) => r.outbox.list({}, { limit: 1000 }));
    return Object.fromEntries(
      messages.reverse().map(({ recipient, payload }) => {
        const notification = readPayload(payload)?.notification;
        if (notification?.kind !== 'digest') throw new Error('that is no digest');
        return [recipient, notification.alarms.map(({ node }) => node)];
      }),
    );
  }
}

const [ada, bob] = ['ada@example.org', 'bob@example.org'];

describe('the daily digest', () => {
  it('comes every day at 08:00 by the local clock, as long as alarms are active', async () => {
    const bench = await Bench.start();
    await bench.user(ada);
    await bench.pass(dayMs);
    expect(await bench.mails()).toEqual([]);
    await bench.alarm('Solna');
    await bench.passTo('2026-05-07T05:00:00Z');
    expect(await bench.mails()).toEqual([`2026-05-06T06:00 ${ada}`]);
    await bench.passTo('2026-05-07T12:00:00Z');
    expect(await bench.mails()).toEqual([`2026-05-06T06:00 ${ada}`, `2026-05-07T06:00 ${ada}`]);
    await bench.store.write((r) => r.alarms.update('alarm-1', { clearedAt: bench.clock.now() }));
    await bench.pass(2 * dayMs);
    expect(await bench.mails()).toHaveLength(2);
  });

  it('comes once on days on which the clock changes, also at a time that is skipped or comes twice', async () => {
    const bench = await Bench.start({ ...mail, 'alarms.digest-time': '02:30' });
    await bench.user(ada);
    await bench.alarm('Solna');
    await bench.sleepTo('2026-10-23T20:00:00Z');
    const before = (await bench.mails()).length;
    await bench.passTo('2026-10-27T12:00:00Z');
    expect((await bench.mails()).slice(before)).toEqual([
      `2026-10-24T00:30 ${ada}`,
      // 02:30 comes twice in that night: the first counts.
      `2026-10-25T00:30 ${ada}`,
      `2026-10-26T01:30 ${ada}`,
      `2026-10-27T01:30 ${ada}`,
    ]);
    await bench.sleepTo('2027-03-26T20:00:00Z');
    const winter = (await bench.mails()).length;
    await bench.passTo('2027-03-29T12:00:00Z');
    expect((await bench.mails()).slice(winter)).toEqual([
      `2027-03-27T01:30 ${ada}`,
      // There is no 02:30 that night: it is an hour later by the clock.
      `2027-03-28T01:30 ${ada}`,
      `2027-03-29T00:30 ${ada}`,
    ]);
  });

  it('that was due while no server ran comes at the start, unless it is twelve hours late', async () => {
    const bench = await Bench.start();
    await bench.user(ada);
    await bench.alarm('Solna');
    expect(lateMaxMs).toBe(12 * hourMs);
    await bench.sleepTo('2026-05-05T18:00:00Z');
    expect(await bench.mails()).toEqual([`2026-05-05T18:00 ${ada}`]);
    await bench.sleepTo('2026-05-06T18:00:00.001Z');
    expect(await bench.mails()).toHaveLength(1);
    await bench.pass(dayMs);
    expect((await bench.mails()).slice(1)).toEqual([`2026-05-07T06:00 ${ada}`]);
  });

  it('never comes twice, however often the server is restarted, or its clock set back', async () => {
    const bench = await Bench.start();
    await bench.user(ada);
    await bench.alarm('Solna');
    await bench.passTo('2026-05-05T06:00:00Z');
    await bench.restart();
    await bench.restart();
    bench.clock.jump(-hourMs);
    await bench.pass(3 * hourMs);
    expect(await bench.mails()).toEqual([`2026-05-05T06:00 ${ada}`]);
    await bench.pass(dayMs);
    expect(await bench.mails()).toHaveLength(2);
  });

  it('is not held up for years by a clock that was wrong for a while', async () => {
    const bench = await Bench.start();
    await bench.user(ada);
    bench.clock.jump(4000 * dayMs);
    await bench.pass(dayMs);
    bench.clock.jump(-4000 * dayMs);
    await bench.alarm('Solna');
    await bench.pass(dayMs);
    expect(await bench.mails()).toEqual([`2026-05-06T06:00 ${ada}`]);
  });

  it('comes at the time that is set, from when it is set, or not at all', async () => {
    const bench = await Bench.start();
    await bench.user(ada);
    await bench.alarm('Solna');
    // In Stockholm it is 12:00: that was two hours ago.
    await bench.set({ 'alarms.digest-time': '10:00' });
    await bench.pass(hourMs);
    expect(await bench.mails()).toEqual([]);
    await bench.set({ 'alarms.digest-time': '14:00' });
    await bench.pass(2 * hourMs);
    expect(await bench.mails()).toEqual([`2026-05-04T12:00 ${ada}`]);
    await bench.set({ 'alarms.digest-time': 'off' });
    await bench.pass(3 * dayMs);
    await bench.set({ 'alarms.digest-time': '14:00' });
    await bench.pass(dayMs);
    expect(await bench.mails()).toEqual([`2026-05-04T12:00 ${ada}`, `2026-05-08T12:00 ${ada}`]);
  });

  it('names to each what is active at their sites', async () => {
    const bench = await Bench.start();
    await bench.user(ada);
    await bench.user(bob, { role: 'site-admin', siteUuids: ['site-Solna'] });
    await bench.user('support@example.org', { role: 'support', siteUuids: ['site-Kista'] });
    await bench.user('everywhere@example.org', { role: 'support' });
    await bench.user('nowhere@example.org', { role: 'site-admin' });
    await bench.user('driver@example.org', { role: 'driver', siteUuids: ['site-Solna'] });
    await bench.user('gone@example.org', { disabled: true });
    await bench.user('silent@example.org', { emailAtAlarm: false });
    await bench.alarm('Solna', { connector: 1 });
    await bench.pass(dayMs);
    const solna = ['CP-Solna Connector: 1'];
    expect(await bench.named()).toEqual({ [ada]: solna, [bob]: solna, 'everywhere@example.org': solna });
    await bench.alarm('Kista', { connector: null });
    await bench.pass(dayMs);
    expect(await bench.named()).toEqual({
      [ada]: ['CP-Kista', ...solna],
      [bob]: solna,
      'support@example.org': ['CP-Kista'],
      'everywhere@example.org': ['CP-Kista', ...solna],
    });
  });

  it('says nothing of what began during maintenance, or where it is under way', async () => {
    const bench = await Bench.start();
    await bench.user(ada);
    const { clock, store } = bench;
    const kista = { stationUuid: 'station-CP-Kista', stationId: 'CP-Kista' };
    const window = { ...kista, from: clock.now(), to: clock.now() + 2 * dayMs };
    await store.write((r) => r.maintenance.insert(newMaintenance({ ...window, connector: 1 })));
    await bench.alarm('Solna', { maintenance: true });
    await bench.alarm('Kista', { connector: 1 });
    await bench.pass(dayMs);
    expect(await bench.mails()).toEqual([]);
    await bench.alarm('Kista', { connector: 2 });
    await bench.pass(dayMs);
    expect(await bench.named()).toEqual({ [ada]: ['CP-Kista Connector: 2'] });
    await bench.pass(dayMs);
    expect(await bench.named()).toEqual({ [ada]: ['CP-Kista Connector: 2', 'CP-Kista Connector: 1'] });
  });

  it('names the first hundred of many, and says how many there are', async () => {
    const bench = await Bench.start();
    await bench.user(ada);
    await bench.alarms('Solna', 1001);
    await bench.pass(dayMs);
    expect((await bench.named())[ada]).toHaveLength(alarmsNamed);
    const [message] = await bench.store.read((r) => r.outbox.list({}, { limit: 1 }));
    expect(message).toMatchObject({
      kind: 'digest',
      subject: expect.stringContaining('1,001 active alarms'),
    });
  });

  it('is in the language of mails, and says why one gets it', async () => {
    const bench = await Bench.start({ ...mail, 'mail.language': 'sv' });
    await bench.user(ada);
    await bench.alarm('Solna');
    await bench.pass(dayMs);
    const [message] = await bench.store.read((r) => r.outbox.list({}, { limit: 1 }));
    expect(message?.subject).toBe('Daglig rapport: 1 aktivt larm');
    const { notification } = readPayload(message?.payload ?? '') ?? {};
    if (notification?.kind !== 'digest') throw new Error('that is no digest');
    for (const [language, why] of [
      ['en', 'daily report'],
      ['de', 'Tagesbericht'],
      ['sv', 'dagliga rapporten'],
      ['fr', 'rapport quotidien'],
    ] as const) {
      const { text, html } = renderNotification(notification, { language });
      expect(text.split('-- \n')[1]).toContain(why);
      expect(html).toContain(why);
    }
  });

  it('that cannot be mailed is said to the log, and is not made up for later', async () => {
    const bench = await Bench.start({});
    await bench.user(ada);
    await bench.alarm('Solna');
    await bench.pass(dayMs);
    expect(bench.log.find(/daily digest was not mailed/)).toHaveLength(1);
    await bench.set(mail);
    await bench.pass(hourMs);
    expect(await bench.mails()).toEqual([]);
  });
});

it('tests begin at noon in Stockholm', () => {
  expect(new Date(testStart).toISOString()).toBe('2026-05-04T10:00:00.000Z');
});
