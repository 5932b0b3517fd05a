import { describe, expect, it } from 'vitest';
import { newGroup, newMaintenance, newSite, newStay } from '../../store/support/fixtures.js';
import { ends, hourMs, minuteMs, WatchBench } from '../watch-bench.js';

const secondMs = 1000;
const dayMs = 24 * hourMs;

/** One station that is connected, and a rule for all with the usual steps. */
async function fleet(options: Parameters<typeof WatchBench.start>[0] = {}): Promise<WatchBench> {
  const bench = await WatchBench.start(options);
  await bench.add(['CP1']);
  await bench.rule('Night');
  return bench;
}

describe('the timetable', () => {
  it('is 15 minutes, an hour and a day, then silence, and one mail when the station is back', async () => {
    const bench = await fleet();
    await bench.lose(['CP1']);
    await bench.pass(14 * minuteMs + 59 * secondMs);
    expect(bench.told).toEqual([]);
    expect(await bench.openAlarms()).toEqual([]);
    await bench.pass(2 * secondMs);
    expect(bench.told).toEqual(['ada@example.org: Offline for 15 minutes: CP1']);
    expect(await bench.openAlarms()).toMatchObject([{ kind: 'connection-lost', stationId: 'CP1' }]);
    await bench.pass(44 * minuteMs + 58 * secondMs);
    expect(bench.told).toHaveLength(1);
    await bench.pass(secondMs);
    expect(bench.told.slice(1)).toEqual(['ada@example.org: Offline for 1 hour: CP1']);
    await bench.pass(23 * hourMs - secondMs, 10 * minuteMs);
    expect(bench.told).toHaveLength(2);
    await bench.pass(secondMs);
    expect(bench.told.slice(2)).toEqual(['ada@example.org: Offline for 1 day: CP1']);
    await bench.pass(3 * dayMs, hourMs);
    expect(bench.told).toHaveLength(3);
    await bench.comeBack(['CP1']);
    await bench.pass(10 * minuteMs);
    expect(bench.told.slice(3)).toEqual(['ada@example.org: Back online: CP1']);
    expect(await bench.openAlarms()).toEqual([]);
  });

  it('is exact: nothing a millisecond before, all of it then', async () => {
    const bench = await fleet();
    await bench.lose(['CP1']);
    await bench.pass(15 * minuteMs - 1);
    expect(bench.told).toEqual([]);
    await bench.pass(1);
    expect(bench.told).toHaveLength(1);
  });

  it('says nothing of a station that is back before its time, not even that it is', async () => {
    const bench = await fleet();
    for (const restMs of [1, 5 * minuteMs]) {
      await bench.lose(['CP1']);
      await bench.pass(15 * minuteMs - restMs);
      await bench.comeBack(['CP1']);
      await bench.pass(hourMs, 5 * minuteMs);
    }
    expect(bench.told).toEqual([]);
  });

  it('begins anew with every outage', async () => {
    const bench = await fleet();
    for (let i = 0; i < 2; i += 1) {
      await bench.lose(['CP1']);
      await bench.pass(20 * minuteMs);
      await bench.comeBack(['CP1']);
      await bench.pass(minuteMs);
    }
    const [offline, back] = [
      'ada@example.org: Offline for 15 minutes: CP1',
      'ada@example.org: Back online: CP1',
    ];
    expect(bench.told).toEqual([offline, back, offline, back]);
  });

  it('is one conversation for each outage, and tells how long it was', async () => {
    const bench = await fleet();
    await bench.lose(['CP1']);
    await bench.pass(90 * minuteMs);
    await bench.comeBack(['CP1']);
    await bench.settled();
    await bench.lose(['CP1']);
    await bench.pass(15 * minuteMs);
    const [first, second, back, next] = bench.bin.mails;
    expect(second?.inReplyTo).toBe(first?.messageId);
    expect(back?.inReplyTo).toBe(first?.messageId);
    expect(back?.text).toContain('Offline for: 1 hour, 30 minutes');
    expect(next?.inReplyTo).toBeUndefined();
  });

  it('is that of the rule', async () => {
    const bench = await WatchBench.start();
    await bench.add(['CP1']);
    await bench.rule('Soon', { stepsMs: [30 * secondMs, 2 * hourMs] });
    await bench.lose(['CP1']);
    await bench.pass(3 * hourMs, 30 * secondMs);
    expect(bench.told).toEqual([
      'ada@example.org: Offline for 30 seconds: CP1',
      'ada@example.org: Offline for 2 hours: CP1',
    ]);
  });

  it('without any rule still makes an alarm, which clears by itself', async () => {
    const bench = await WatchBench.start();
    await bench.add(['CP1']);
    await bench.lose(['CP1']);
    await bench.pass(15 * minuteMs);
    expect(await bench.openAlarms()).toMatchObject([{ kind: 'connection-lost', count: 1, rule: null }]);
    await bench.comeBack(['CP1']);
    expect(await bench.openAlarms()).toEqual([]);
    expect(bench.told).toEqual([]);
  });

  it('without a mail server makes alarms, and nobody gets old mail once there is one', async () => {
    const bench = await fleet({ mail: false });
    await bench.lose(['CP1']);
    await bench.pass(20 * minuteMs);
    expect(await bench.openAlarms()).toHaveLength(1);
    expect(await bench.queued()).toEqual([]);
    await bench.set({ 'mail.host': '127.0.0.1', 'mail.from': 'alarms@fleet.example' });
    await bench.comeBack(['CP1']);
    await bench.settled();
    expect(await bench.queued()).toEqual([]);
  });
});

