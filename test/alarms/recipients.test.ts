import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Recipient, recipientsFor, uniqueRecipients } from '../../src/alarms/recipients.js';
import { RuleBook } from '../../src/alarms/rule-book.js';
import { tell } from '../../src/alarms/tell.js';
import type { AlarmRule, RuleScope } from '../../src/domain/alarm/alarm-rule.js';
import type { Repositories } from '../../src/domain/repositories.js';
import type { SettingKey } from '../../src/domain/settings.js';
import { testStart } from '../helpers/fake-clock.js';
import { newAlarmRule, newGroup, newSite, newStation } from '../store/support/fixtures.js';
import { temporaryStores } from '../store/support/open-store.js';

const newStore = temporaryStores();
const trigger = 'connection-lost';
const stationUuid = 'station-CP1';

/** CP1 at Solna, in the groups Night and Day; CP2 nowhere. */
async function fleet(rules: readonly AlarmRule[] = [], settings: Partial<Record<SettingKey, string>> = {}) {
  const store = await newStore();
  await store.write(async (r) => {
    for (const name of ['Solna', 'Kista']) await r.sites.insert(newSite(name));
    for (const name of ['Night', 'Day', 'None']) await r.groups.insert(newGroup(name));
    await r.stations.insert(newStation('CP1', { siteUuid: 'site-Solna' }));
    await r.stations.insert(newStation('CP2'));
    for (const name of ['Night', 'Day']) await r.groups.addStation(`group-${name}`, stationUuid);
    for (const rule of rules) await r.alarmRules.insert(rule);
    for (const [key, value] of Object.entries(settings)) await r.settings.set(key as SettingKey, value, 0);
  });
  return store;
}

/** The same repositories; what they are asked for is counted. */
function counted(r: Repositories): { r: Repositories; asked: Record<string, number> } {
  const asked: Record<string, number> = {};
  const counting = <T extends object>(name: string, repository: T): T =>
    new Proxy(repository, {
      get(target, method) {
        const found: unknown = Reflect.get(target, method);
        if (typeof found !== 'function') return found;
        return (...given: unknown[]) => {
          const key = `${name}.${String(method)}`;
          asked[key] = (asked[key] ?? 0) + 1;
          return found.apply(target, given);
        };
      },
    });
  const { alarmRules, stations, groups } = r;
  return {
    asked,
    r: {
      ...r,
      alarmRules: counting('alarmRules', alarmRules),
      stations: counting('stations', stations),
      groups: counting('groups', groups),
    },
  };
}

const scopes: readonly [string, RuleScope, boolean][] = [
  ['all', { kind: 'all' }, true],
  ['its site', { kind: 'site', siteUuid: 'site-Solna' }, true],
  ['another site', { kind: 'site', siteUuid: 'site-Kista' }, false],
  ['a group of it', { kind: 'group', groupUuid: 'group-Day' }, true],
  ['another group', { kind: 'group', groupUuid: 'group-None' }, false],
  ['the station itself', { kind: 'stations', stationUuids: ['station-CP2', stationUuid] }, true],
  ['other stations', { kind: 'stations', stationUuids: ['station-CP2'] }, false],
  ['no stations any more', { kind: 'stations', stationUuids: [] }, false],
];

