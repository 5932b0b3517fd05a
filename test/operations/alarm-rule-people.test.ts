import { expect, it } from 'vitest';
import { failure } from '../helpers/failure.js';
import { basic, inputOf } from './alarm-rule-fixture.js';
import { openPeople } from './people-fixture.js';

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

it('shows drivers none', async () => {
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

it('lets a site-admin change no rule that is for more, and learn of none', async () => {
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

it('lets support that is for some sites look, and that is all', async () => {
  const run = await (await rulesOfPeople()).asUser('help@solna.example');
  await failure(run('alarm-rule.create', { name: 'New', ...basic, site: 'Solna' }), 'NOT_ALLOWED');
  await failure(run('alarm-rule.update', { name: 'One', language: 'de' }), 'NOT_ALLOWED');
  await failure(run('alarm-rule.enable', { name: 'One' }), 'NOT_ALLOWED');
  await failure(run('alarm-rule.delete', { name: 'One' }), 'NOT_ALLOWED');
  await failure(run('alarm-rule.test', { name: 'One' }), 'NOT_ALLOWED');
});

it('lets support that is for all make rules for all', async () => {
  const run = await (await rulesOfPeople()).asUser('help@all.example');
  await run('alarm-rule.create', { name: 'New', ...basic, all: true });
  expect(await run('alarm-rule.delete', { name: 'Kista' })).toEqual({ deleted: true });
});