describe('how the connection ended', () => {
  it.each(['goodbye', 'goingAway', 'noCode'] as const)('%s: on purpose, so nobody is told', async (how) => {
    const bench = await fleet();
    await bench.lose(['CP1'], ends[how]);
    await bench.pass(2 * hourMs);
    expect(bench.told).toEqual([]);
    expect(await bench.openAlarms()).toEqual([]);
  });

  it('on purpose counts for a rule that says so', async () => {
    const bench = await fleet();
    await bench.rule('Strict', { deliberate: true, recipients: ['eve@example.org'] });
    await bench.lose(['CP1'], ends.goodbye);
    await bench.pass(15 * minuteMs);
    await bench.comeBack(['CP1']);
    await bench.settled();
    expect(bench.told).toEqual([
      'eve@example.org: Offline for 15 minutes: CP1',
      'eve@example.org: Back online: CP1',
    ]);
  });

  it.each(['lost', 'protocol', 'stopped'] as const)('%s: not on purpose', async (how) => {
    const bench = await fleet();
    await bench.lose(['CP1'], ends[how]);
    await bench.pass(15 * minuteMs);
    expect(bench.told).toHaveLength(1);
  });

  it('replaced by another connection of the station: no outage', async () => {
    const bench = await fleet();
    await bench.write((r) =>
      r.events.insert({
        at: bench.clock.now(),
        receivedAt: bench.clock.now(),
        stationUuid: 'station-CP1',
        stationId: 'CP1',
        connector: null,
        kind: 'station.disconnected',
        detail: JSON.stringify({ ...ends.lost, wasReplaced: true }),
      }),
    );
    await bench.pass(hourMs);
    expect(bench.told).toEqual([]);
  });
});

describe('stations that are none of the fleet', () => {
  it.each(['pending', 'rejected'] as const)('%s: nobody is told', async (registration) => {
    const bench = await fleet();
    await bench.add(['NEW'], { registration });
    await bench.lose(['NEW']);
    await bench.pass(hourMs);
    expect(bench.told).toEqual([]);
    expect(await bench.openAlarms()).toEqual([]);
  });

  it('deleted or rejected during the outage: nobody is told any more', async () => {
    const bench = await fleet();
    await bench.add(['CP2']);
    await bench.lose(['CP1', 'CP2']);
    await bench.pass(20 * minuteMs);
    expect(bench.told).toHaveLength(2);
    await bench.write(async (r) => {
      await r.stations.delete('station-CP1');
      await r.stations.update('station-CP2', { registration: 'rejected' });
    });
    await bench.pass(2 * dayMs, 10 * minuteMs);
    await bench.comeBack(['CP2']);
    await bench.settled();
    expect(bench.told).toHaveLength(2);
    expect(await bench.openAlarms()).toEqual([]);
    expect(await bench.store.read((r) => r.outages.listOpen())).toEqual([]);
  });
});

