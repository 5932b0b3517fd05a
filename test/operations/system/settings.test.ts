import { expect, it } from 'vitest';
import { settingKeys } from '../../../src/domain/settings.js';
import { failure } from '../../helpers/failure.js';
import { openOperations } from '../../helpers/test-operations.js';

const set = (...pairs: readonly string[]) => ({
  settings: pairs.map((pair) => {
    const [key = '', value = ''] = pair.split('=');
    return { key, value };
  }),
});

it('are all there with their defaults before any is set', async () => {
  const { fleet } = await openOperations();
  const { items, total } = await fleet.run('settings.show', {});
  expect(total).toBe(settingKeys.length);
  expect(
    items.every(({ origin, value, default: fallback }) => origin === 'default' && value === fallback),
  ).toBe(true);
  expect(items[0]).toEqual({
    key: 'retention.samples',
    value: '30d',
    origin: 'default',
    default: '30d',
    description: 'How long meter samples are kept in full; then one per 15 minutes',
  });
});

it('are set, in their canonical form, and set back', async () => {
  const { fleet } = await openOperations();
  const changed = await fleet.run('settings.set', set('backup.time=3:05', 'retention.samples= 48h '));
  expect(changed.map(({ key, value, origin }) => [key, value, origin])).toEqual([
    ['backup.time', '03:05', 'store'],
    ['retention.samples', '2d', 'store'],
  ]);
  const stored = await fleet.run('settings.show', { filter: ['origin=store'], sort: 'key' });
  expect(stored.items).toEqual(changed);
  // The default, said explicitly, stays what was said.
  const same = await fleet.run('settings.set', set('retention.samples=30d', 'backup.time='));
  expect(same.map(({ value, origin }) => [value, origin])).toEqual([
    ['30d', 'store'],
    ['off', 'default'],
  ]);
  // Nothing to set back is no mistake.
  expect((await fleet.run('settings.set', set('backup.time=')))[0]?.value).toBe('off');
});

it.each([
  ['an unknown setting', 'backup.tim=03:30', /no setting "backup.tim"/],
  ['a wrong value', 'retention.events=soon', /retention.events takes a duration .* not "soon"/],
  ['the same setting twice', 'backup.keep=4', /more than once/],
])('are set all or none: with %s none is', async (_, wrong, message) => {
  const { fleet } = await openOperations();
  const error = await failure(fleet.run('settings.set', set('backup.keep=3', wrong)), 'USAGE');
  expect(error.message).toMatch(message);
  expect((await fleet.run('settings.show', { filter: ['origin=store'] })).total).toBe(0);
});

it('show one by its name, and suggest the nearest', async () => {
  const { fleet } = await openOperations();
  expect((await fleet.run('settings.show', { key: 'backup.keep' })).items.map(({ key }) => key)).toEqual([
    'backup.keep',
  ]);
  const error = await failure(fleet.run('settings.show', { key: 'backup.kep' }), 'USAGE');
  expect(error.suggestions[0]).toBe('Did you mean backup.keep?');
});

it('need at least one to set', async () => {
  const { fleet } = await openOperations();
  await failure(fleet.run('settings.set', { settings: [] }), 'USAGE');
});
