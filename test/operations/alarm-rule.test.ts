import { describe, expect, it } from 'vitest';
import { ruleLimits } from '../../src/domain/alarm-rule-checks.js';
import type { SettingKey } from '../../src/domain/settings.js';
import type { Fleet, Input } from '../../src/operations/fleet.js';
import type { Surroundings } from '../../src/operations/operation.js';
import { failure } from '../helpers/failure.js';
import { testStart } from '../helpers/fake-clock.js';
import { openOperations } from '../helpers/test-operations.js';
import { until } from '../helpers/until.js';
import { newAlarmRule, newGroup, newSite, newStation } from '../store/support/fixtures.js';
import { openPeople } from './people-fixture.js';

const minuteMs = 60_000;
const basic = { triggers: ['fault' as const], recipients: ['ada@example.org'] };

/** Tables are read-only, inputs are not. */
const inputOf = (given: object) => JSON.parse(JSON.stringify(given)) as Partial<Input<'alarm-rule.create'>>;

/** The stations CP1 and CP2 at Solna, CP3 at Kista, and the group Night with CP1. */
async function openRules(given: Partial<Surroundings> = {}) {
  const operations = await openOperations(given);
  await operations.write(async (r) => {
    for (const name of ['Solna', 'Kista']) await r.sites.insert(newSite(name));
    for (const id of ['CP1', 'CP2']) await r.stations.insert(newStation(id, { siteUuid: 'site-Solna' }));
    await r.stations.insert(newStation('CP3', { siteUuid: 'site-Kista' }));
    await r.groups.insert(newGroup('Night'));
    await r.groups.addStation('group-Night', 'station-CP1');
  });
  const create = (change: Partial<Input<'alarm-rule.create'>>) =>
    operations.fleet.run('alarm-rule.create', { name: 'Lost', ...basic, ...change });
  return { ...operations, create };
}

async function set(fleet: Fleet, settings: Partial<Record<SettingKey, string>>): Promise<void> {
  await fleet.run('settings.set', {
    settings: Object.entries(settings).map(([key, value]) => ({ key, value: value ?? '' })),
  });
}

const mailOn = { 'mail.host': 'mail.example.org', 'mail.from': 'fleet@example.org' } as const;
const hooksOn = { 'webhook.secret': 'a secret of some length, 32 characters' } as const;

