import { expect, it } from 'vitest';
import { gatherFacts } from '../../src/domain/charging/authorization-facts.js';
import { explained } from './support/explained.js';
import {
  newConnector,
  newGroup,
  newSession,
  newSite,
  newStation,
  newTag,
  newUser,
} from './support/fixtures.js';

it('a decision about a tag looks nothing through: however many tags and sessions there are, it takes as long', async () => {
  const { r, plans } = await explained();
  await r.sites.insert(newSite('Depot', { uuid: 's' }));
  await r.groups.insert(newGroup('Night'));
  await r.stations.insert(newStation('CP1', { siteUuid: 's' }));
  await r.connectors.insert(newConnector('station-CP1', 1));
  await r.users.insert(newUser('ada@example.com', { uuid: 'u' }));
  const limits = { siteUuids: ['s'], groupUuids: ['group-Night'], maxActive: 1, parent: 'P', userUuid: 'u' };
  await r.tags.insert(newTag('Cafe', limits));
  await r.tags.insert(newTag('Beef', { ...limits, blocked: true }));
  await r.sessions.insert(newSession(1, { tag: 'Cafe', connector: 2, stoppedAt: null }));
  plans();
  const station = { uuid: 'station-CP1', id: 'CP1' };
  const now = 1;
  await gatherFacts(r, { purpose: 'start', station, connector: 1, idTag: 'CAFE', now });
  const start = plans();
  expect(start).toContain('SEARCH session USING INDEX sessionOpenByTag (tagKey=?)');
  const asked = await gatherFacts(r, {
    purpose: 'authorize',
    station,
    connector: undefined,
    idTag: 'BEEF',
    now,
  });
  expect(asked.stoppable).toBe(1);
  const all = [...start, ...plans()];
  expect(all.filter((step) => step.startsWith('SCAN'))).toEqual([]);
  expect(all.length).toBeGreaterThan(5);
});

it('sessions of an address that nobody has any more are found without going through all of them', async () => {
  const { r, plans } = await explained();
  plans();
  await r.sessions.list({ userEmail: 'gone@example.com' }, { limit: 1 });
  expect(plans()).toContain('SEARCH session USING INDEX sessionByEmail (<expr>=?)');
});
