import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { states } from '../../src/domain/station/states.js';
import { renderStatus } from '../../src/views/status.js';
import { createTerminal } from '../../src/views/terminal.js';
import { textWidth } from '../../src/views/text-width.js';
import { connector, fleet, now, site, station } from './status-fixture.js';

const person = (columns: number, env: Record<string, string> = { NO_COLOR: '1' }) =>
  createTerminal({ stdout: { isTTY: true, columns }, env, flags: { utc: true }, now: () => now });
const program = createTerminal({ stdout: {}, env: {}, flags: { utc: true }, now: () => now });

const some = fleet(
  [
    site('Solna', [station('CP3', 'available')], {
      floors: [
        {
          name: 'P1',
          stations: [
            station('CP1', 'charging', {
              name: 'North gate',
              connectors: [
                connector(1, 'charging', { maxPowerKw: 22, session: { soc: 55 } }),
                connector(2, 'available', { maxPowerKw: 22 }),
              ],
            }),
            station('CP2', 'faulted', {
              alarms: 1,
              connectors: [
                connector(1, 'faulted', { maxPowerKw: 22, errorCode: 'GroundFailure', info: 'relay 2' }),
              ],
            }),
          ],
        },
      ],
    }),
  ],
  [station('CP4', 'offline'), station('CP5', 'new')],
  { mailOff: 'mail.host is not set' },
);

it('shows how the fleet does, then what it is made of', () => {
  expect(renderStatus(some, person(80))).toBe(`\
5 stations · 3 online · ○ 1 offline · 1 never connected · ! 1 open alarm
6 connectors · ● 2 available · ▶ 1 charging · ✖ 1 faulted
Now    11 kW, 1 running session
Today  ▁▃▅█····················  7.00 kWh, 3 sessions

Solna     3 stations     11 kW  ▁▃▅█····················    7.00 kWh
├─ P1
│  ├─ ▶ CP1 North gate  charging
│  │  ├─ 1 ▶ charging     ████░░░░    11 kW   7.43 kWh   1h 05m   55 %  04A2B3C4
│  │  └─ 2 ● available
│  └─ ✖ CP2             faulted  ! 1 alarm
│     └─ 1 ✖ faulted      GroundFailure, relay 2
└─ ● CP3             available
   └─ 1 ● available

without a site
├─ ○ CP4             offline for 2 h
│  └─ 1 ○ offline         was available
└─ · CP5             never connected
   └─ 1 · no status yet

Mail is off: mail.host is not set. evfleet settings set mail.host=… mail.from=…
`);
});

it('parts the thousands of every count', () => {
  const many = { stations: 5_000, online: 1_000, offline: 4_000, neverConnected: 4_000, maintenance: 1_500 };
  const counts = { ...some.counts, ...many, pending: 1_200, unknownStations: 1_300 };
  const text = renderStatus({ ...some, counts }, person(200));
  expect(text).toContain('1,000 online');
  expect(text).toContain('4,000 never connected');
  expect(text).toContain('1,500 in maintenance');
  expect(text).toContain('1,300 unknown stations are knocking');
  expect(text).not.toMatch(/\d{4}/);
});

it('shows the load of a site, and of all, where what they could deliver is known', () => {
  const known = site('Solna', [
    station('CP1', 'charging', { connectors: [connector(1, 'charging', { maxPowerKw: 44, session: {} })] }),
  ]);
  const picture = renderStatus(fleet([known, site('Kista', [station('CP2', 'available')])]), person(120));
  expect(picture).toContain('Solna     1 station   ██░░░░░░     11 kW  ▁▃▅█····');
  expect(picture).toContain('Kista     1 station                       ▁▃▅█····');
  expect(renderStatus(fleet([known]), person(80))).toContain(
    'Now    ██████░░░░░░░░░░░░░░░░░░  11 kW of 44 kW, 1 running session',
  );
});

it('tells a program everything, without colours, in UTC', () => {
  const text = renderStatus(some, program);
  expect(text).not.toContain('\u001b');
  expect(text).toContain('offline since 2026-05-04T08:30:00.000Z');
  expect(text).toMatch(/1 ▶ charging .* 55 % {2}04A2B3C4 {2}session 7\n/);
});

const colour = new RegExp(`${String.fromCharCode(27)}\\[([\\d;]*)m`, 'g');

it('uses the sixteen colours of the terminal, so that it can be read on light and dark', () => {
  const text = renderStatus(some, person(80, { COLORTERM: 'truecolor' }));
  const codes = new Set([...text.matchAll(colour)].map(([, code]) => code));
  expect([...codes].filter((code) => !/^(\d|2[2-9]|3[1-6]|39|9[01])$/.test(code ?? ''))).toEqual([]);
});