describe('a rule', () => {
  it.each(scopes)('that is for %s', async (_, scope, holds) => {
    const store = await fleet([newAlarmRule('A', { scope })]);
    const told = await store.read((r) => recipientsFor(new RuleBook(r), { trigger, stationUuid }));
    expect(told.length).toBe(holds ? 1 : 0);
  });

  it('that is disabled, or for something else, tells nobody', async () => {
    const store = await fleet([
      newAlarmRule('A', { enabled: false }),
      newAlarmRule('B', { triggers: ['fault', 'security'] }),
    ]);
    expect(await store.read((r) => recipientsFor(new RuleBook(r), { trigger, stationUuid }))).toEqual([]);
  });

  it('for all is for no station that was deleted', async () => {
    const store = await fleet([newAlarmRule('A')]);
    const about = { trigger, stationUuid: 'gone' } as const;
    expect(await store.read((r) => recipientsFor(new RuleBook(r), about))).toEqual([]);
  });

  it('goes by where the station stands now', async () => {
    const store = await fleet([newAlarmRule('A', { scope: { kind: 'site', siteUuid: 'site-Kista' } })]);
    await store.write((r) => r.stations.update(stationUuid, { siteUuid: 'site-Kista' }));
    const told = await store.read((r) => recipientsFor(new RuleBook(r), { trigger, stationUuid }));
    expect(told.map(({ ruleName }) => ruleName)).toEqual(['A']);
  });

  it('says how its recipients are told', async () => {
    const rule = newAlarmRule('A', {
      recipients: ['Ada@Example.org'],
      webhooks: ['https://Example.org/Hook'],
      language: 'sv',
      stepsMs: [60_000],
      deliberate: true,
    });
    const store = await fleet([rule]);
    const how = { language: 'sv', ruleUuid: 'rule-A', ruleName: 'A', stepsMs: [60_000], deliberate: true };
    expect(await store.read((r) => recipientsFor(new RuleBook(r), { trigger, stationUuid }))).toEqual([
      { channel: 'mail', address: 'Ada@Example.org', key: 'ada@example.org', ...how },
      { channel: 'webhook', address: 'https://Example.org/Hook', key: 'https://example.org/Hook', ...how },
    ]);
  });
});

it('reads rules once and each station once in a step, however many events there are', async () => {
  const store = await fleet(scopes.map(([name, scope]) => newAlarmRule(name, { scope })));
  await store.read(async (repositories) => {
    const { r, asked } = counted(repositories);
    const rules = new RuleBook(r);
    for (let event = 0; event < 50; event += 1) {
      await recipientsFor(rules, { trigger, stationUuid });
      await recipientsFor(rules, { trigger: 'fault', stationUuid: 'station-CP2' });
    }
    expect(asked).toEqual({
      'alarmRules.listEnabled': 1,
      'alarmRules.listUuidsByStation': 1,
      'stations.findByUuid': 1,
      'groups.listUuidsByStation': 1,
    });
  });
});

const address = fc.constantFrom('ada@a.org', 'Ada@A.org', 'bo@b.org', 'BO@b.org', 'cy@c.org');
const url = fc.constantFrom('https://x.org/a', 'https://X.org/a', 'https://x.org/A');
const anyRule = fc.record({
  scope: fc.constantFrom(...scopes.map(([, scope]) => scope)),
  recipients: fc.array(address, { maxLength: 4 }),
  webhooks: fc.array(url, { maxLength: 3 }),
  language: fc.constantFrom('en', 'de', 'sv', 'fr'),
  enabled: fc.boolean(),
});

it('of whatever rules overlap, each address is told once, as the first rule that names it says', async () => {
  const store = await fleet();
  const kindOf = (scope: RuleScope) => JSON.stringify(scope);
  const holds = new Map(scopes.map(([, scope, isHeld]) => [kindOf(scope), isHeld]));
  await fc.assert(
    fc.asyncProperty(fc.array(anyRule, { maxLength: 5 }), async (given) => {
      const rules = given.map((rule, at) => newAlarmRule(`${'zyxwv'[at]}`, rule as Partial<AlarmRule>));
      const told = await store.write(async (r) => {
        for (const rule of rules) await r.alarmRules.insert(rule);
        const found = await recipientsFor(new RuleBook(r), { trigger, stationUuid });
        for (const { uuid } of rules) await r.alarmRules.delete(uuid);
        return uniqueRecipients(found);
      });
      const byName = rules.filter(({ enabled, scope }) => enabled && holds.get(kindOf(scope))).reverse();
      const first = new Map<string, string>();
      for (const { name, language, recipients, webhooks } of byName) {
        const keys = [
          ...recipients.map((one) => one.toLowerCase()),
          ...webhooks.map((one) => new URL(one).href),
        ];
        for (const key of keys) if (!first.has(key)) first.set(key, `${name} ${language}`);
      }
      const said = told.map(({ key, ruleName, language }) => [key, `${ruleName} ${language}`]);
      expect(said.length).toBe(new Set(said.map(([key]) => key)).size);
      expect(new Map(said as [string, string][])).toEqual(first);
    }),
    { numRuns: 100 },
  );
});

