import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocalCalendar } from '../../src/domain/local-calendar.js';

const stockholm = new LocalCalendar('Europe/Stockholm');
const time = (text: string) => {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return { hour, minute };
};
const iso = (instant: number) => new Date(instant).toISOString().replace(':00.000Z', 'Z');

describe('the next time of day', () => {
  it.each([
    ['Europe/Stockholm', '03:30', '2026-05-04T10:00Z', '2026-05-05T01:30Z'],
    ['Europe/Stockholm', '03:30', '2026-05-05T01:29Z', '2026-05-05T01:30Z'],
    ['Europe/Stockholm', '03:30', '2026-05-05T01:30Z', '2026-05-06T01:30Z'],
    ['Europe/Stockholm', '00:00', '2026-12-31T22:59Z', '2026-12-31T23:00Z'],
    // 02:00 to 03:00 does not exist on 29 March.
    ['Europe/Stockholm', '02:30', '2026-03-28T12:00Z', '2026-03-29T01:30Z'],
    ['Europe/Stockholm', '02:30', '2026-03-29T01:30Z', '2026-03-30T00:30Z'],
    // 02:00 to 03:00 comes twice on 25 October; the first one counts.
    ['Europe/Stockholm', '02:30', '2026-10-24T12:00Z', '2026-10-25T00:30Z'],
    ['Europe/Stockholm', '02:30', '2026-10-25T00:30Z', '2026-10-26T01:30Z'],
    ['Europe/Stockholm', '02:30', '2026-10-25T01:15Z', '2026-10-26T01:30Z'],
    // The day begins at 01:00 on 27 March.
    ['Asia/Beirut', '00:00', '2022-03-26T12:00Z', '2022-03-26T22:00Z'],
    // Half an hour of daylight saving.
    ['Australia/Lord_Howe', '02:15', '2026-10-03T12:00Z', '2026-10-03T15:45Z'],
    ['America/Los_Angeles', '23:59', '2026-11-01T07:30Z', '2026-11-02T07:59Z'],
    ['Pacific/Kiritimati', '03:30', '2026-05-04T10:00Z', '2026-05-04T13:30Z'],
    ['UTC', '03:30', '2026-05-04T03:30Z', '2026-05-05T03:30Z'],
  ])('in %s at %s after %s is %s', (zone, text, now, expected) => {
    expect(iso(new LocalCalendar(zone).next(time(text), Date.parse(now)))).toBe(expected);
  });
});

describe('the latest time of day', () => {
  it.each([
    ['03:30', '2026-05-04T01:29Z', '2026-05-03T01:30Z'],
    ['03:30', '2026-05-04T01:30Z', '2026-05-04T01:30Z'],
    ['02:30', '2026-03-29T02:00Z', '2026-03-29T01:30Z'],
    ['02:30', '2026-10-25T01:45Z', '2026-10-25T00:30Z'],
    ['02:30', '2026-10-26T01:00Z', '2026-10-25T00:30Z'],
  ])('at %s until %s was %s', (text, now, expected) => {
    expect(iso(stockholm.latest(time(text), Date.parse(now)))).toBe(expected);
  });
});

it('comes exactly once on every day, whatever the zone and its changes', () => {
  const zones = [
    'Europe/Stockholm',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Beirut',
    'Asia/Kathmandu',
  ];
  const day = (zone: string) => new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) }),
      fc.integer({ min: Date.UTC(2021, 0), max: Date.UTC(2031, 0) }),
      (zone, timeOfDay, now) => {
        const calendar = new LocalCalendar(zone);
        const next = calendar.next(timeOfDay, now);
        const latest = calendar.latest(timeOfDay, now);
        expect(latest).toBeLessThanOrEqual(now);
        expect(next).toBeGreaterThan(now);
        expect(calendar.latest(timeOfDay, next)).toBe(next);
        expect(calendar.latest(timeOfDay, next - 1)).toBe(latest);
        const days = (Date.parse(day(zone).format(next)) - Date.parse(day(zone).format(latest))) / 86_400_000;
        expect(days).toBe(1);
      },
    ),
  );
});

it('goes by the zone of the process unless told', () => {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const now = Date.UTC(2026, 4, 4, 10);
  const expected = new LocalCalendar(timeZone).next(time('03:30'), now);
  expect(new LocalCalendar().next(time('03:30'), now)).toBe(expected);
});