it('says what an empty fleet begins with, and when no server runs', () => {
  expect(renderStatus(fleet([]), person(80))).toContain('evfleet site create Solna');
  const asleep = fleet([site('Solna', [station('CP1', 'offline'), station('CP2', 'offline')])], [], {
    served: false,
  });
  const text = renderStatus(asleep, person(80), 9);
  expect(text).toContain('No server is running: evfleet serve');
  // Then nothing is in trouble.
  expect(text).toContain('└─ … 2 offline');
});

it('cuts names where there is no room for them, and no ids', () => {
  const id = 'A-LONG-ID-THAT-IS-TYPED';
  const named = [
    station('CP168', 'available', { name: 'Åäö 停车 by the lift' }),
    station('CP2', 'available', { name: 'Lift' }),
    station(id, 'available', { name: 'x' }),
  ];
  const lines = renderStatus(fleet([site('Solna', named)]), person(60)).split('\n');
  const [wide = '', narrow = '', long] = lines.filter((line) => line.includes('●  ') || line.includes('─ ●'));
  const column = (line: string) => textWidth(line.slice(0, line.indexOf('available')));
  expect(wide).toContain('CP168 Åäö 停车');
  expect(wide).toContain('…');
  expect(column(wide)).toBe(column(narrow));
  expect(long).toContain(id);
});

it('says what keeps a station away that tries to come, which is trouble', () => {
  const refused = { time: new Date(now - 5000).toISOString(), reason: 'it shows a wrong key\u001b[2J' };
  const knocking = station('CP2', 'new', { refused });
  const quiet = Array.from({ length: 40 }, (_, index) => station(`QUIET${index}`, 'available'));
  const text = renderStatus(fleet([site('Solna', [...quiet, knocking])]), person(80), 12);
  expect(text).toContain('├─ · CP2      never connected  not let in: it shows a wrong key');
  expect(text).not.toContain('\u001b[2J');
});

it('says which stations wait to be accepted, and how', () => {
  const pending = (id: string, state: 'available' | 'offline') =>
    station(id, state, { registration: 'pending', connectors: [] });
  const status = fleet([site('Home', [])], [pending('A', 'offline'), pending('B b', 'available')]);
  const lines = renderStatus(status, person(80)).split('\n');
  expect(lines[0]).toContain('◑ 2 pending');
  expect(lines).toContain('├─ ◑ A    pending, offline for 2 h');
  expect(lines).toContain('└─ ◑ B b  pending');
  expect(lines).toContain('2 stations are pending and may not charge yet:');
  expect(lines).toContain("evfleet station accept 'B b' --site <site>");
  expect(renderStatus(fleet([site('Home', [pending('A', 'available')])]), person(200))).toContain(
    '1 station is pending and may not charge yet: evfleet station accept A\n',
  );
});

it('tells a station that is there and has said nothing yet from one that never was', () => {
  const silent = station('CP1', 'new', { online: true, connectors: [connector(1, 'new')] });
  const never = station('CP2', 'new', { connectors: [connector(1, 'offline', { status: null })] });
  const text = renderStatus(fleet([site('Solna', [silent, never])]), person(80));
  expect(text).toMatch(/· CP1 +no status yet\n│ {2}└─ 1 · no status yet\n/);
  expect(text).toMatch(/· CP2 +never connected\n {3}└─ 1 · no status yet\n/);
});

it('says of a folded place what is wrong first', () => {
  const stations = ['available', 'available', 'charging', 'offline', 'offline', 'faulted'] as const;
  const others = Array.from({ length: 20 }, (_, index) =>
    site(`S${index}`, [station(`L${index}`, 'offline')]),
  );
  const worst = site(
    'Bad',
    stations.map((state, index) => station(`B${index}`, state)),
  );
  const text = renderStatus(fleet([worst, ...others]), person(80), 12);
  expect(text).toMatch(/^Bad .* 1 faulted, 2 offline, 2 available, 1 charging$/m);
});

