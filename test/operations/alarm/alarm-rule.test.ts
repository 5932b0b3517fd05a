import { describe, expect, it } from 'vitest';
import { ruleLimits } from '../../../src/domain/alarm/alarm-rule-checks.js';
import { failure } from '../../helpers/failure.js';
import { testStart } from '../../helpers/fake-clock.js';
import { newAlarmRule } from '../../store/support/fixtures.js';
import { hooksOn, inputOf, mailOn, openRules, set } from '../alarm-rule-fixture.js';

const minuteMs = 60_000;

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
    [{ all: true, recipients: ['ada@example.org;bo@b.org'] } as const, 'USAGE', 'contains ";"'],
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
