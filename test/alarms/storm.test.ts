import { setImmediate as endOfTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { namedMax } from '../../src/alarms/outages/outage-word.js';
import { newMaintenance } from '../store/support/fixtures.js';
import { ends, hourMs, minuteMs, WatchBench } from './watch-bench.js';

function ids(count: number, prefix = 'CP'): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${String(i + 1).padStart(4, '0')}`);
}

async function fleet(count: number, options: Parameters<typeof WatchBench.start>[0] = {}) {
  const bench = await WatchBench.start(options);
  await bench.add(ids(count));
  await bench.rule('Night');
  return bench;
}

describe('stations that are lost within a minute', () => {
  it('are named in one mail when they are five, and in one when they come back', async () => {
    const bench = await fleet(5);
    await bench.lose(ids(5));
    await bench.pass(hourMs);
    await bench.comeBack(ids(5));
    await bench.pass(minuteMs);
    expect(bench.told).toEqual([
      'ada@example.org: 5 stations are offline',
      'ada@example.org: 5 stations are offline',
      'ada@example.org: 5 stations are back online',
    ]);
    const [first, second, back] = bench.bin.mails;
    for (const id of ids(5))
      for (const mail of [first, second, back]) expect(mail?.text).toContain(`- ${id}\n`);
    expect(first?.text).toContain('more than 15 minutes');
    expect(second?.text).toContain('more than 1 hour');
    for (const mail of [second, back]) expect(mail?.inReplyTo).toBe(first?.messageId);
  });

  it('have a mail each when they are four', async () => {
    const bench = await fleet(4);
    await bench.lose(ids(4));
    await bench.pass(15 * minuteMs);
    expect([...bench.told].sort()).toEqual(
      ids(4)
        .map((id) => expect.stringContaining(`Offline for 15 minutes: ${id}`))
        .sort(),
    );
  });

  it('are told of when the last of them is due, nobody too early', async () => {
    const bench = await fleet(6);
    const [first = '', ...others] = ids(6);
    await bench.lose([first]);
    await bench.pass(minuteMs);
    await bench.lose(others);
    await bench.pass(15 * minuteMs - 1);
    expect(bench.told).toEqual([]);
    await bench.pass(1);
    expect(bench.told).toEqual(['ada@example.org: 6 stations are offline']);
  });

  it('and one a little later than a minute is alone', async () => {
    const bench = await fleet(6);
    const [last = '', ...others] = ids(6).reverse();
    await bench.lose(others);
    await bench.pass(minuteMs + 1);
    await bench.lose([last]);
    await bench.pass(15 * minuteMs);
    expect(bench.told).toEqual([
      'ada@example.org: 5 stations are offline',
      `ada@example.org: Offline for 15 minutes: ${last}`,
    ]);
  });

  it('and that come back before their time are left out', async () => {
    const bench = await fleet(7);
    await bench.lose(ids(7));
    await bench.pass(10 * minuteMs);
    await bench.comeBack(['CP0001', 'CP0002']);
    await bench.pass(5 * minuteMs);
    expect(bench.told).toEqual(['ada@example.org: 5 stations are offline']);
    expect(bench.bin.mails[0]?.text).not.toContain('CP0001');
  });

  it('and come back one after the other: a mail for each minute in which some do', async () => {
    const bench = await fleet(9);
    await bench.lose(ids(9));
    await bench.pass(15 * minuteMs);
    await bench.comeBack(ids(2));
    await bench.pass(30_000);
    await bench.comeBack(['CP0003']);
    await bench.pass(minuteMs);
    await bench.comeBack(['CP0004']);
    await bench.pass(45 * minuteMs);
    expect(bench.told.slice(1)).toEqual([
      'ada@example.org: 3 stations are back online',
      'ada@example.org: Back online: CP0004',
      'ada@example.org: 5 stations are offline',
    ]);
    expect(bench.bin.mails[3]?.text).toContain('- CP0009');
  });

  it('are told to each recipient as far as they are theirs', async () => {
    const bench = await WatchBench.start();
    for (const site of ['North', 'South']) {
      await bench.site(site);
      const scope = { kind: 'site', siteUuid: `site-${site}` } as const;
      await bench.rule(site, { scope, recipients: [`${site.toLowerCase()}@example.org`] });
    }
    await bench.rule('Spare', { deliberate: true, recipients: ['all@example.org'] });
    await bench.add(ids(4, 'N'), { siteUuid: 'site-North' });
    await bench.add(['S1'], { siteUuid: 'site-South' });
    await bench.add(['S2'], { siteUuid: 'site-South' });
    await bench.lose([...ids(4, 'N'), 'S1']);
    await bench.lose(['S2'], ends.goodbye);
    await bench.pass(15 * minuteMs);
    await bench.comeBack([...ids(4, 'N'), 'S1', 'S2']);
    await bench.pass(minuteMs);
    expect([...bench.told].sort()).toEqual([
      'all@example.org: 6 stations are back online',
      'all@example.org: 6 stations are offline',
      'north@example.org: 4 stations are back online',
      'north@example.org: 4 stations are offline',
      'south@example.org: Back online: S1',
      'south@example.org: Offline for 15 minutes: S1',
    ]);
  });

  it('and of which one is under maintenance: it is told of by itself, afterwards', async () => {
    const bench = await fleet(6);
    const now = bench.clock.now();
    await bench.write(async (r) => {
      const window = {
        stationUuid: 'station-CP0001',
        stationId: 'CP0001',
        from: now,
        to: now + 20 * minuteMs,
      };
      await r.maintenance.insert(newMaintenance(window));
    });
    await bench.lose(ids(6));
    await bench.pass(hourMs);
    expect(bench.told).toEqual([
      'ada@example.org: 5 stations are offline',
      'ada@example.org: Offline for 15 minutes: CP0001',
      'ada@example.org: 6 stations are offline',
    ]);
  });
});

it.each(['offline', 'back'] as const)(
  'a server that is killed while it tells many people that stations are %s tells the others after its restart',
  async (what) => {
    const bench = await fleet(60);
    const recipients = Array.from({ length: 18 }, (_, i) => `r${i}@example.org`);
    await bench.rule('Many', { recipients });
    await bench.lose(ids(60));
    await bench.pass(14 * minuteMs);
    if (what === 'back') {
      await bench.pass(minuteMs);
      await bench.comeBack(ids(60));
    }
    bench.bin.mails.length = 0;
    const before = (await bench.queued()).length;
    bench.clock.advance(minuteMs);
    while ((await bench.queued()).length === before) await endOfTurn();
    const told = (await bench.queued()).length - before;
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThan(19);
    await bench.restart(0, { killed: true });
    await bench.pass(2 * minuteMs);
    const all = (await bench.queued()).slice(before);
    expect(all.map(({ recipient }) => recipient).sort()).toEqual([...recipients, 'ada@example.org'].sort());
    expect(new Set(all.map(({ subject }) => subject))).toEqual(
      new Set([what === 'back' ? '60 stations are back online' : '60 stations are offline']),
    );
    expect((await bench.openAlarms()).length).toBe(what === 'back' ? 0 : 60);
  },
);

it('5,000 stations that are lost at once are one mail for each recipient and step, and nobody waits for it', async () => {
  const count = 5000;
  const bench = await fleet(count);
  await bench.rule('Other', { recipients: ['ada@example.org', 'bob@example.org'] });
  await bench.lose(ids(count));
  await bench.pass(hourMs, 15 * minuteMs);
  const offline = '5,000 stations are offline';
  expect([...bench.told].sort()).toEqual([
    ...Array(2).fill(`ada@example.org: ${offline}`),
    ...Array(2).fill(`bob@example.org: ${offline}`),
  ]);
  const text = bench.bin.mails[0]?.text ?? '';
  expect(text.match(/^- CP\d+$/gm)).toHaveLength(namedMax);
  expect(text).toContain(`and ${(count - namedMax).toLocaleString('en')} more`);
  expect((await bench.openAlarms()).length).toBe(count);
  await bench.comeBack(ids(count));
  await bench.pass(minuteMs);
  expect(bench.told.slice(4).sort()).toEqual(
    ['ada', 'bob'].map((who) => `${who}@example.org: 5,000 stations are back online`),
  );
  expect(await bench.openAlarms()).toEqual([]);
  // Some 25 ms where nothing else is going on.
  expect(bench.longestWriteMs).toBeLessThan(250);
});
