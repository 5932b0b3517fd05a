import { describe, expect, it } from 'vitest';
import { dampingMs } from '../../../src/alarms/alarm-book.js';
import type { Alarm } from '../../../src/domain/alarm/alarm.js';
import { triggers } from '../../../src/domain/alarm/alarm-rule.js';
import { describeAlarm } from '../../../src/domain/alarm/alarm-words.js';
import type { SessionState } from '../../../src/domain/model.js';
import { newMaintenance, newSession } from '../../store/support/fixtures.js';
import { hourMs, minuteMs, WatchBench } from '../watch-bench.js';

const dayMs = 24 * hourMs;

interface Told {
  readonly kind: string;
  readonly detail?: object;
  readonly connector?: number | null;
  readonly station?: string;
}

/** A fleet with CP1, somebody who is told of everything, and what stations do. */
async function fleet({ mail = true }: { mail?: boolean } = {}) {
  const bench = await WatchBench.start({ mail });
  await bench.add(['CP1', 'CP2'], { lastSeenAt: bench.clock.now() });
  await bench.rule('All', { triggers, recipients: ['ada@example.org'] });
  const happens = async (...all: readonly Told[]) => {
    const at = bench.clock.now();
    await bench.write(async (r) => {
      for (const { kind, detail = {}, connector = 1, station = 'CP1' } of all) {
        const place = { stationUuid: `station-${station}`, stationId: station, connector };
        await r.events.insert({ at, receivedAt: at, ...place, kind, detail: JSON.stringify(detail) });
      }
    });
    await bench.settled();
  };
  const session = (transactionId: number, state: SessionState) =>
    bench.write(async (r) => {
      const known = await r.sessions.findByTransactionId(transactionId);
      if (known) await r.sessions.update(known.uuid, { state });
      else await r.sessions.insert(newSession(transactionId, { state }));
    });
  const all = () => bench.store.read((r) => r.alarms.list({}, { limit: 1000 }));
  const open = async () => (await bench.openAlarms()).map(inShort);
  return { bench, happens, session, all, open };
}

/** `kind connector: what` */
function inShort(alarm: Alarm | undefined): string {
  return alarm ? `${alarm.kind} ${alarm.connector ?? '-'}: ${alarm.description}` : 'none';
}

const fault = (errorCode: string, more: object = {}) => ({
  errorCode,
  vendorErrorCode: null,
  info: null,
  status: 'Faulted',
  ...more,
});

/** What it is, what is told, and the alarm of it. */
const opening: readonly [string, Told, string][] = [
  ['fault', { kind: 'fault.began', detail: fault('ConnectorLockFailure') }, 'connector-lock-failure 1: '],
  ['fault', { kind: 'fault.began', detail: fault('EVCommunicationError') }, 'vehicle-communication 1: '],
  ['fault', { kind: 'fault.began', detail: fault('GroundFailure') }, 'ground-failure 1: '],
  ['fault', { kind: 'fault.began', detail: fault('HighTemperature') }, 'high-temperature 1: '],
  ['fault', { kind: 'fault.began', detail: fault('InternalError') }, 'hardware-fault 1: InternalError'],
  ['fault', { kind: 'fault.began', detail: fault('OtherError') }, 'hardware-fault 1: OtherError'],
  ['fault', { kind: 'fault.began', detail: fault('ResetFailure') }, 'hardware-fault 1: ResetFailure'],
  [
    'fault',
    { kind: 'fault.began', detail: fault('LocalListConflict') },
    'configuration-fault 1: LocalListConflict',
  ],
  ['fault', { kind: 'fault.began', detail: fault('OverCurrentFailure') }, 'over-current 1: '],
  ['fault', { kind: 'fault.began', detail: fault('OverVoltage') }, 'voltage 1: OverVoltage'],
  ['fault', { kind: 'fault.began', detail: fault('UnderVoltage') }, 'voltage 1: UnderVoltage'],
  ['fault', { kind: 'fault.began', detail: fault('PowerMeterFailure') }, 'power-meter-failure 1: '],
  ['fault', { kind: 'fault.began', detail: fault('PowerSwitchFailure') }, 'power-switch-failure 1: '],
  ['fault', { kind: 'fault.began', detail: fault('ReaderFailure') }, 'reader-failure 1: '],
  ['fault', { kind: 'fault.began', detail: fault('WeakSignal'), connector: 0 }, 'weak-signal -: '],
  [
    'a code of no standard',
    { kind: 'fault.began', detail: fault('constructor') },
    'hardware-fault 1: constructor',
  ],
  ['no code at all', { kind: 'fault.began', detail: fault('NoError') }, 'hardware-fault 1: Faulted'],
  [
    'words of a vendor',
    { kind: 'fault.began', detail: fault('GroundFailure', { vendorErrorCode: 'E7', info: 'RCD' }) },
    'ground-failure 1: E7, RCD',
  ],
  [
    'tampering',
    { kind: 'security.TamperDetectionActivated', detail: { techInfo: 'lid' }, connector: null },
    'security -: TamperDetectionActivated, lid',
  ],
  ['a lost log', { kind: 'security.SecurityLogWasCleared' }, 'security -: SecurityLogWasCleared'],
  [
    'a rollout',
    { kind: 'firmware.failed', detail: { version: '2.0', reason: 'no' } },
    'firmware-failed -: 2.0, no',
  ],
  [
    'an update of others',
    { kind: 'firmware.InstallationFailed' },
    'firmware-failed -: it could not install the image',
  ],
  [
    'a session',
    { kind: 'session.suspect', detail: { transactionId: 7, suspicion: 'backwards' } },
    'suspect-session 1: session 7: backwards',
  ],
];

