import { describe, expect, it } from 'vitest';
import { alarmKinds } from '../../src/domain/alarm/alarm.js';
import { languages, type Notification, type NotificationKind } from '../../src/domain/alarm/notification.js';
import { namedMax, renderNotification } from '../../src/domain/alarm/notification-message.js';
import { testStart } from '../helpers/fake-clock.js';

const station = { stationId: 'CP001', name: 'North wall', site: 'Solna' };
const hourMs = 3600_000;
const time = testStart;
const since = testStart - hourMs;
const alarm = {
  node: 'CP001 Connector: 1',
  ...station,
  connector: 1,
  alarm: 'ground-failure',
  detail: 'GF-17',
  since,
} as const;
const alarms = { alarm: 'ground-failure', alarms: [alarm], total: 30, rule: 'Night' } as const;
const charging = { ...station, connector: 2, user: 'Ada', tag: '04A2B3C4' };

const samples: { readonly [K in NotificationKind]: Extract<Notification, { kind: K }> } = {
  'station-offline': { kind: 'station-offline', time, since, stepMs: hourMs, ...station },
  'station-back': { kind: 'station-back', time, since, durationMs: hourMs, ...station },
  'stations-offline': {
    kind: 'stations-offline',
    time,
    since,
    stepMs: 900_000,
    stations: [station],
    total: 3,
  },
  'stations-back': { kind: 'stations-back', time, since, stations: [station], total: 3 },
  'charging-started': { kind: 'charging-started', time, ...charging },
  'charging-stopped': { kind: 'charging-stopped', time, ...charging, energyKwh: 12.3456, durationS: 5400 },
  'alarm-opened': { kind: 'alarm-opened', time, ...alarm, rule: 'Night' },
  'alarm-cleared': { kind: 'alarm-cleared', time, ...alarm, rule: null },
  'alarms-opened': { kind: 'alarms-opened', time, ...alarms },
  'alarms-cleared': { kind: 'alarms-cleared', time, ...alarms },
  digest: { kind: 'digest', time, alarms: [alarm], total: 1 },
  test: { kind: 'test', time, rule: 'Night' },
};
const all = Object.values(samples);
const cases = languages.flatMap((language) => all.map((sample) => [language, sample.kind, sample] as const));

it.each(cases)('%s %s says everything, in text and HTML alike', (language, _, sample) => {
  const { subject, text, html } = renderNotification(sample, { language, timeZone: 'Europe/Stockholm' });
  expect(subject).toMatch(/\S/);
  for (const part of [subject, text, html]) expect(part).not.toMatch(/undefined|NaN|\[object/);
  if ('stationId' in sample) expect(subject).toContain('North wall (CP001)');
  if ('node' in sample) expect(subject).toMatch(/North wall \(CP001\), \D+ 1$/);
  // The same words in both: what HTML has more is markup.
  const words = html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"');
  for (const word of text.split(/[\s:]+/).filter((part) => /\p{L}/u.test(part)))
    expect(words).toContain(word);
});

it.each(languages)(
  '%s: going offline, coming back and every other kind have subjects of their own',
  (language) => {
    const subjects = all.map((sample) => renderNotification(sample, { language }).subject);
    expect(new Set(subjects).size).toBe(all.length);
  },
);

it.each(languages)('%s has different words for every alarm', (language) => {
  const said = alarmKinds.map(
    (kind) => renderNotification({ ...samples['alarm-opened'], alarm: kind }, { language }).subject,
  );
  expect(new Set(said).size).toBe(alarmKinds.length);
});

describe('values', () => {
  it.each([
    ['en', /Mon, 4 May 2026(,| at) 11:00 CEST/, '12.346 kWh', /1 hour, 30 minutes/],
    ['de', /Mo., 4. Mai 2026(,| um) 11:00 (Uhr )?MESZ/, '12,346 kWh', /1 Stunde, 30 Minuten/],
    ['sv', /mån 4 maj 2026 (kl. )?11:00 CEST/, '12,346 kWh', /1 timme,? (och )?30 minuter/],
    ['fr', /lun. 4 mai 2026(,| à) 11:00 UTC\+2/, '12,346 kWh', /1 heure,? (et )?30 minutes/],
  ] as const)('in %s are written as there', (language, instant, energy, duration) => {
    const options = { language, timeZone: 'Europe/Stockholm' };
    const flat = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');
    expect(flat(renderNotification(samples['station-back'], options).text)).toMatch(instant);
    const stopped = flat(renderNotification(samples['charging-stopped'], options).text);
    expect(stopped).toContain(energy);
    expect(stopped).toMatch(duration);
  });

  it('that are not known are left out', () => {
    const { text } = renderNotification(
      { ...samples['charging-stopped'], user: null, tag: null, energyKwh: null, site: null },
      { language: 'en', timeZone: 'UTC' },
    );
    // How the date and the time are joined depends on the version of Node.js.
    expect(text.replace('2026 at', '2026,')).toBe(
      [
        'Charging at connector 2 of North wall (CP001) has ended.\n',
        'Station: North wall (CP001)',
        'Connector: 2',
        'Time: Mon, 4 May 2026, 10:00 UTC',
        'Duration: 1 hour, 30 minutes\n',
        '-- ',
        'You get this message because an alarm rule of evfleet names your address.\n',
      ].join('\n'),
    );
  });

  it('of many stations are all named, up to a limit', () => {
    const stations = Array.from({ length: namedMax + 1 }, (_, i) => ({ ...station, stationId: `CP${i}` }));
    const storm = { ...samples['stations-offline'], stations, total: stations.length + 10 };
    const { subject, text } = renderNotification(storm, { language: 'en' });
    expect(subject).toBe('5,011 stations are offline');
    expect(text).toContain(`(CP${namedMax - 1}) · Solna\n- and 11 more\n`);
  });
});