describe('rules', () => {
  it('of group, site and station at once: one mail for each recipient and step', async () => {
    const bench = await WatchBench.start();
    await bench.write(async (r) => {
      await r.sites.insert(newSite('Depot'));
      await r.groups.insert(newGroup('Fast'));
    });
    await bench.add(['CP1'], { siteUuid: 'site-Depot' });
    await bench.write((r) => r.groups.addStation('group-Fast', 'station-CP1'));
    const both = ['ada@example.org', 'BOB@example.org'];
    await bench.rule('a site', { scope: { kind: 'site', siteUuid: 'site-Depot' }, recipients: both });
    await bench.rule('b group', {
      scope: { kind: 'group', groupUuid: 'group-Fast' },
      recipients: ['bob@example.org', 'eve@example.org'],
    });
    await bench.rule('c station', {
      scope: { kind: 'stations', stationUuids: ['station-CP1'] },
      recipients: ['ada@example.org'],
      stepsMs: [15 * minuteMs, 30 * minuteMs],
    });
    await bench.rule('d off', { enabled: false, recipients: ['off@example.org'] });
    await bench.lose(['CP1']);
    await bench.pass(hourMs);
    await bench.comeBack(['CP1']);
    await bench.settled();
    const told = (who: string) =>
      bench.told.filter((line) => line.startsWith(who)).map((line) => line.split(': ')[1]);
    expect(told('ada')).toEqual([
      'Offline for 15 minutes',
      'Offline for 30 minutes',
      'Offline for 1 hour',
      'Back online',
    ]);
    expect(told('BOB')).toEqual(['Offline for 15 minutes', 'Offline for 1 hour', 'Back online']);
    expect(told('eve')).toEqual(['Offline for 15 minutes', 'Offline for 1 hour', 'Back online']);
    expect(bench.told).toHaveLength(10);
    expect(bench.bin.mails[0]?.text).toContain('Site: Depot');
  });

  it('made during an outage tell of the steps that are still to come', async () => {
    const bench = await WatchBench.start();
    await bench.add(['CP1']);
    await bench.lose(['CP1']);
    await bench.pass(40 * minuteMs);
    await bench.rule('Late', { stepsMs: [15 * minuteMs, 50 * minuteMs, 90 * minuteMs] });
    await bench.pass(hourMs);
    expect(bench.told).toEqual([
      'ada@example.org: Offline for 50 minutes: CP1',
      'ada@example.org: Offline for 1 hour, 30 minutes: CP1',
    ]);
  });

  it('that are gone tell nobody that the station is back, others do, wherever it stands now', async () => {
    const bench = await WatchBench.start();
    await bench.write((r) => r.sites.insert(newSite('Depot')));
    await bench.add(['CP1'], { siteUuid: 'site-Depot' });
    await bench.rule('site', { scope: { kind: 'site', siteUuid: 'site-Depot' } });
    await bench.rule('gone', { recipients: ['eve@example.org'] });
    await bench.lose(['CP1']);
    await bench.pass(15 * minuteMs);
    expect(bench.told).toHaveLength(2);
    await bench.write(async (r) => {
      await r.alarmRules.delete('rule-gone');
      await r.stations.update('station-CP1', { siteUuid: null });
    });
    await bench.comeBack(['CP1']);
    await bench.settled();
    expect(bench.told.slice(2)).toEqual(['ada@example.org: Back online: CP1']);
  });
});

