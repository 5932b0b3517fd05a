import { describe, expect, it } from 'vitest';
import { newTag } from '../../../src/domain/new-entities.js';
import { systemCaller } from '../../../src/domain/people/caller.js';
import { individualChangesMax } from '../../../src/operations/audit/change-record.js';
import { recordingStore } from '../../../src/operations/audit/recording-store.js';
import type { Fleet } from '../../../src/operations/fleet.js';
import { failure } from '../../helpers/failure.js';
import { testStart } from '../../helpers/fake-clock.js';
import { temporaryStores } from '../../store/support/open-store.js';
import { openAudited } from './fixture.js';

interface Case {
  readonly before?: (fleet: Fleet) => Promise<unknown>;
  readonly act: (fleet: Fleet) => Promise<unknown>;
  /** `kind target`, before and after. */
  readonly recorded: readonly (readonly [string, unknown, unknown])[];
}

const site = (fleet: Fleet) => fleet.run('site.create', { name: 'Solna', address: 'Storgatan 1' });
const station = async (fleet: Fleet) => {
  await site(fleet);
  await fleet.run('floor.create', { site: 'Solna', name: 'P1', level: -1 });
  await fleet.run('station.create', { id: 'CP1', site: 'Solna', connectors: 2 });
};
const stationDefaults = {
  registration: 'accepted',
  securityProfile: 0,
  hasAuthKey: false,
  expectsPong: true,
};
const group = async (fleet: Fleet) => {
  await station(fleet);
  await fleet.run('station.create', { id: 'CP2' });
  await fleet.run('group.create', { name: 'Night' });
  await fleet.run('group.add', { name: 'Night', stationIds: ['CP1'] });
};
const user = async (fleet: Fleet) => {
  await site(fleet);
  await fleet.run('user.create', {
    email: 'ada@example.org',
    role: 'site-admin',
    sites: ['Solna'],
    password: 'correct horse 1',
  });
};
const ada = { email: 'ada@example.org', role: 'site-admin', sites: ['Solna'] };
const flags = { disabled: false, emailAtAlarm: false };
const acme = { match: { vendor: 'Acme' }, configuration: { HeartbeatInterval: '300', LightIntensity: '50' } };

const ruleInput = {
  triggers: ['fault' as const],
  recipients: ['ada@example.org'],
  webhooks: ['https://example.org/s3cret'],
};
const rule = (fleet: Fleet) => fleet.run('alarm-rule.create', { ...ruleInput, name: 'Lost', site: 'Solna' });
const lost = {
  name: 'Lost',
  enabled: true,
  triggers: ['fault'],
  recipients: ['ada@example.org'],
  webhooks: ['https://example.org/***'],
  language: 'en',
  steps: ['15m', '1h', '1d'],
  deliberate: false,
  webhookAddresses: '***',
};