describe('what opens an alarm', () => {
  it('is told by its kind and its place, once', async () => {
    const { bench, happens } = await fleet();
    const ids = opening.map((_, n) => `S${n}`);
    await bench.add(ids, { lastSeenAt: bench.clock.now() });
    await happens(...opening.map(([, told], n) => ({ ...told, station: `S${n}` })));
    const alarms = new Map((await bench.openAlarms()).map((alarm) => [alarm.stationId, alarm]));
    const opened = opening.map(([what, told], n) => [what, told, inShort(alarms.get(`S${n}`))]);
    expect(opened).toEqual(opening);
    expect(bench.told).toHaveLength(opening.length);
    for (const line of bench.told) expect(line).toMatch(/^ada@example.org: Alarm: .*, S\d+(, connector 1)?$/);
  });

  it('is not what is everyday life, which is in the log', async () => {
    const { happens, open } = await fleet();
    const everyday = [
      'security.StartupOfTheDevice',
      'security.ResetOrReboot',
      'security.SettingSystemTime',
      'security.FirmwareUpdated',
      'security.MadeUpByVendor',
      'firmware.Installing',
      'session.started',
      'connector.status',
    ];
    await happens(...everyday.map((kind) => ({ kind, detail: { transactionId: 7 } })));
    expect(await open()).toEqual([]);
  });

  it('once, for a failure that a station reports and its rollout judges', async () => {
    const { happens, all } = await fleet();
    await happens(
      { kind: 'firmware.InstallationFailed' },
      { kind: 'firmware.failed', detail: { version: '2.0' } },
    );
    expect(await all()).toMatchObject([{ kind: 'firmware-failed', description: '2.0', count: 1 }]);
  });

  it('not for a station that was deleted meanwhile', async () => {
    const { happens, all } = await fleet();
    await happens({ kind: 'security.MemoryExhaustion', station: 'Gone' });
    expect(await all()).toEqual([]);
  });

  it('also what is broken beyond words', async () => {
    const { bench, happens, all } = await fleet();
    const info = `\u001b[2J${'x'.repeat(3000)}`;
    await happens({ kind: 'fault.began', detail: { errorCode: 7, vendorErrorCode: {}, info } });
    const [alarm] = await all();
    expect(alarm?.description.length).toBe(500);
    expect(bench.log.find(/alarms:/)).toEqual([]);
  });
});