describe('an alarm rule', () => {
  it('is created with what is usual, shown, changed, disabled and deleted', async () => {
    const { fleet, create } = await openRules();
    const { outcome, item } = await create({ all: true });
    expect(outcome).toBe('created');
    expect(item).toEqual({
      name: 'Lost',
      uuid: expect.any(String),
      enabled: true,
      scope: 'all',
      site: null,
      group: null,
      stations: [],
      triggers: ['fault'],
      recipients: ['ada@example.org'],
      webhooks: [],
      language: 'en',
      steps: ['15m', '1h', '1d'],
      deliberate: false,
      problems: ['Mail is off: mail.host is not set.'],
      createdAt: new Date(testStart).toISOString(),
    });
    const changed = await fleet.run('alarm-rule.update', {
      name: 'lost',
      newName: 'Solna',
      stationIds: ['CP2', 'CP1', 'CP2'],
      triggers: ['connection-lost', 'security'],
      recipients: ['Bo@example.org', 'bo@EXAMPLE.org', 'cy@example.org'],
      webhooks: ['https://example.org/a'],
      language: 'sv',
      stepsMs: [5 * minuteMs, 90 * minuteMs],
      deliberate: true,
    });
    expect(changed).toMatchObject({
      name: 'Solna',
      uuid: item.uuid,
      scope: 'stations',
      stations: ['CP1', 'CP2'],
      triggers: ['connection-lost', 'security'],
      recipients: ['Bo@example.org', 'cy@example.org'],
      webhooks: ['https://example.org/a'],
      language: 'sv',
      steps: ['5m', '1h30m'],
      deliberate: true,
    });
    expect(await fleet.run('alarm-rule.disable', { name: 'Solna' })).toMatchObject({ enabled: false });
    expect(await fleet.run('alarm-rule.show', { name: 'SOLNA' })).toMatchObject({ enabled: false });
    expect(await fleet.run('alarm-rule.enable', { name: 'Solna' })).toMatchObject({ enabled: true });
    expect(await fleet.run('alarm-rule.delete', { name: 'Solna' })).toEqual({ deleted: true });
    const { message } = await failure(fleet.run('alarm-rule.show', { name: 'Solna' }), 'NOT_FOUND');
    expect(message).toBe('There is no alarm rule "Solna".');
    const gone = { name: 'Solna', ignoreNotFound: true };
    expect(await fleet.run('alarm-rule.delete', gone)).toEqual({ deleted: false });
  });

  it.each([
    [{ site: 'solna' }, { scope: 'site', site: 'Solna', group: null, stations: [] }],
    [{ group: 'night' }, { scope: 'group', site: null, group: 'Night', stations: [] }],
    [{ stationIds: ['CP3'] }, { scope: 'stations', site: null, group: null, stations: ['CP3'] }],
  ])('is for what %j names', async (scope, shown) => {
    const { create } = await openRules();
    expect((await create(scope)).item).toMatchObject(shown);
  });

  it('keeps what is not said when it is changed', async () => {
    const { fleet, create } = await openRules();
    const { item } = await create({ site: 'Solna', language: 'de', stepsMs: [minuteMs] });
    const changed = await fleet.run('alarm-rule.update', { name: 'Lost', deliberate: true });
    expect(changed).toEqual({ ...item, deliberate: true });
  });

  it('that exists is left alone, changed, or in the way, as told', async () => {
    const { fleet, create } = await openRules();
    await create({ all: true });
    expect((await failure(create({ name: 'LOST', all: true }), 'EXISTS')).message).toBe(
      'There is a rule Lost already.',
    );
    expect(await create({ all: true, language: 'fr', ifExists: 'skip' })).toMatchObject({
      outcome: 'skipped',
      item: { language: 'en' },
    });
    expect(await create({ site: 'Kista', language: 'fr', ifExists: 'update' })).toMatchObject({
      outcome: 'updated',
      item: { language: 'fr', scope: 'site', site: 'Kista' },
    });
    await create({ name: 'Other', all: true });
    await failure(fleet.run('alarm-rule.update', { name: 'Other', newName: 'lost' }), 'EXISTS');
    const renamed = await fleet.run('alarm-rule.update', { name: 'lost', newName: 'LOST' });
    expect(renamed.name).toBe('LOST');
  });

  it.each([
    [{}, 'USAGE', 'Which stations the rule is for has to be said.'],
    [{ all: true, site: 'Solna' } as const, 'USAGE', 'only one of these'],
    [{ site: 'Sola' }, 'NOT_FOUND', '--site Sola: There is no site "Sola".'],
    [{ group: 'Day' }, 'NOT_FOUND', '--group Day: There is no group "Day".'],
    [{ stationIds: ['CP1', 'CP9'] }, 'NOT_FOUND', '--station CP9: There is no station "CP9".'],
    [{ all: true, recipients: [] } as const, 'USAGE', 'The rule would tell nobody'],
    [{ all: true, triggers: [] } as const, 'USAGE', 'The rule would tell of nothing'],
    [{ all: true, recipients: ['ada@example.org;bo@b.org'] } as const, 'USAGE', 'contains ;'],
    [{ all: true, recipients: ['ada'] } as const, 'USAGE', 'does not have exactly one @'],
    [{ all: true, webhooks: ['http://example.org/'] } as const, 'USAGE', 'is not encrypted'],
    [{ all: true, stepsMs: [] } as const, 'USAGE', 'at least one step'],
    [{ all: true, name: ' Lost' } as const, 'USAGE', 'The name of the alarm rule " Lost" begins or ends'],
  ] as const)('cannot be created with %j', async (change, code, message) => {
    const { fleet, create } = await openRules();
    expect((await failure(create(inputOf(change)), code)).message).toContain(message);
    expect((await fleet.run('alarm-rule.list', {})).items).toEqual([]);
  });

  it('cannot be changed to one that tells nobody, or by nothing', async () => {
    const { fleet, create } = await openRules();
    await create({ all: true });
    await failure(fleet.run('alarm-rule.update', { name: 'Lost' }), 'USAGE');
    await failure(fleet.run('alarm-rule.update', { name: 'Lost', recipients: [] }), 'USAGE');
    const webhooks = ['https://example.org/a'];
    const changed = await fleet.run('alarm-rule.update', { name: 'Lost', recipients: [], webhooks });
    expect(changed).toMatchObject({ recipients: [], webhooks });
  });

  it('may post to private addresses where that is allowed', async () => {
    const { fleet, create } = await openRules();
    await set(fleet, { 'webhook.allow-private': 'on' });
    const webhooks = ['http://10.0.0.1/alarms'];
    expect((await create({ all: true, webhooks })).item.webhooks).toEqual(webhooks);
  });

  it('says why some are not told', async () => {
    const { fleet, create } = await openRules();
    const problems = async () => (await fleet.run('alarm-rule.show', { name: 'Lost' })).problems;
    await create({ stationIds: ['CP1'], webhooks: ['https://example.org/a'] });
    const off = ['Mail is off: mail.host is not set.', 'Webhooks are off: webhook.secret is not set.'];
    expect(await problems()).toEqual(off);
    await set(fleet, { ...mailOn, ...hooksOn });
    expect(await problems()).toEqual([]);
    await fleet.run('station.delete', { id: 'CP1' });
    expect(await problems()).toEqual(['Its stations are all gone.']);
  });

  it('is one of a thousand at most', async () => {
    const { create, write } = await openRules();
    await write(async (r) => {
      for (let i = 0; i < ruleLimits.rules - 1; i += 1) await r.alarmRules.insert(newAlarmRule(`R${i}`));
    });
    await create({ all: true });
    await failure(create({ name: 'More', all: true }), 'CONFLICT');
  });
});

