import type { SettingKey } from '../../src/domain/settings.js';
import type { Fleet, Input } from '../../src/operations/fleet.js';
import type { Surroundings } from '../../src/operations/operation.js';
import { openOperations } from '../helpers/test-operations.js';
import { newGroup, newSite, newStation } from '../store/support/fixtures.js';

/** What a rule needs beside a name and stations. */
export const basic = { triggers: ['fault' as const], recipients: ['ada@example.org'] };

/** Tables are read-only, inputs are not. */
export const inputOf = (given: object) =>
  JSON.parse(JSON.stringify(given)) as Partial<Input<'alarm-rule.create'>>;

/** The stations CP1 and CP2 at Solna, CP3 at Kista, and the group Night with CP1. */
export async function openRules(given: Partial<Surroundings> = {}) {
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

export async function set(fleet: Fleet, settings: Partial<Record<SettingKey, string>>): Promise<void> {
  await fleet.run('settings.set', {
    settings: Object.entries(settings).map(([key, value]) => ({ key, value: value ?? '' })),
  });
}

export const mailOn = { 'mail.host': 'mail.example.org', 'mail.from': 'fleet@example.org' } as const;
export const hooksOn = { 'webhook.secret': 'a secret of some length, 32 characters' } as const;