describe('one alarm per condition', () => {
  it('however often it comes; who was told is told once that it is over', async () => {
    const { bench, happens, all } = await fleet();
    for (let i = 0; i < 5; i += 1) {
      await happens({ kind: 'fault.began', detail: fault('GroundFailure') });
      await bench.pass(minuteMs);
      await happens({ kind: 'fault.ended', detail: fault('GroundFailure') });
      await bench.pass(minuteMs);
    }
    expect(await all()).toMatchObject([{ count: 5, clearedAt: null }]);
    await bench.pass(dampingMs - minuteMs - 1);
    expect(await bench.openAlarms()).toHaveLength(1);
    await bench.pass(1);
    expect(await bench.openAlarms()).toHaveLength(0);
    expect(bench.told).toEqual([
      'ada@example.org: Alarm: Ground failure, CP1, connector 1',
      'ada@example.org: Cleared: Ground failure, CP1, connector 1',
    ]);
    const [opened, cleared] = bench.bin.mails;
    expect(cleared?.inReplyTo).toBe(opened?.messageId);
  });

  it('that comes back after it was over for long enough is another alarm', async () => {
    const { bench, happens, all } = await fleet();
    for (const _ of [1, 2]) {
      await happens({ kind: 'fault.began', detail: fault('GroundFailure') });
      await happens({ kind: 'fault.ended', detail: fault('GroundFailure') });
      await bench.pass(dampingMs);
    }
    expect(await all()).toMatchObject([{ count: 1 }, { count: 1 }]);
    expect(bench.told).toHaveLength(4);
  });

  it('at each place, and of each error', async () => {
    const { happens, open } = await fleet();
    await happens(
      { kind: 'fault.began', detail: fault('InternalError') },
      { kind: 'fault.began', detail: fault('InternalError'), connector: 2 },
      { kind: 'fault.began', detail: fault('InternalError'), connector: 0 },
      { kind: 'fault.began', detail: fault('InternalError'), station: 'CP2' },
      { kind: 'fault.began', detail: fault('OtherError'), connector: 2 },
      { kind: 'fault.began', detail: fault('OtherError', { vendorErrorCode: 'E1' }), station: 'CP2' },
      { kind: 'fault.began', detail: fault('OtherError', { vendorErrorCode: 'E2' }), station: 'CP2' },
    );
    expect(await open()).toHaveLength(7);
  });

  it.each([
    ['only the first time', 'E7', null],
    ['only the second time', null, 'E7'],
  ])('is the same when a vendor names its code %s', async (_, first, second) => {
    const { bench, happens, all } = await fleet();
    await happens({ kind: 'fault.began', detail: fault('OtherError', { vendorErrorCode: first }) });
    await happens({ kind: 'fault.ended', detail: fault('OtherError', { vendorErrorCode: 'E7' }) });
    await happens({ kind: 'fault.began', detail: fault('OtherError', { vendorErrorCode: second }) });
    expect(await all()).toMatchObject([{ count: 2, clearsAt: null }]);
    await happens({ kind: 'fault.ended', detail: fault('OtherError', { vendorErrorCode: second }) });
    await bench.pass(dampingMs);
    expect(await bench.openAlarms()).toEqual([]);
  });

  it('counts once what was read once, also over a kill', async () => {
    const { bench, happens, all } = await fleet();
    await happens({ kind: 'fault.began', detail: fault('GroundFailure') });
    await bench.restart(0, { killed: true });
    await bench.restart(hourMs);
    expect(await all()).toMatchObject([{ count: 1, clearedAt: null }]);
    await happens({ kind: 'fault.ended', detail: fault('GroundFailure') });
    await bench.restart(hourMs, { killed: true });
    expect(await bench.openAlarms()).toEqual([]);
    expect(bench.told).toHaveLength(2);
  });
});