describe('what a rule is for', () => {
  it.each([
    ['site.delete', { site: 'Empty' }, 'Some alarm rules are for site Empty: Lost.'],
    ['group.delete', { group: 'Night' }, 'Some alarm rules are for group Night: Lost.'],
  ] as const)('cannot be deleted: %s', async (operation, scope, message) => {
    const { fleet, create } = await openRules();
    await fleet.run('site.create', { name: 'Empty' });
    await create(scope);
    const [name] = Object.values(scope);
    const error = await failure(fleet.run(operation, { name: `${name}` }), 'HAS_CHILDREN');
    expect(error).toMatchObject({ message, suggestions: ['evfleet alarm rule show Lost'] });
    await fleet.run('alarm-rule.delete', { name: 'Lost' });
    expect(await fleet.run(operation, { name: `${name}` })).toEqual({ deleted: true });
  });

  it('goes with a station; the rule stays for the others', async () => {
    const { fleet, create } = await openRules();
    await create({ stationIds: ['CP1', 'CP2'] });
    await fleet.run('station.delete', { id: 'CP1' });
    expect(await fleet.run('alarm-rule.show', { name: 'Lost' })).toMatchObject({ stations: ['CP2'] });
    // Another station of that name is another station.
    await fleet.run('station.create', { id: 'CP1' });
    expect(await fleet.run('alarm-rule.show', { name: 'Lost' })).toMatchObject({ stations: ['CP2'] });
  });
});