describe('maintenance', () => {
  async function maintained(fromMs: number, toMs: number): Promise<WatchBench> {
    const bench = await fleet();
    const now = bench.clock.now();
    await bench.write(async (r) => {
      await r.maintenance.insert(newMaintenance({ from: now + fromMs, to: now + toMs }));
    });
    await bench.lose(['CP1']);
    return bench;
  }

  it('holds all word back; what applies at its end is told then, once', async () => {
    const bench = await maintained(0, 70 * minuteMs);
    await bench.pass(70 * minuteMs - 1);
    expect(bench.told).toEqual([]);
    expect(await bench.openAlarms()).toMatchObject([{ maintenance: true, count: 1 }]);
    await bench.pass(1);
    expect(bench.told).toEqual(['ada@example.org: Offline for 1 hour: CP1']);
    await bench.pass(dayMs, 10 * minuteMs);
    expect(bench.told.slice(1)).toEqual(['ada@example.org: Offline for 1 day: CP1']);
  });

  it('that ends early is over then', async () => {
    const bench = await maintained(0, 5 * hourMs);
    await bench.pass(30 * minuteMs);
    await bench.write((r) => r.maintenance.update(1, { to: bench.clock.now() }));
    await bench.pass(minuteMs);
    expect(bench.told).toEqual(['ada@example.org: Offline for 15 minutes: CP1']);
  });

  it('during which the station comes back: nobody ever hears of it', async () => {
    const bench = await maintained(0, hourMs);
    await bench.pass(30 * minuteMs);
    await bench.comeBack(['CP1']);
    await bench.pass(2 * hourMs);
    expect(bench.told).toEqual([]);
  });

  it('that begins after an outage was told of holds back that it is over', async () => {
    const bench = await maintained(20 * minuteMs, 50 * minuteMs);
    await bench.pass(30 * minuteMs);
    expect(bench.told).toHaveLength(1);
    await bench.comeBack(['CP1']);
    await bench.pass(20 * minuteMs - 1);
    expect(bench.told).toHaveLength(1);
    await bench.pass(1);
    expect(bench.told.slice(1)).toEqual(['ada@example.org: Back online: CP1']);
  });
});

describe('the server', () => {
  it.each([false, true])(
    'that is restarted between steps loses none and repeats none (killed: %s)',
    async (killed) => {
      const bench = await fleet();
      await bench.lose(['CP1']);
      for (let passed = 0; passed < 90; passed += 5) {
        await bench.pass(5 * minuteMs);
        await bench.restart(0, { killed });
      }
      await bench.comeBack(['CP1']);
      await bench.restart(0, { killed });
      expect(bench.told.map((line) => line.split(': ')[1])).toEqual([
        'Offline for 15 minutes',
        'Offline for 1 hour',
        'Back online',
      ]);
    },
  );

  it('that was down for a day does not count that day as an outage', async () => {
    const bench = await fleet();
    await bench.lose(['CP1']);
    await bench.pass(10 * minuteMs);
    await bench.restart(dayMs);
    await bench.pass(5 * minuteMs - 1);
    expect(bench.told).toEqual([]);
    await bench.pass(1);
    expect(bench.told).toEqual(['ada@example.org: Offline for 15 minutes: CP1']);
  });

  it('that stops its stations itself counts from its next start on', async () => {
    const bench = await fleet();
    await bench.stop();
    bench.clock.advance(3 * hourMs);
    await bench.restart();
    // What it wrote as it stopped is read now.
    await bench.lose(['CP1'], ends.stopped);
    await bench.pass(15 * minuteMs - 1);
    expect(bench.told).toEqual([]);
    await bench.pass(1);
    expect(bench.told).toHaveLength(1);
  });

  it.each([3 * hourMs, -3 * hourMs])(
    'whose clock is set by %i ms has the steps where they were',
    async (jumpMs) => {
      const bench = await fleet();
      await bench.lose(['CP1']);
      await bench.pass(10 * minuteMs);
      bench.clock.jump(jumpMs);
      await bench.settled();
      await bench.pass(5 * minuteMs - 1);
      expect(bench.told).toEqual([]);
      await bench.pass(1);
      expect(bench.told).toHaveLength(1);
      bench.clock.jump(-jumpMs);
      await bench.settled();
      await bench.pass(45 * minuteMs - 1);
      expect(bench.told).toHaveLength(1);
      await bench.pass(hourMs);
      expect(bench.told.map((line) => line.split(': ')[1])).toEqual([
        'Offline for 15 minutes',
        'Offline for 1 hour',
      ]);
    },
  );
});

