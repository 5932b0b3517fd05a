import { describe, expect, it } from 'vitest';
import { FleetError } from '../../../src/domain/errors.js';
import { desiredOf, emptyConfiguration } from '../../../src/domain/station/configuration.js';
import {
  bringAbout,
  type CallStation,
  readAllKeys,
  readKeys,
} from '../../../src/domain/station/configuration-exchange.js';
import { settled } from '../../../src/domain/station/configuration-retry.js';

/** A station with these keys; `answers` says what it says to a change instead of doing it. */
class Station {
  readonly keys: Map<string, string>;
  readonly asked: (readonly string[])[] = [];
  readonly changes: string[] = [];
  answers: Record<string, string | Error> = {};

  constructor(keys: Record<string, string>) {
    this.keys = new Map(Object.entries(keys));
  }

  readonly call: CallStation = async (action, payload) => {
    if (action === 'GetConfiguration') {
      const wanted = (payload.key ?? [...this.keys.keys()]) as string[];
      this.asked.push(wanted);
      const max = Number(this.keys.get('GetConfigurationMaxKeys') ?? 100);
      if (payload.key !== undefined && wanted.length > max) throw new FleetError('REFUSED', 'too many keys');
      const configurationKey = wanted
        .filter((key) => this.keys.has(key))
        .map((key) => ({ key, readonly: false, value: this.keys.get(key) }));
      return { configurationKey, unknownKey: wanted.filter((key) => !this.keys.has(key)) };
    }
    const { key, value } = payload as { key: string; value: string };
    this.changes.push(`${key}=${value}`);
    const answer = this.answers[key];
    if (answer instanceof Error) throw answer;
    if (answer !== undefined) return { status: answer };
    if (!this.keys.has(key)) return { status: 'NotSupported' };
    this.keys.set(key, value);
    return { status: 'Accepted' };
  };
}

const nobody = { vendor: null, model: null, firmwareVersion: null };
const want = (configuration: Record<string, string>) => desiredOf([{ match: {}, configuration }], nobody);
const now = () => 1000;
const unknownStation = { known: emptyConfiguration('u'), bootedAt: null, now };

describe('reading keys by name', () => {
  const many = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`K${i}`, String(i)]));

  it.each([
    [{ GetConfigurationMaxKeys: '3' }, [1, 3, 3, 1]],
    [{ GetConfigurationMaxKeys: '1' }, [1, 1, 1, 1, 1, 1, 1, 1]],
    [{ GetConfigurationMaxKeys: '50' }, [1, 7]],
    [{ GetConfigurationMaxKeys: '0' }, [1, 7]],
    [{ GetConfigurationMaxKeys: 'many' }, [1, 7]],
    [{}, [1, 7]],
  ])('of a station with %j asks for never more at once', async (limit, sizes) => {
    const station = new Station({ ...many, ...limit });
    if (Number((limit as { GetConfigurationMaxKeys?: string }).GetConfigurationMaxKeys) === 0) {
      station.keys.set('GetConfigurationMaxKeys', 'none');
    }
    const { entries, unknown } = await readKeys(station.call, Object.keys(many), unknownStation);
    expect(station.asked.map((keys) => keys.length)).toEqual(sizes);
    expect(entries.map(({ value }) => value)).toEqual(Object.values(many));
    expect(unknown).toEqual([]);
  });

  it('asks for the limit only once, and again after a boot', async () => {
    const station = new Station({ ...many, GetConfigurationMaxKeys: '5' });
    const { learned } = await readAllKeys(station.call, now);
    const known = learned(emptyConfiguration('u'));
    station.asked.length = 0;
    await readKeys(station.call, ['K0', 'K1'], { known, bootedAt: 900, now });
    expect(station.asked).toEqual([['K0', 'K1']]);
    station.asked.length = 0;
    await readKeys(station.call, ['K0', 'K1'], { known, bootedAt: 1001, now });
    expect(station.asked).toEqual([['GetConfigurationMaxKeys'], ['K0', 'K1']]);
  });

  it('asks for one key at once, and for a key named twice once', async () => {
    const station = new Station(many);
    await readKeys(station.call, ['K1', 'k1'], unknownStation);
    expect(station.asked).toEqual([['k1']]);
  });

  it('says what the station does not have, and tells nobody of the limit', async () => {
    const station = new Station({ A: '1', GetConfigurationMaxKeys: '9' });
    const { entries, unknown } = await readKeys(station.call, ['A', 'B', 'C'], unknownStation);
    expect(entries.map(({ key }) => key)).toEqual(['A']);
    expect(unknown).toEqual(['B', 'C']);
  });

  it('understands answers of odd forms', async () => {
    const call = async () => ({ configurationKey: [{ key: 'A', value: 7 }, null, { key: 3 }, 'x'] });
    const { entries, unknown } = await readKeys(call, ['A', 'B'], { ...unknownStation });
    expect(entries.filter(({ key }) => key === 'A')[0]).toEqual({ key: 'A', value: '7', readOnly: false });
    expect(unknown).toEqual(['B']);
  });
});