describe('credentials that are refused', () => {
  const refused = (count: number, address = '203.0.113.7') => ({
    kind: 'security.credentials-refused',
    detail: { reason: 'it shows a wrong key; profile 1 (its key) is required', address, count },
    connector: null,
  });

  it('are an alarm from twenty within an hour on', async () => {
    const { bench, happens, open } = await fleet();
    await happens(refused(12), { ...refused(12), station: 'CP2' });
    await bench.pass(61 * minuteMs, minuteMs);
    await happens(refused(12));
    expect(await open()).toEqual([]);
    await bench.pass(5 * minuteMs);
    await happens(refused(8, '203.0.113.8'));
    expect(await open()).toEqual([
      'security -: CredentialsRefused, 20 times in an hour, last from 203.0.113.8, it shows a wrong key; profile 1 (its key) is required',
    ]);
  });

  it('stay one alarm, which clears a day after the last', async () => {
    const { bench, happens, all } = await fleet();
    await happens(refused(20));
    await bench.pass(5 * minuteMs);
    await happens(refused(20));
    expect(await all()).toMatchObject([{ count: 2, clearedAt: null }]);
    await bench.pass(dayMs, hourMs);
    expect(await bench.openAlarms()).toEqual([]);
  });
});

describe('a certificate of a station', () => {
  const inDays = (bench: WatchBench, days: number) =>
    new Date(bench.clock.now() + days * dayMs).toISOString();
  const expiring = (until: string) => ({
    kind: 'certificate.expiring',
    detail: { serial: 'a1', until, reason: 'the station is offline' },
    connector: null,
  });
  const failed = {
    kind: 'certificate.failed',
    detail: { reason: 'the station answered Rejected' },
    connector: null,
  };

  it('is an alarm when it ends within a week and is not renewed', async () => {
    const { bench, happens, open } = await fleet();
    await happens(expiring(inDays(bench, 8)));
    expect(await open()).toEqual([]);
    await bench.pass(dayMs, hourMs);
    await happens(expiring(inDays(bench, 7)));
    expect(await open()).toEqual(['security -: CertificateExpiring, the station is offline']);
  });

  it('is an alarm for as long as it is told of every day', async () => {
    const { bench, happens } = await fleet();
    await happens(expiring(inDays(bench, 3)));
    await bench.pass(dayMs, hourMs);
    await happens(expiring(inDays(bench, 2)));
    await bench.pass(2 * dayMs - minuteMs, hourMs);
    expect(await bench.openAlarms()).toMatchObject([{ count: 2 }]);
    await bench.pass(minuteMs);
    expect(await bench.openAlarms()).toEqual([]);
  });

  it('is no alarm any more once there is a new one', async () => {
    const { bench, happens, open } = await fleet();
    await happens(failed, expiring(inDays(bench, 2)), { ...failed, station: 'CP2' });
    expect(await open()).toHaveLength(3);
    await happens({ kind: 'certificate.installed', detail: { serial: 'b2' }, connector: null });
    expect(await open()).toEqual(['security -: CertificateNotRenewed, the station answered Rejected']);
  });
});

describe('what has an end of its own', () => {
  it('a security event clears a day after it came last', async () => {
    const { bench, happens, all } = await fleet();
    await happens({ kind: 'security.TamperDetectionActivated' });
    await bench.pass(dayMs - minuteMs, hourMs);
    await happens({ kind: 'security.TamperDetectionActivated' });
    await bench.pass(dayMs - minuteMs, hourMs);
    expect(await all()).toMatchObject([{ count: 2, clearedAt: null }]);
    await bench.pass(minuteMs);
    expect(await bench.openAlarms()).toEqual([]);
  });

  it.each(['firmware.updated', 'firmware.Installed'])('a failed update is over with %s', async (kind) => {
    const { bench, happens } = await fleet();
    await happens({ kind: 'firmware.failed', detail: { version: '2.0' }, connector: null }, { kind });
    await bench.pass(dampingMs);
    expect(await bench.openAlarms()).toEqual([]);
  });

  it.each(['session.settled', 'session.closed', 'session.ended', 'session.started'])(
    'a session is suspect until it is not, with %s',
    async (kind) => {
      const { bench, happens, session } = await fleet();
      const detail = { transactionId: 7, suspicion: 'odd' };
      await session(7, 'suspect');
      // A stop without a start knows no connector.
      await happens({ kind: 'session.suspect', detail, connector: null });
      await happens({ kind: 'session.suspect', detail });
      await happens({ kind, detail });
      await bench.pass(dampingMs);
      expect(await bench.openAlarms()).toMatchObject([{ count: 2, clearsAt: null }]);
      await session(7, 'ended');
      await happens({ kind, detail });
      await bench.pass(dampingMs);
      expect(await bench.openAlarms()).toEqual([]);
    },
  );
});