const cases: Record<string, Case> = {
  'a site that is created': {
    act: site,
    recorded: [['site Solna', null, { name: 'Solna', address: 'Storgatan 1' }]],
  },
  'a site that gets another name and place': {
    before: site,
    act: (fleet) => fleet.run('site.update', { name: 'Solna', newName: 'Kista', lat: 59.4, lon: 17.9 }),
    recorded: [
      ['site Solna', { name: 'Solna', lat: null, lon: null }, { name: 'Kista', lat: 59.4, lon: 17.9 }],
    ],
  },
  'a site that is deleted': {
    before: site,
    act: (fleet) => fleet.run('site.delete', { name: 'Solna' }),
    recorded: [['site Solna', { name: 'Solna', address: 'Storgatan 1' }, null]],
  },
  'a floor that gets another level': {
    before: station,
    act: (fleet) => fleet.run('floor.update', { site: 'Solna', name: 'P1', level: -2 }),
    recorded: [['floor Solna P1', { level: -1 }, { level: -2 }]],
  },
  'a station that is created with connectors': {
    before: site,
    act: (fleet) => fleet.run('station.create', { id: 'CP1', site: 'Solna', connectors: 2 }),
    recorded: [
      ['station CP1', null, { id: 'CP1', name: 'CP1', site: 'Solna', connectors: 2, ...stationDefaults }],
    ],
  },
  'a station that is moved': {
    before: station,
    act: (fleet) => fleet.run('station.move', { id: 'CP1', site: 'Solna', floor: 'P1' }),
    recorded: [['station CP1', { floor: null }, { floor: 'P1' }]],
  },
  'a station that loses a connector': {
    before: async (fleet) => {
      await station(fleet);
      await fleet.run('connector.update', { stationId: 'CP1', connector: 2, evseId: 'SE*1' });
    },
    act: (fleet) => fleet.run('station.update', { id: 'CP1', connectors: 1 }),
    recorded: [
      ['station CP1', { connectors: 2 }, { connectors: 1 }],
      ['connector CP1 2', { mode: 'rfid', evseId: 'SE*1' }, null],
    ],
  },
  'a station that is deleted, with what it was in': {
    before: group,
    act: (fleet) => fleet.run('station.delete', { id: 'CP1' }),
    recorded: [
      [
        'station CP1',
        { id: 'CP1', name: 'CP1', site: 'Solna', groups: ['Night'], connectors: 2, ...stationDefaults },
        null,
      ],
      ['connector CP1 1', { mode: 'rfid' }, null],
      ['connector CP1 2', { mode: 'rfid' }, null],
    ],
  },
  'a connector that opens': {
    before: station,
    act: (fleet) => fleet.run('connector.update', { stationId: 'CP1', connector: 1, mode: 'open' }),
    recorded: [['connector CP1 1', { mode: 'rfid' }, { mode: 'open' }]],
  },
  'a group that gets a station': {
    before: group,
    act: (fleet) => fleet.run('group.add', { name: 'Night', stationIds: ['CP1', 'CP2'] }),
    recorded: [['group Night', {}, { added: ['CP2'] }]],
  },
  'a group that loses one': {
    before: group,
    act: (fleet) => fleet.run('group.remove', { name: 'Night', stationIds: ['CP1'] }),
    recorded: [['group Night', { removed: ['CP1'] }, {}]],
  },
  'a group that is deleted': {
    before: group,
    act: (fleet) => fleet.run('group.delete', { name: 'Night' }),
    recorded: [['group Night', { name: 'Night', stations: ['CP1'] }, null]],
  },
  'a user who is created, without the password': {
    act: user,
    recorded: [
      ['site Solna', null, { name: 'Solna', address: 'Storgatan 1' }],
      ['user ada@example.org', null, { ...ada, ...flags, password: '***' }],
    ],
  },
  'a user who gets another password': {
    before: user,
    act: (fleet) => fleet.run('user.update', { email: 'ada@example.org', password: 'correct horse 2' }),
    recorded: [['user ada@example.org', { password: '***' }, { password: '***' }]],
  },
  'a user who gets another role': {
    before: user,
    act: (fleet) => fleet.run('user.update', { email: 'ada@example.org', role: 'support', sites: [] }),
    recorded: [
      ['user ada@example.org', { role: 'site-admin', sites: ['Solna'] }, { role: 'support', sites: [] }],
    ],
  },
  'a tag with its user, for as long as it holds': {
    before: user,
    act: (fleet) =>
      fleet.run('tag.create', { tag: 'AbC1', user: 'ada@example.org', expiresAt: testStart + 1000 }),
    recorded: [
      ['tag AbC1', null, { blocked: false, expires: '2026-05-04T10:00:01.000Z', user: 'ada@example.org' }],
    ],
  },
  'a tag that is blocked': {
    before: (fleet) => fleet.run('tag.create', { tag: 'AbC1' }),
    act: (fleet) => fleet.run('tag.block', { tag: 'ABC1' }),
    recorded: [['tag AbC1', { blocked: false }, { blocked: true }]],
  },
  'a setting, and its way back to the default': {
    act: async (fleet) => {
      await fleet.run('settings.set', { settings: [{ key: 'retention.events', value: '30d' }] });
      await fleet.run('settings.set', { settings: [{ key: 'retention.events', value: '' }] });
    },
    recorded: [
      ['setting retention.events', { value: '90d' }, { value: '30d' }],
      ['setting retention.events', { value: '30d' }, { value: '90d' }],
    ],
  },
  'a secret among the settings, masked': {
    before: (fleet) =>
      fleet.run('settings.set', { settings: [{ key: 'mail.password', value: 'open sesame' }] }),
    act: async (fleet) => {
      await fleet.run('settings.set', { settings: [{ key: 'mail.password', value: 'open barley' }] });
      await fleet.run('settings.set', { settings: [{ key: 'mail.password', value: '' }] });
    },
    recorded: [
      ['setting mail.password', { value: '***' }, { value: '***' }],
      ['setting mail.password', { value: '***' }, { value: null }],
    ],
  },
  'an alarm rule with whom it tells, without the addresses of webhooks': {
    before: site,
    act: rule,
    recorded: [['alarm-rule Lost', null, { ...lost, for: 'site Solna' }]],
  },
  'an alarm rule that is for others, and posts elsewhere': {
    before: async (fleet) => {
      await group(fleet);
      await rule(fleet);
    },
    act: (fleet) =>
      fleet.run('alarm-rule.update', {
        name: 'Lost',
        newName: 'Night',
        group: 'Night',
        webhooks: ['https://example.org/other'],
        stepsMs: [60_000],
      }),
    recorded: [
      [
        'alarm-rule Lost',
        {
          name: 'Lost',
          for: 'site Solna',
          steps: ['15m', '1h', '1d'],
          webhookAddresses: '***',
        },
        { name: 'Night', for: 'group Night', steps: ['1m'], webhookAddresses: '***' },
      ],
    ],
  },
  'an alarm rule of which a station is deleted': {
    before: async (fleet) => {
      await group(fleet);
      await rule(fleet);
      await fleet.run('alarm-rule.create', { ...ruleInput, name: 'Two', stationIds: ['CP1', 'CP2'] });
    },
    act: (fleet) => fleet.run('station.delete', { id: 'CP2' }),
    recorded: [
      ['station CP2', { ...stationDefaults, id: 'CP2', name: 'CP2', connectors: 1 }, null],
      ['connector CP2 1', { mode: 'rfid' }, null],
      ['alarm-rule Two', { for: 'CP1, CP2' }, { for: 'CP1' }],
    ],
  },
  'a template for configuration': {
    before: (fleet) => fleet.run('config.keep', { templates: [acme] }),
    act: (fleet) =>
      fleet.run('config.keep', {
        templates: [{ ...acme, configuration: { HeartbeatInterval: '60', LightIntensity: '50' } }],
      }),
    recorded: [
      ['configuration-template vendor=Acme', { HeartbeatInterval: '300' }, { HeartbeatInterval: '60' }],
    ],
  },
};