describe('where it does not fit', () => {
  const quiet = Array.from({ length: 40 }, (_, index) => station(`QUIET${index}`, 'available'));
  const busy = Array.from({ length: 20 }, (_, index) => station(`BUSY${index}`, 'charging'));
  const large = fleet([
    site('Kista', quiet),
    site('Solna', [
      ...quiet,
      ...busy,
      station('LOST', 'offline'),
      station('DOWN', 'offline', { maintenance: true }),
    ]),
  ]);

  it('shows what is wrong, then what is under way, and counts the rest', () => {
    expect(renderStatus(large, person(80), 24)).toBe(`\
102 stations · 100 online · ○ 2 offline · 1 in maintenance
102 connectors · ● 80 available · ▶ 20 charging
Now    220 kW, 20 running sessions
Today  ▁▃▅█····················  7.00 kWh, 3 sessions

Kista    40 stations            ▁▃▅█····················    7.00 kWh
└─ … 40 available

Solna    62 stations    220 kW  ▁▃▅█····················    7.00 kWh
├─ ○ LOST     offline for 2 h
├─ ▶ BUSY0    charging  1 session, 11 kW
├─ ▶ BUSY1    charging  1 session, 11 kW
├─ ▶ BUSY2    charging  1 session, 11 kW
├─ ▶ BUSY3    charging  1 session, 11 kW
├─ ▶ BUSY4    charging  1 session, 11 kW
├─ ▶ BUSY5    charging  1 session, 11 kW
├─ ▶ BUSY6    charging  1 session, 11 kW
├─ ▶ BUSY7    charging  1 session, 11 kW
├─ ▶ BUSY8    charging  1 session, 11 kW
└─ … 52 more: 1 offline, 40 available, 11 charging

Not all are shown: --all shows them, --site those of one site.
`);
  });

  it('shows sites where nothing is wrong in one line', () => {
    const sites = Array.from({ length: 30 }, (_, index) => site(`Site ${index}`, quiet.slice(0, 3)));
    const text = renderStatus(fleet([...sites, site('Bad', [station('LOST', 'offline')])]), person(80), 20);
    expect(text).toContain('└─ ○ LOST');
    expect(text).toContain('… 30 sites where nothing is wrong: 90 available');
  });

  it('shows a line for each site at the end, the worst first', () => {
    const bad = (name: string, count: number) =>
      site(
        name,
        Array.from({ length: count }, (_, index) => station(`${name}-${index}`, 'offline')),
      );
    const sites = Array.from({ length: 30 }, (_, index) => bad(`Site ${index + 1}`, index + 1));
    const lines = renderStatus(fleet(sites, [station('X', 'faulted')]), person(80), 16).split('\n');
    expect(lines[5]).toBe('Site 30    30 stations            30 offline');
    expect(lines[12]).toBe('… 23 more sites: 276 offline');
    expect(lines[13]).toBe('without a site  1 faulted');
    expect(lines.length - 1).toBeLessThanOrEqual(16);
  });

  it('is never higher or wider than the window, whatever the fleet, and says when it is not all', () => {
    const name = fc.constantFrom('CP1', 'Nord 駅', 'a station with a name that is rather long', 'é', 'x');
    const one = fc
      .record({ id: name, state: fc.constantFrom(...states), alarms: fc.nat(1), maintenance: fc.boolean() })
      .map(({ id, state, ...change }) => station(id, state, change));
    const stations = fc.array(one, { maxLength: 12 });
    const place = fc
      .record({ name, stations, onFloor: stations })
      .map(({ name: at, stations: here, onFloor }) =>
        site(at, here, { floors: [{ name: at, stations: onFloor }] }),
      );
    const size = fc.record({
      columns: fc.integer({ min: 50, max: 200 }),
      rows: fc.integer({ min: 16, max: 60 }),
    });
    fc.assert(
      fc.property(
        fc.array(place, { maxLength: 12 }),
        stations,
        size,
        (sites, homeless, { columns, rows }) => {
          const status = fleet(sites, homeless);
          const text = renderStatus(status, person(columns), rows);
          const lines = text.trimEnd().split('\n');
          expect(lines.length).toBeLessThanOrEqual(rows);
          expect(lines.filter((line) => textWidth(line) > columns)).toEqual([]);
          const whole = renderStatus(status, person(columns));
          if (whole.trimEnd().split('\n').length <= rows) expect(text).toBe(whole);
          else expect(text).toContain('--all');
        },
      ),
    );
  });
});

describe('a day on which the clock changes', () => {
  const zone = process.env.TZ;
  beforeAll(() => {
    process.env.TZ = 'Europe/Stockholm';
  });
  afterAll(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  it.each([
    ['2026-03-29', '2026-03-28T23:00:00Z', 23],
    ['2026-10-25', '2026-10-24T22:00:00Z', 25],
    ['2026-11-20', '2026-11-19T23:00:00Z', 24],
  ])('%s has as many hours as it has', (_, start, hours) => {
    const today = { start, energyKwh: 1, hourlyEnergyKwh: [1], sessions: 1 };
    const local = createTerminal({ stdout: { isTTY: true, columns: 80 }, env: { NO_COLOR: '1' } });
    const text = renderStatus(fleet([], [station('CP1', 'available')], { today }), local);
    expect(text).toContain(`Today  █${'·'.repeat(hours - 1)}  1.00 kWh`);
  });
});