it.each([
  // Clocks go forward on 29 March 2026 at 02:00, and back on 25 October at 03:00.
  ['forward', Date.UTC(2026, 2, 29, 0, 40), '01:40 CET', '03:40 CEST'],
  ['back', Date.UTC(2026, 9, 25, 0, 40), '02:40 CEST', '02:40 CET'],
])(
  'an hour is an hour also while clocks go %s, and mails say the local time',
  async (_, start, since, until) => {
    const bench = await fleet({ timeZone: 'Europe/Berlin' });
    bench.clock.jump(start - bench.clock.now());
    await bench.settled();
    await bench.lose(['CP1']);
    await bench.pass(hourMs - 1);
    expect(bench.told).toHaveLength(1);
    await bench.pass(1);
    expect(bench.told).toHaveLength(2);
    await bench.comeBack(['CP1']);
    await bench.settled();
    const text = (bench.bin.mails[2]?.text ?? '').replace(/GMT\+1/g, 'CET').replace(/GMT\+2/g, 'CEST');
    expect(text).toMatch(new RegExp(`Since: .*${since}`));
    expect(text).toMatch(new RegExp(`Until: .*${until}`));
    expect(text).toContain('Offline for: 1 hour');
  },
);

describe('stations that nobody saw going', () => {
  const beforeMs = 20 * minuteMs;

  /** Stations that were out of contact before their fleet was watched for the first time. */
  async function unwatched(end: { code: number; initiator: 'station' | 'lost' }): Promise<WatchBench> {
    const bench = await WatchBench.start();
    const at = bench.clock.now() - beforeMs;
    await bench.add(['CP1', 'CP2'], { offlineSinceAt: at });
    await bench.add(['CP3'], { offlineSinceAt: at, registration: 'rejected' });
    await bench.write(async (r) => {
      const station = await r.stations.findById('CP1');
      const stay = {
        stationUuid: station?.uuid ?? '',
        stationId: 'CP1',
        openedAt: at - hourMs,
        closedAt: at,
      };
      await r.connections.insert(newStay('c1', { ...stay, ...end }));
    });
    await bench.rule('Night');
    return bench;
  }

  it('are alarms unless they come back soon, and have the steps that are still to come', async () => {
    const bench = await unwatched(ends.lost);
    await bench.pass(14 * minuteMs);
    expect(await bench.openAlarms()).toEqual([]);
    await bench.comeBack(['CP2']);
    await bench.pass(2 * minuteMs);
    expect(await bench.openAlarms()).toMatchObject([{ kind: 'connection-lost', stationId: 'CP1' }]);
    expect(bench.told).toEqual([]);
    await bench.pass(24 * minuteMs);
    expect(bench.told).toEqual(['ada@example.org: Offline for 1 hour: CP1']);
    await bench.comeBack(['CP1']);
    await bench.settled();
    expect(bench.told.slice(1)).toEqual(['ada@example.org: Back online: CP1']);
    expect(await bench.openAlarms()).toEqual([]);
  });

  it('are no alarms when they said goodbye', async () => {
    const bench = await unwatched(ends.goodbye);
    await bench.pass(hourMs);
    expect((await bench.openAlarms()).map(({ stationId }) => stationId)).toEqual(['CP2']);
    expect(bench.told).toEqual(['ada@example.org: Offline for 1 hour: CP2']);
  });

  it('have one outage, however often the server starts', async () => {
    const bench = await unwatched(ends.lost);
    for (let i = 0; i < 3; i += 1) {
      await bench.pass(16 * minuteMs);
      await bench.restart();
    }
    expect(await bench.store.read((r) => r.outages.listOpen())).toHaveLength(2);
    expect(await bench.openAlarms()).toHaveLength(2);
  });
});