describe('word', () => {
  const recipient = (name: string, change: Partial<Recipient> = {}): Recipient => ({
    channel: 'mail',
    address: name,
    key: name.toLowerCase(),
    language: 'en',
    ruleUuid: 'rule-A',
    ruleName: 'A',
    stepsMs: [60_000],
    deliberate: false,
    ...change,
  });
  const hook = recipient('https://example.org/', { channel: 'webhook' });
  const mailOn = { 'mail.host': 'mail.example.org', 'mail.from': 'fleet@example.org' };
  const allOn = { ...mailOn, 'webhook.secret': 'a secret of some length, 32 characters' };
  const notification = { kind: 'test', time: testStart, rule: null } as const;
  const about = { subjectUuid: 'outage-1', stepMs: 60_000, threadKey: 'outage-1' };

  async function telling(settings: Partial<Record<SettingKey, string>>) {
    const store = await fleet([], settings);
    let id = 0;
    const newId = () => {
      id += 1;
      return `id-${id}`;
    };
    return {
      tell: (recipients: readonly Recipient[], subject = about) =>
        store.write(async (r) => {
          const told = await tell({ r, now: testStart, newId }, recipients, notification, subject);
          return told.map(({ address: to }) => to);
        }),
      queued: () => store.read(async (r) => (await r.outbox.list({}, { limit: 99 })).reverse()),
      notices: () => store.read((r) => r.notices.listBySubject(about.subjectUuid)),
    };
  }

  it('of a step goes to each once, whoever names them, and however often it is said', async () => {
    const { tell, queued, notices } = await telling(allOn);
    const ada = recipient('Ada@a.org');
    const again = recipient('ada@A.org', { ruleUuid: 'rule-B', ruleName: 'B', language: 'sv' });
    expect(await tell([ada, again, hook])).toEqual(['Ada@a.org', 'https://example.org/']);
    expect(await tell([again, hook, recipient('bo@b.org')])).toEqual(['bo@b.org']);
    expect(await tell([ada], { ...about, stepMs: 120_000 })).toEqual(['Ada@a.org']);
    const messages = await queued();
    expect(messages.map(({ recipient: to, threadKey }) => [to, threadKey])).toEqual(
      ['Ada@a.org', 'https://example.org/', 'bo@b.org', 'Ada@a.org'].map((to) => [to, 'outage-1']),
    );
    expect(JSON.parse(messages[0]?.payload ?? '')).toMatchObject({
      language: 'en',
      notification: { kind: 'test' },
    });
    expect((await notices()).map(({ recipientKey, stepMs }) => `${recipientKey} ${stepMs}`)).toEqual([
      'ada@a.org 60000',
      'bo@b.org 60000',
      'https://example.org/ 60000',
      'ada@a.org 120000',
    ]);
  });

  it.each([
    ['mail', { 'webhook.secret': allOn['webhook.secret'] }, ['https://example.org/']],
    ['webhooks', mailOn, ['ada@a.org']],
    ['both', {}, []],
  ])('is not noted as sent while %s cannot be', async (_, settings, told) => {
    const { tell, queued, notices } = await telling(settings);
    expect(await tell([recipient('ada@a.org'), hook])).toEqual(told);
    expect((await queued()).map(({ recipient: to }) => to)).toEqual(told);
    expect((await notices()).map(({ recipientKey }) => recipientKey)).toEqual(told);
  });
});