describe('people', () => {
  async function rulesOfPeople() {
    const people = await openPeople();
    const { fleet, user } = people;
    await fleet.run('station.create', { id: 'CP1', site: 'Solna' });
    await fleet.run('station.create', { id: 'CP2', site: 'Kista' });
    await fleet.run('group.create', { name: 'Night' });
    await fleet.run('group.add', { name: 'Night', stationIds: ['CP1'] });
    const scopes = {
      All: { all: true },
      Solna: { site: 'Solna' },
      Kista: { site: 'Kista' },
      Night: { group: 'Night' },
      One: { stationIds: ['CP1'] },
      Both: { stationIds: ['CP1', 'CP2'] },
    } as const;
    for (const [name, scope] of Object.entries(scopes)) {
      await fleet.run('alarm-rule.create', { name, ...basic, ...inputOf(scope) });
    }
    await user('chief@solna.example', 'site-admin', ['Solna']);
    await user('help@solna.example', 'support', ['Solna']);
    await user('help@all.example', 'support');
    await user('driver@solna.example', 'driver', ['Solna']);
    return people;
  }

  it.each([
    ['chief@solna.example', ['One', 'Solna']],
    ['help@solna.example', ['One', 'Solna']],
    ['help@all.example', ['All', 'Both', 'Kista', 'Night', 'One', 'Solna']],
  ])('%s sees the rules that are for nothing but theirs', async (email, names) => {
    const run = await (await rulesOfPeople()).asUser(email);
    const { items } = await run('alarm-rule.list', {});
    expect(items.map(({ name }) => name)).toEqual(names);
  });

  it('drivers see none', async () => {
    const run = await (await rulesOfPeople()).asUser('driver@solna.example');
    await failure(run('alarm-rule.list', {}), 'NOT_ALLOWED');
  });

  it.each([
    [{ all: true }, 'NOT_ALLOWED'],
    [{ group: 'Night' }, 'NOT_ALLOWED'],
    [{ site: 'Kista' }, 'NOT_FOUND'],
    [{ stationIds: ['CP1', 'CP2'] }, 'NOT_FOUND'],
    [{ site: 'Solna' }, undefined],
    [{ stationIds: ['CP1'] }, undefined],
  ] as const)('a site-admin makes a rule for %j, or is told why not', async (scope, code) => {
    const run = await (await rulesOfPeople()).asUser('chief@solna.example');
    const given = inputOf(scope);
    const work = run('alarm-rule.create', { name: 'New', ...basic, ...given });
    const change = run('alarm-rule.update', { name: 'One', ...given });
    if (code === undefined) expect([(await work).outcome, (await change).name]).toEqual(['created', 'One']);
    else expect((await Promise.all([failure(work, code), failure(change, code)])).length).toBe(2);
  });

  it('a site-admin changes no rule that is for more, and learns of none', async () => {
    const run = await (await rulesOfPeople()).asUser('chief@solna.example');
    for (const name of ['All', 'Kista', 'Night', 'Both']) {
      await failure(run('alarm-rule.show', { name }), 'NOT_FOUND');
      await failure(run('alarm-rule.disable', { name }), 'NOT_FOUND');
      await failure(run('alarm-rule.delete', { name }), 'NOT_FOUND');
      await failure(run('alarm-rule.test', { name }), 'NOT_FOUND');
      const { message } = await failure(
        run('alarm-rule.create', { name, ...basic, site: 'Solna' }),
        'CONFLICT',
      );
      expect(message).toBe(`The name ${name} of an alarm rule is not free; choose another one.`);
      await failure(run('alarm-rule.update', { name: 'One', newName: name }), 'CONFLICT');
    }
    expect((await run('alarm-rule.disable', { name: 'Solna' })).enabled).toBe(false);
    expect(await run('alarm-rule.delete', { name: 'One' })).toEqual({ deleted: true });
  });

  it('support that is for some sites looks, and that is all', async () => {
    const run = await (await rulesOfPeople()).asUser('help@solna.example');
    await failure(run('alarm-rule.create', { name: 'New', ...basic, site: 'Solna' }), 'NOT_ALLOWED');
    await failure(run('alarm-rule.update', { name: 'One', language: 'de' }), 'NOT_ALLOWED');
    await failure(run('alarm-rule.enable', { name: 'One' }), 'NOT_ALLOWED');
    await failure(run('alarm-rule.delete', { name: 'One' }), 'NOT_ALLOWED');
    await failure(run('alarm-rule.test', { name: 'One' }), 'NOT_ALLOWED');
  });

  it('support that is for all makes rules for all', async () => {
    const run = await (await rulesOfPeople()).asUser('help@all.example');
    await run('alarm-rule.create', { name: 'New', ...basic, all: true });
    expect(await run('alarm-rule.delete', { name: 'Kista' })).toEqual({ deleted: true });
  });
});

