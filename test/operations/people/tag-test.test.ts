import { describe, expect, it } from 'vitest';
import { replacedHardware, superseded } from '../../../src/domain/charging/suspicion.js';
import type { Session } from '../../../src/domain/model.js';
import type { Input } from '../../../src/operations/fleet.js';
import { failure } from '../../helpers/failure.js';
import { sampleSession } from '../../helpers/sample-session.js';
import { openOperations } from '../../helpers/test-operations.js';

/** CP1 at Depot, with two connectors of which the second is open, and Ada. */
async function fixture() {
  const operations = await openOperations();
  const { fleet, write } = operations;
  await fleet.run('site.create', { name: 'Depot' });
  await fleet.run('group.create', { name: 'Night' });
  await fleet.run('station.create', { id: 'CP1', site: 'Depot', connectors: 2 });
  await fleet.run('station.create', { id: 'CP2' });
  await fleet.run('group.add', { name: 'Night', stationIds: ['CP1'] });
  await fleet.run('connector.update', { stationId: 'CP1', connector: 2, mode: 'open' });
  await fleet.run('user.create', { email: 'ada@example.com' });
  const tag = (details: Partial<Input<'tag.create'>> = {}) =>
    fleet.run('tag.create', { tag: 'Cafe', ...details });
  const test = (change: Partial<Input<'tag.test'>> = {}) =>
    fleet.run('tag.test', { tag: 'CAFE', stationId: 'CP1', ...change });
  /** A session of the tag that runs. */
  const runs = (change: Partial<Session> = {}) =>
    write((r) => r.sessions.insert(sampleSession(7, { tag: 'cafe', stoppedAt: null, ...change })));
  return { ...operations, tag, test, runs };
}

describe('tag test', () => {
  it('tells all that a decision depends on', async () => {
    const { tag, test, clock } = await fixture();
    const expiresAt = clock.now() + 1000;
    const details = { user: 'ada@example.com', sites: ['Depot'], groups: ['Night'] };
    await tag({ label: 'Key', parent: 'FAMILY', maxActive: 2, expiresAt, ...details });
    const good = { verdict: 'Accepted', code: 'valid', reason: 'the tag is known and valid' };
    expect(await test()).toEqual({
      tag: 'Cafe',
      stationId: 'CP1',
      ...good,
      status: 'accepted',
      label: 'Key',
      user: 'ada@example.com',
      userDisabled: false,
      expires: '2026-05-04T10:00:01.000Z',
      parent: 'FAMILY',
      maxActive: 2,
      sites: ['Depot'],
      groups: ['Night'],
      stationSite: 'Depot',
      stationGroups: ['Night'],
      starts: [
        { connector: 1, mode: 'rfid', ...good },
        { connector: 2, mode: 'open', ...good },
      ],
      sessions: [],
    });
    expect((await test({ connector: 2 })).starts).toHaveLength(1);
  });

  it('tells Authorize and the start of a session apart, and which sessions are in the way', async () => {
    const { tag, test, runs } = await fixture();
    await tag({ maxActive: 1 });
    await runs({ stationUuid: 'x', stationId: 'ELSEWHERE', connector: 3 });
    const { verdict, starts, sessions } = await test();
    expect(verdict).toBe('Accepted');
    expect(starts.map((start) => `${start.connector} ${start.verdict} ${start.code}`)).toEqual([
      '1 ConcurrentTx too-many-sessions',
      '2 Accepted open-connector',
    ]);
    expect(sessions).toMatchObject([{ transactionId: 7, stationId: 'ELSEWHERE', connector: 3 }]);
  });

  it.each<[string, Partial<Session>]>([
    ['was refused', { verdict: 'Blocked' }],
    ['needed no tag', { authentication: 'anonymous' }],
    ['another session has superseded', { state: 'suspect', suspicion: superseded }],
    ['the station took along when it was replaced', { suspicion: replacedHardware('a', 'b') }],
    ['began longer ago than any car stays', { startedAt: 1 }],
    ['ended', { stoppedAt: 1 }],
    ['is on the connector itself, which charges one car', { stationUuid: 'CP1', connector: 1 }],
  ])('does not count a session that %s', async (_, change) => {
    const { fleet, tag, test, runs } = await fixture();
    await tag({ maxActive: 1 });
    const { uuid } = await fleet.run('station.show', { id: 'CP1' });
    await runs({ ...change, ...(change.stationUuid !== undefined && { stationUuid: String(uuid) }) });
    expect((await test({ connector: 1 })).starts).toMatchObject([{ verdict: 'Accepted' }]);
  });

  it('changes nothing, also not when nobody knows the tag', async () => {
    const { fleet, test } = await fixture();
    const { starts, ...answer } = await test({ tag: 'WHO' });
    expect(answer).toMatchObject({ tag: 'WHO', verdict: 'Accepted', status: 'unknown', user: null });
    expect(starts.map(({ verdict, code }) => `${verdict} ${code}`)).toEqual([
      'Invalid unknown-tag',
      'Accepted open-connector',
    ]);
    expect(await test({ tag: 'WHO', stationId: 'CP2' })).toMatchObject({
      verdict: 'Invalid',
      code: 'unknown-tag',
    });
    expect((await fleet.run('tag.unknown', {})).items).toEqual([]);
    expect((await fleet.run('event.list', { kind: 'authorization' })).items).toEqual([]);
  });

  it.each([
    ['another site', { tag: 'Cafe', stationId: 'CP2' }, 'Blocked not-here'],
    ['its site', { tag: 'Cafe' }, 'Accepted valid'],
  ])('knows %s', async (_, input, outcome) => {
    const { tag, test } = await fixture();
    await tag({ sites: ['Depot'] });
    const { verdict, code } = await test(input);
    expect(`${verdict} ${code}`).toBe(outcome);
  });

  it('says that the user is disabled', async () => {
    const { fleet, tag, test } = await fixture();
    await tag({ user: 'ada@example.com' });
    await fleet.run('user.update', { email: 'ada@example.com', disabled: true });
    const { userDisabled, starts } = await test({ connector: 1 });
    expect(userDisabled).toBe(true);
    expect(starts).toMatchObject([{ verdict: 'Blocked', code: 'user-disabled' }]);
  });

  it.each([
    [{ stationId: 'CP9' }, 'NOT_FOUND', 'There is no station "CP9".'],
    [{ connector: 3 }, 'NOT_FOUND', 'Station CP1 has no connector 3; it has 1, 2.'],
  ] as const)('%j is an error', async (input, code, message) => {
    const { test } = await fixture();
    expect((await failure(test(input), code)).message).toBe(message);
  });
});
