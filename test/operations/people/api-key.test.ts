import { expect, it } from 'vitest';
import { failure } from '../../helpers/failure.js';
import { testStart } from '../../helpers/fake-clock.js';
import { openPeople } from '../people-fixture.js';

it('is shown once, and listed without its secret', async () => {
  const { fleet, user, clock } = await openPeople();
  await user('Ada@example.org', 'support');
  const created = await fleet.run('api-key.create', {
    user: 'ada@example.org',
    label: 'laptop',
    expiresAt: testStart + 1000,
    readOnly: true,
  });
  const { key, id } = created;
  const expires = clock.iso(1000);
  expect(created).toEqual({
    key,
    id,
    user: 'Ada@example.org',
    role: 'support',
    label: 'laptop',
    readOnly: true,
    expires,
  });
  const list = await fleet.run('api-key.list', { user: 'ADA@example.org' });
  expect(list.items).toEqual([
    {
      id,
      user: 'Ada@example.org',
      role: 'support',
      label: 'laptop',
      readOnly: true,
      origin: 'created',
      status: 'active',
      createdAt: clock.iso(),
      expires,
      lastUsed: null,
    },
  ]);
  const kept = await fleet.run('audit.list', {});
  expect(kept.items.length).toBeGreaterThan(0);
  expect(JSON.stringify([list, kept])).not.toContain(key.slice(17));
  clock.advance(1000);
  expect((await fleet.run('api-key.list', {})).items).toMatchObject([{ id, status: 'expired' }]);
});

it('is revoked together with others, all of them or none, and for good', async () => {
  const { fleet, user, clock } = await openPeople();
  await user('ada@example.org');
  const make = async () => (await fleet.run('api-key.create', { user: 'ada@example.org' })).id;
  const [a, b] = [await make(), await make()];
  await failure(fleet.run('api-key.revoke', { ids: [a, 'nothing'] }), 'NOT_FOUND');
  const statuses = async () => (await fleet.run('api-key.list', {})).items.map(({ status }) => status);
  expect(await statuses()).toEqual(['active', 'active']);
  expect(await fleet.run('api-key.revoke', { ids: [a, b, a] })).toMatchObject([
    { id: a, status: 'revoked' },
    { id: b, status: 'revoked' },
  ]);
  clock.advance(1000);
  expect(await fleet.run('api-key.revoke', { ids: [a] })).toMatchObject([{ id: a, status: 'revoked' }]);
});

it('is never repeated by an error, nor by the audit of it', async () => {
  const { fleet, user } = await openPeople();
  await user('ada@example.org');
  const { key, id } = await fleet.run('api-key.create', { user: 'ada@example.org' });
  const whole = await failure(fleet.run('api-key.revoke', { ids: [key] }), 'USAGE');
  expect(whole.suggestions).toEqual([`evfleet api-key revoke ${id}`]);
  const almost = await failure(fleet.run('api-key.revoke', { ids: [`${key}x`] }), 'NOT_FOUND');
  const audit = await fleet.run('audit.list', { filter: ['outcome=NOT_FOUND'] });
  expect(audit.items).toHaveLength(1);
  const said = `${whole.message}${almost.message}${JSON.stringify(audit)}`;
  expect(said).toContain(id);
  expect(said).not.toContain(key.slice(17, 30));
});

it('is always of somebody', async () => {
  const { fleet } = await openPeople();
  const error = await failure(fleet.run('api-key.create', {}), 'USAGE');
  expect(error.message).toBe("A key is always somebody's, and --user does not say whose.");
  expect(error.suggestions).toContain('evfleet user list');
  await failure(fleet.run('api-key.create', { user: 'nobody@example.org' }), 'NOT_FOUND');
});

it.each([
  { label: '' },
  { label: 'a\nb' },
  { label: 'x'.repeat(101) },
  { expiresAt: testStart },
  { expiresAt: 1 },
])('is not made from %j', async (wrong) => {
  const { fleet, user } = await openPeople();
  await user('ada@example.org');
  await failure(fleet.run('api-key.create', { user: 'ada@example.org', ...wrong }), 'USAGE');
  expect((await fleet.run('api-key.list', {})).total).toBe(0);
});

it('is one of a hundred at most that are in use', async () => {
  const { fleet, user } = await openPeople();
  await user('ada@example.org');
  const make = () => fleet.run('api-key.create', { user: 'ada@example.org' });
  const { id } = await make();
  for (let count = 1; count < 100; count += 1) await make();
  await failure(make(), 'CONFLICT');
  await fleet.run('api-key.revoke', { ids: [id] });
  await make();
  expect((await fleet.run('api-key.list', { filter: ['status=active'] })).total).toBe(100);
});