describe('during maintenance', () => {
  it('alarms are recorded and marked, and nobody is told of their beginning or end', async () => {
    const { bench, happens, all } = await fleet();
    const window = { from: bench.clock.now(), to: bench.clock.now() + hourMs, connector: 1 };
    await bench.write(async (r) => void (await r.maintenance.insert(newMaintenance(window))));
    await happens(
      { kind: 'fault.began', detail: fault('GroundFailure') },
      { kind: 'fault.began', detail: fault('GroundFailure'), connector: 2 },
    );
    expect((await all()).map(({ connector, maintenance }) => [connector, maintenance]).sort()).toEqual([
      [1, true],
      [2, false],
    ]);
    await bench.pass(2 * hourMs, 10 * minuteMs);
    await happens({ kind: 'fault.ended', detail: fault('GroundFailure') });
    await bench.pass(dampingMs);
    expect(bench.told).toEqual(['ada@example.org: Alarm: Ground failure, CP1, connector 2']);
  });

  it('nobody is told that an alarm of before is over', async () => {
    const { bench, happens, all } = await fleet();
    await happens({ kind: 'fault.began', detail: fault('GroundFailure') });
    const window = { from: bench.clock.now(), to: bench.clock.now() + hourMs, connector: null };
    await bench.write(async (r) => void (await r.maintenance.insert(newMaintenance(window))));
    await happens({ kind: 'fault.ended', detail: fault('GroundFailure') });
    await bench.pass(dampingMs);
    expect(await all()).toMatchObject([{ maintenance: false, clearedAt: bench.clock.now() }]);
    expect(bench.told).toHaveLength(1);
  });
});

describe('who is told', () => {
  it('that an alarm is over: who was told of it, if the rule still says so, wherever the station is now', async () => {
    const { bench, happens } = await fleet();
    await bench.site('Solna');
    await bench.write((r) => r.stations.update('station-CP1', { siteUuid: 'site-Solna' }));
    const scope = { kind: 'site', siteUuid: 'site-Solna' } as const;
    await bench.rule('Site', {
      triggers: ['fault'],
      scope,
      recipients: ['bob@example.org', 'eve@example.org'],
    });
    await happens({ kind: 'fault.began', detail: fault('GroundFailure') });
    await bench.write(async (r) => {
      await r.stations.update('station-CP1', { siteUuid: null });
      await r.alarmRules.update('rule-Site', { recipients: ['bob@example.org'] });
      await r.alarmRules.update('rule-All', { enabled: false });
    });
    await bench.rule('Late', { triggers: ['fault'], recipients: ['late@example.org'] });
    await happens({ kind: 'fault.ended', detail: fault('GroundFailure') });
    await bench.pass(dampingMs);
    const cleared = bench.told.filter((line) => /Cleared/.test(line));
    expect(cleared).toEqual(['bob@example.org: Cleared: Ground failure, CP1, connector 1']);
    const [alarm] = await bench.store.read((r) => r.alarms.list({}, { limit: 1 }));
    expect(alarm?.rule).toBe('All, Site');
  });

  it('nobody, without a mail server: alarms open and clear all the same, and the log says so', async () => {
    const { bench, happens, all } = await fleet({ mail: false });
    await happens({ kind: 'fault.began', detail: fault('GroundFailure') });
    expect(bench.log.lines.filter(({ message }) => message === 'alarm')).toMatchObject([
      { level: 'warn', station: 'CP1', connector: 1, kind: 'ground-failure', told: 0, mail: 'off' },
    ]);
    await happens({ kind: 'fault.ended', detail: fault('GroundFailure') });
    await bench.pass(dampingMs);
    expect(await all()).toMatchObject([{ clearedAt: bench.clock.now() }]);
    expect(await bench.queued()).toEqual([]);
  });
});