it.each(Object.entries(cases))('records %s', async (_, { before, act, recorded }) => {
  const { fleet, during } = await openAudited();
  await before?.(fleet);
  const entries = await during(() => act(fleet));
  expect(entries.map((entry) => [`${entry.kind} ${entry.target}`, entry.before, entry.after])).toEqual(
    recorded,
  );
  for (const entry of entries) expect(entry).toMatchObject({ outcome: 'ok', input: null });
});

it('says who, from where, when, and by which operation', async () => {
  const { runner, clock, entries, abort } = await openAudited();
  const operation = runner.find('site.create');
  if (operation.kind !== 'unary') throw new Error('site.create is no stream');
  const caller = {
    ...systemCaller('ada@example.org', 'socket'),
    way: 'api' as const,
    address: '192.0.2.7',
    keyId: 'k1',
  };
  clock.advance(5000);
  await runner.run(operation, { name: 'Solna' }, { caller, signal: abort.signal });
  expect(await entries()).toEqual([
    {
      at: testStart + 5000,
      actor: 'ada@example.org',
      role: 'admin',
      way: 'api',
      address: '192.0.2.7',
      keyId: 'k1',
      operation: 'site.create',
      kind: 'site',
      target: 'Solna',
      before: null,
      after: { name: 'Solna' },
      input: null,
      outcome: 'ok',
    },
  ]);
});