describe('a test', () => {
  const serving = { server: (() => undefined) as unknown as NonNullable<Surroundings['server']> };
  const everybody = {
    all: true as const,
    recipients: ['ada@example.org', 'bo@example.org'],
    webhooks: ['https://example.org/a'],
    language: 'de' as const,
  };

  it('puts a sample for everybody into the outbox, of a disabled rule too', async () => {
    const { fleet, create, write } = await openRules();
    await set(fleet, { ...mailOn, ...hooksOn });
    await create(everybody);
    await fleet.run('alarm-rule.disable', { name: 'Lost' });
    const result = await fleet.run('alarm-rule.test', { name: 'LOST', waitMs: 5000 });
    // Nobody waits for a server that does not run.
    expect(result).toMatchObject({ name: 'Lost', enabled: false, sending: false });
    expect(result.messages).toEqual([
      { channel: 'mail', recipient: 'ada@example.org', state: 'pending', error: null, id: 1 },
      { channel: 'mail', recipient: 'bo@example.org', state: 'pending', error: null, id: 2 },
      { channel: 'webhook', recipient: 'https://example.org/a', state: 'pending', error: null, id: 3 },
    ]);
    const message = await write((r) => r.outbox.find(1));
    expect(message).toMatchObject({ kind: 'test', threadKey: null, state: 'pending' });
    expect(JSON.parse(message?.payload ?? '')).toEqual({
      language: 'de',
      notification: { kind: 'test', time: testStart, rule: 'Lost' },
    });
  });

  it('says who cannot be told, and tells the others', async () => {
    const { fleet, create } = await openRules();
    await set(fleet, mailOn);
    await create(everybody);
    const { messages } = await fleet.run('alarm-rule.test', { name: 'Lost' });
    expect(messages.map(({ state, error }) => [state, error])).toEqual([
      ['pending', null],
      ['pending', null],
      ['off', 'webhook.secret is not set'],
    ]);
  });

  it('fails when nobody can be told', async () => {
    const { fleet, create } = await openRules();
    await create(everybody);
    const { message } = await failure(fleet.run('alarm-rule.test', { name: 'Lost' }), 'CONFLICT');
    expect(message).toBe(
      'The rule Lost can tell nobody. Mail is off: mail.host is not set. Webhooks are off: webhook.secret is not set.',
    );
    expect((await fleet.run('outbox.list', {})).items).toEqual([]);
  });

  it('waits until each sample was sent, or was not', async () => {
    const { fleet, create, write, clock } = await openRules(serving);
    await set(fleet, { ...mailOn, ...hooksOn });
    await create(everybody);
    const ended = { nextAttemptAt: null, endedAt: testStart, attempts: 1 };
    let isOver = false;
    const work = fleet.run('alarm-rule.test', { name: 'Lost', waitMs: 60_000 }).finally(() => {
      isOver = true;
    });
    await until(() => clock.pending > 0);
    await write(async (r) => {
      await r.outbox.update(1, { ...ended, state: 'sent' });
      await r.outbox.update(2, { attempts: 1, nextAttemptAt: testStart + 60_000, lastError: '450 later' });
    });
    clock.advance(200);
    await until(() => clock.pending > 0);
    expect(isOver).toBe(false);
    await write((r) => r.outbox.update(3, { ...ended, state: 'dead', lastError: '404' }));
    clock.advance(200);
    expect((await work).messages.map(({ state, error }) => [state, error])).toEqual([
      ['sent', null],
      ['failed', '450 later'],
      ['dead', '404'],
    ]);
    expect(clock.pending).toBe(0);
  });

  it('waits no longer than told', async () => {
    const { fleet, create, clock } = await openRules(serving);
    await set(fleet, mailOn);
    await create({ all: true });
    const work = fleet.run('alarm-rule.test', { name: 'Lost', waitMs: 300 });
    await until(() => clock.pending > 0);
    clock.advance(200);
    await until(() => clock.pending > 0);
    clock.advance(100);
    expect(await work).toMatchObject({ sending: true, messages: [{ state: 'pending', error: null }] });
  });

  it('is given up when nobody waits any more', async () => {
    const { fleet, create, clock, abort } = await openRules(serving);
    await set(fleet, mailOn);
    await create({ all: true });
    const work = fleet.run('alarm-rule.test', { name: 'Lost', waitMs: 300 });
    await until(() => clock.pending > 0);
    abort.abort(new Error('gone'));
    await expect(work).rejects.toThrow('gone');
    expect(clock.pending).toBe(0);
  });

  it('does not wait behind a message that does not get through', async () => {
    const { fleet, create, write } = await openRules(serving);
    await set(fleet, mailOn);
    await create({ all: true });
    await fleet.run('alarm-rule.test', { name: 'Lost' });
    const second = await fleet.run('alarm-rule.test', { name: 'Lost' });
    expect(second.messages).toMatchObject([
      { state: 'pending', error: 'Message 1 to the same recipient comes first.' },
    ]);
    await write((r) => r.outbox.update(1, { attempts: 1, lastError: 'No connection.' }));
    const third = await fleet.run('alarm-rule.test', { name: 'Lost', waitMs: 60_000 });
    expect(third.messages).toMatchObject([
      { state: 'failed', error: 'Message 1 to the same recipient comes first: No connection.' },
    ]);
  });

  it('by a site-admin gets into the outbox of the fleet', async () => {
    const { fleet, user, asUser, write } = await openPeople();
    await set(fleet, mailOn);
    await fleet.run('alarm-rule.create', { name: 'Solna', ...basic, site: 'Solna' });
    await user('chief@solna.example', 'site-admin', ['Solna']);
    const run = await asUser('chief@solna.example');
    expect(await run('alarm-rule.test', { name: 'Solna' })).toMatchObject({
      messages: [{ recipient: 'ada@example.org', state: 'pending' }],
    });
    expect(await write((r) => r.outbox.count({ state: 'pending' }))).toBe(1);
  });
});