describe('a station that never connects', () => {
  it('is an alarm after an hour, until it connects for the first time', async () => {
    const { bench, all } = await fleet();
    await bench.pass(2 * hourMs, 10 * minuteMs);
    await bench.add(['CP9'], { createdAt: bench.clock.now(), lastSeenAt: null });
    await bench.pass(hourMs - minuteMs);
    expect(await all()).toEqual([]);
    await bench.pass(2 * minuteMs);
    const [alarm] = await all();
    expect(alarm && describeAlarm(alarm)).toBe('Never connected');
    expect(alarm).toMatchObject({ stationId: 'CP9', openedAt: expect.any(Number), clearedAt: null });
    await bench.write((r) => r.stations.touch([{ uuid: 'station-CP9', lastSeenAt: bench.clock.now() }]));
    await bench.comeBack(['CP9']);
    await bench.pass(3 * hourMs, 10 * minuteMs);
    expect(bench.told).toEqual([
      'ada@example.org: Alarm: Never connected, CP9',
      'ada@example.org: Cleared: Never connected, CP9',
    ]);
    expect(await all()).toHaveLength(1);
  });

  it('is given the hour anew by each start of the server', async () => {
    const { bench, all } = await fleet();
    await bench.add(['CP9'], { createdAt: bench.clock.now(), lastSeenAt: null });
    await bench.restart(5 * hourMs);
    await bench.pass(hourMs - minuteMs);
    expect(await all()).toEqual([]);
    await bench.pass(2 * minuteMs);
    expect(await all()).toHaveLength(1);
  });

  it('opens no second alarm when a person has cleared the first', async () => {
    const { bench, all } = await fleet();
    await bench.add(['CP9'], { createdAt: bench.clock.now(), lastSeenAt: null });
    await bench.pass(2 * hourMs, 10 * minuteMs);
    const [alarm] = await all();
    await bench.write((r) => r.alarms.update(alarm?.uuid ?? '', { clearedAt: bench.clock.now() }));
    await bench.pass(2 * hourMs, 10 * minuteMs);
    expect(await all()).toHaveLength(1);
  });

  it('is one of many in one message, when they are many', async () => {
    const { bench, all } = await fleet();
    const ids = Array.from({ length: 450 }, (_, n) => `N${String(n).padStart(3, '0')}`);
    await bench.add(ids, { createdAt: bench.clock.now(), lastSeenAt: null });
    await bench.pass(hourMs + minuteMs, minuteMs);
    expect(await all()).toHaveLength(450);
    expect(bench.told).toHaveLength(3);
    expect(bench.told[0]).toBe('ada@example.org: 200 alarms: Never connected');
    expect(bench.bin.mails[0]?.text).toMatch(/\n- N000 · \w{3}, /);
  });
});

describe('many at once', () => {
  const stations = (count: number) => Array.from({ length: count }, (_, n) => `S${n}`);
  const faults = (ids: readonly string[], kind: string, errorCode = 'PowerMeterFailure') =>
    ids.map((station) => ({ kind, detail: fault(errorCode), station }));

  it('are one message for each recipient and kind, when they begin and when they are over', async () => {
    const { bench, happens } = await fleet();
    const ids = stations(20);
    await bench.add(ids);
    await happens(...faults(ids, 'fault.began'), ...faults(['CP1'], 'fault.began', 'GroundFailure'));
    expect(bench.told).toEqual([
      'ada@example.org: 20 alarms: Power meter failure',
      'ada@example.org: Alarm: Ground failure, CP1, connector 1',
    ]);
    await happens(...faults(ids, 'fault.ended'));
    await bench.pass(dampingMs + minuteMs);
    expect(bench.told.slice(2)).toEqual(['ada@example.org: 20 alarms cleared: Power meter failure']);
  });

  it('are a message each as long as they are few', async () => {
    const { bench, happens } = await fleet();
    const ids = stations(5);
    await bench.add(ids);
    await happens(...faults(ids, 'fault.began'));
    expect(bench.told).toHaveLength(5);
  });

  it('that are over one after the other are told of one after the other, to whoever knows of them', async () => {
    const { bench, happens } = await fleet();
    const ids = stations(20);
    await bench.add(ids);
    await happens(...faults(ids, 'fault.began'));
    await happens(...faults(['S7'], 'fault.ended'));
    await bench.pass(dampingMs + minuteMs);
    expect(bench.told.slice(1)).toEqual(['ada@example.org: Cleared: Power meter failure, S7, connector 1']);
  });
});