it.each<[string, (fleet: Fleet) => Promise<unknown>]>([
  ['is set to what it was', (fleet) => fleet.run('site.update', { name: 'Solna', address: 'Storgatan 1' })],
  ['is there already', (fleet) => fleet.run('site.create', { name: 'Solna', ifExists: 'skip' })],
  ['is not there to be deleted', (fleet) => fleet.run('site.delete', { name: 'x', ignoreNotFound: true })],
  ['is a member already', (fleet) => fleet.run('group.add', { name: 'Night', stationIds: ['CP1'] })],
])('keeps nothing of what %s', async (_, act) => {
  const { fleet, during } = await openAudited();
  await group(fleet);
  expect(await during(() => act(fleet))).toEqual([]);
});

describe('one transaction', () => {
  const newStore = temporaryStores();
  const recording = {
    caller: systemCaller('tester', 'store'),
    operation: 'tag.update',
    clock: { now: () => testStart, schedule: () => () => undefined },
  };
  const tagNamed = (tag: string) => newTag({ tag, createdAt: testStart });

  it('keeps neither the change nor its entry when it fails', async () => {
    const store = await newStore();
    const failing = recordingStore(store, recording).write(async (r) => {
      await r.tags.insert(tagNamed('A1'));
      throw new Error('too late');
    });
    await expect(failing).rejects.toThrow('too late');
    expect(await store.read((r) => r.audit.count({}))).toBe(0);
    expect(await store.read((r) => r.tags.find('A1'))).toBeUndefined();
  });

  it('shows no steps in between', async () => {
    const store = await newStore();
    await recordingStore(store, recording).write(async (r) => {
      await r.tags.insert(tagNamed('A1'));
      await r.tags.update('a1', { label: 'Anna' });
      await r.tags.insert(tagNamed('B1'));
      await r.tags.delete('B1');
    });
    const [entry, ...others] = await store.read((r) => r.audit.list({}, { limit: 9 }));
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ target: 'A1', before: null, after: '{"label":"Anna","blocked":false}' });
  });

  it('counts what comes many at a time', async () => {
    const store = await newStore();
    const tags = Array.from({ length: 5000 }, (_, i) => tagNamed(`T${String(i).padStart(4, '0')}`));
    await recordingStore(store, recording).write(async (r) => {
      await r.tags.insertMany(tags.slice(0, 3000));
      await r.tags.insertMany(tags.slice(3000));
    });
    const [entry, ...others] = await store.read((r) => r.audit.list({}, { limit: 9 }));
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ kind: 'tag', target: '5,000 tags', before: null });
    const { count, names } = JSON.parse(entry?.after ?? '');
    expect(count).toBe(5000);
    expect(names.slice(0, 2)).toEqual(['T0000', 'T0001']);
    expect(names).toHaveLength(21);
    expect(names.at(-1)).toBe('…and 4,980 more');
  });

  it.each([
    [individualChangesMax, 0],
    [individualChangesMax + 1, 1],
    [individualChangesMax + 30, 1],
  ])('keeps %d changes one by one as far as that goes, and counts the others', async (changed, counted) => {
    const store = await newStore();
    const tags = Array.from({ length: changed }, (_, i) => tagNamed(`T${i}`));
    await store.write((r) => r.tags.insertMany(tags));
    await recordingStore(store, recording).write(async (r) => {
      for (const { tag } of tags) await r.tags.update(tag, { blocked: true });
    });
    const entries = await store.read((r) => r.audit.list({}, { limit: 5000 }));
    expect(entries).toHaveLength(individualChangesMax + counted);
    if (counted > 0) {
      expect(JSON.parse(entries[0]?.after ?? '').count).toBe(changed - individualChangesMax);
    }
  });
});

it('keeps nothing of what fails half way, but that it failed', async () => {
  const { fleet, during } = await openAudited();
  await group(fleet);
  const entries = await during(() =>
    failure(fleet.run('group.add', { name: 'Night', stationIds: ['CP2', 'CP9'] }), 'NOT_FOUND'),
  );
  expect(entries).toMatchObject([
    {
      operation: 'group.add',
      kind: null,
      target: 'Night',
      input: { stationIds: ['CP2', 'CP9'] },
      outcome: 'NOT_FOUND',
    },
  ]);
});
