import { expect, it } from 'vitest';
import type { Surroundings } from '../../../src/operations/operation.js';
import { failure } from '../../helpers/failure.js';
import { testStart } from '../../helpers/fake-clock.js';
import { until } from '../../helpers/until.js';
import { basic, hooksOn, mailOn, openRules, set } from '../alarm-rule-fixture.js';
import { openPeople } from '../people-fixture.js';

const serving = { server: (() => undefined) as unknown as NonNullable<Surroundings['server']> };
const everybody = {
  all: true as const,
  recipients: ['ada@example.org', 'bo@example.org'],
  webhooks: ['https://example.org/a'],
  language: 'de' as const,
};

it('a test puts a sample for everybody into the outbox, of a disabled rule too', async () => {
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

it('a test says who cannot be told, and tells the others', async () => {
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

it('a test fails when nobody can be told', async () => {
  const { fleet, create } = await openRules();
  await create(everybody);
  const { message } = await failure(fleet.run('alarm-rule.test', { name: 'Lost' }), 'CONFLICT');
  expect(message).toBe(
    'The rule Lost can tell nobody. Mail is off: mail.host is not set. Webhooks are off: webhook.secret is not set.',
  );
  expect((await fleet.run('outbox.list', {})).items).toEqual([]);
});

it('a test that cannot log in says what is missing for that, not how to begin', async () => {
  const { fleet, create } = await openRules();
  await set(fleet, { 'mail.host': 'smtp.example.org', 'mail.user': 'ada@example.org' });
  await create({ ...everybody, webhooks: [] });
  const { suggestions } = await failure(fleet.run('alarm-rule.test', { name: 'Lost' }), 'CONFLICT');
  expect(suggestions).toEqual(['evfleet settings set --secret-stdin mail.password < file']);
});

it('a test waits until each sample was sent, or was not', async () => {
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

it('a test waits no longer than told', async () => {
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

it('a test is given up when nobody waits any more', async () => {
  const { fleet, create, clock, abort } = await openRules(serving);
  await set(fleet, mailOn);
  await create({ all: true });
  const work = fleet.run('alarm-rule.test', { name: 'Lost', waitMs: 300 });
  await until(() => clock.pending > 0);
  abort.abort(new Error('gone'));
  await expect(work).rejects.toThrow('gone');
  expect(clock.pending).toBe(0);
});

it('a test does not wait behind a message that does not get through', async () => {
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

it('a test by a site-admin gets into the outbox of the fleet', async () => {
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