describe('bringing about what is desired', () => {
  const options = (configuration: Record<string, string>) => ({
    ...unknownStation,
    desired: want(configuration),
  });

  it('sends only what differs, and reads it back', async () => {
    const station = new Station({ A: '1', B: '2', GetConfigurationMaxKeys: '9' });
    const { states, sent, failure } = await bringAbout(station.call, options({ A: '1', B: '3' }));
    expect(station.changes).toEqual(['B=3']);
    expect(station.asked.at(-1)).toEqual(['B']);
    expect([[...states.values()], sent, failure]).toEqual([['applied', 'applied'], ['B'], undefined]);
  });

  it.each([
    ['Rejected', 'rejected', null],
    ['NotSupported', 'not-supported', null],
    ['RebootRequired', 'reboot-required', null],
    // It says yes and does nothing.
    ['Accepted', 'drifted', 61_000],
  ])('of which the station says %s', async (status, state, dueAt) => {
    const station = new Station({ A: '1' });
    station.answers = { A: status };
    const endeavour = await bringAbout(station.call, options({ A: '2' }));
    expect([...endeavour.states.values()]).toEqual([state]);
    const known = settled(endeavour, want({ A: '2' }), now())(emptyConfiguration('u'));
    expect(known.dueAt).toBe(dueAt);
    station.changes.length = 0;
    await bringAbout(station.call, { ...options({ A: '2' }), known });
    // What it said is its last word, until it boots or something else is desired.
    expect(station.changes).toEqual(status === 'Accepted' ? ['A=2'] : []);
    await bringAbout(station.call, { ...options({ A: '3' }), known });
    expect(station.changes.at(-1)).toBe('A=3');
    station.changes.length = 0;
    await bringAbout(station.call, { ...options({ A: '2' }), known, bootedAt: 1001 });
    expect(station.changes).toEqual(['A=2']);
  });

  it('takes an error of the station for a no, and goes on with the other keys', async () => {
    const station = new Station({ A: '1', B: '1' });
    station.answers = { A: new FleetError('REFUSED', 'InternalError') };
    const { states } = await bringAbout(station.call, options({ A: '2', B: '2' }));
    expect([...states.values()]).toEqual(['rejected', 'applied']);
  });

  it('keeps what it learned before the station went silent', async () => {
    const station = new Station({ A: '1', B: '1' });
    station.answers = { B: new FleetError('TIMED_OUT', 'no answer') };
    const endeavour = await bringAbout(station.call, options({ A: '2', B: '2' }));
    expect(endeavour.failure).toMatchObject({ code: 'TIMED_OUT' });
    const known = settled(endeavour, want({ A: '2', B: '2' }), now())(emptyConfiguration('u'));
    expect(known.answers).toEqual([{ key: 'A', value: '2', status: 'Accepted', at: 1000, readBack: false }]);
    expect([known.attempts, known.dueAt]).toEqual([1, 61_000]);
  });

  it('waits longer after each failure, an hour at most, and forgets them after a success', () => {
    const desired = want({ A: '2' });
    const failed = { learned: <T>(known: T) => known, states: new Map(), sent: [], failure: new Error() };
    let known = emptyConfiguration('u');
    const delays: unknown[] = [];
    for (let i = 0; i < 8; i += 1) {
      known = settled(failed, desired, 0)(known);
      delays.push((known.dueAt ?? 0) / 60_000);
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    const { failure: _, ...worked } = failed;
    expect(settled(worked, desired, 0)(known)).toMatchObject({ attempts: 0, dueAt: null });
  });

  it('sees that somebody has changed what was right all along', async () => {
    const station = new Station({ A: '2' });
    const { learned } = await bringAbout(station.call, options({ A: '2' }));
    station.keys.set('A', '9');
    const reading = await readAllKeys(station.call, now);
    const known = reading.learned(learned(emptyConfiguration('u')));
    const { states } = await bringAbout(async () => Promise.reject(new Error('offline')), {
      ...options({ A: '2' }),
      known,
    });
    expect([...states.values()]).toEqual(['drifted']);
  });
});
