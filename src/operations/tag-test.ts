import { type Static, Type } from '@sinclair/typebox';
import { authorize, decisionCodes, isExpired, type Purpose } from '../domain/authorization.js';
import { gatherFacts, listRunning } from '../domain/authorization-facts.js';
import { checkTag } from '../domain/identifiers.js';
import type { Tag } from '../domain/people.js';
import type { Repositories } from '../domain/repositories.js';
import { staff } from './access.js';
import { findConnector, findStation } from './lookup.js';
import { unary } from './operation.js';
import { instant, nullable, oneOf, toIso } from './shared.js';

/** What the station would be told, and why. */
const decision = {
  verdict: oneOf('Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx'),
  /** The reason for programs. */
  code: oneOf(...decisionCodes),
  reason: Type.String(),
};

const startTest = Type.Object({
  connector: Type.Integer(),
  mode: oneOf('rfid', 'open'),
  ...decision,
});
export type StartTest = Static<typeof startTest>;

const runningSession = Type.Object({
  transactionId: Type.Integer(),
  stationId: Type.String(),
  connector: Type.Integer(),
  startTime: instant,
});
export type RunningSession = Static<typeof runningSession>;

const tagTest = Type.Object({
  tag: Type.String(),
  stationId: Type.String(),
  /** To an Authorize, which names no connector. */
  ...decision,
  status: oneOf('accepted', 'blocked', 'expired', 'unknown'),
  label: nullable(Type.String()),
  user: nullable(Type.String()),
  userDisabled: Type.Boolean(),
  expires: nullable(instant),
  parent: nullable(Type.String()),
  /** Null: any number. */
  maxActive: nullable(Type.Integer()),
  /** Where it is accepted: everywhere when both are empty. */
  sites: Type.Array(Type.String()),
  groups: Type.Array(Type.String()),
  /** Where the station stands. */
  stationSite: nullable(Type.String()),
  stationGroups: Type.Array(Type.String()),
  /** To a StartTransaction, at each connector. */
  starts: Type.Array(startTest),
  /** Sessions that it was accepted for and that run now. */
  sessions: Type.Array(runningSession),
});
export type TagTest = Static<typeof tagTest>;

export const tagTestOperations = {
  'tag.test': unary({
    summary: 'Tell what would happen if a tag were shown at a station, and why',
    access: staff,
    effect: 'read',
    input: Type.Object({
      tag: Type.String(),
      stationId: Type.String(),
      connector: Type.Optional(Type.Integer()),
    }),
    output: tagTest,
    run({ store, clock }, { tag: idTag, stationId, connector }): Promise<TagTest> {
      checkTag(idTag);
      const now = clock.now();
      return store.read(async (r) => {
        const station = await findStation(r, stationId);
        const placed = await r.stations.findPlaced(stationId);
        const ask = (purpose: Purpose, connector?: number) =>
          gatherFacts(r, { purpose, station, connector, idTag, now });
        const outlets =
          connector === undefined
            ? await r.connectors.listByStation(station.uuid)
            : [await findConnector(r, station, connector)];
        const starts: StartTest[] = [];
        for (const outlet of outlets) {
          const { verdict, code, reason } = authorize(await ask('start', outlet.connector));
          starts.push({ connector: outlet.connector, mode: outlet.mode, verdict, code, reason });
        }
        const facts = await ask('authorize');
        const { verdict, code, reason } = authorize(facts);
        const { tag, user } = facts;
        const running = await listRunning(r, { station, connector: undefined, idTag });
        return {
          tag: tag?.tag ?? idTag,
          stationId,
          ...{ verdict, code, reason },
          status: statusOf(tag, now),
          label: tag?.label ?? null,
          user: user?.email ?? null,
          userDisabled: user?.disabled ?? false,
          expires: toIso(tag?.expiresAt ?? null),
          parent: tag?.parent ?? null,
          maxActive: tag?.maxActive ?? null,
          ...(await placesOf(r, tag)),
          stationSite: placed?.siteName ?? null,
          stationGroups: await r.groups.listNamesByStation(station.uuid),
          starts,
          sessions: running.map((session) => ({
            transactionId: session.transactionId,
            stationId: session.stationId,
            connector: session.connector,
            startTime: toIso(session.startedAt),
          })),
        };
      });
    },
  }),
};

function statusOf(tag: Tag | undefined, now: number): TagTest['status'] {
  if (!tag) return 'unknown';
  if (tag.blocked) return 'blocked';
  return isExpired(tag, now) ? 'expired' : 'accepted';
}

async function placesOf(r: Repositories, tag: Tag | undefined): Promise<Pick<TagTest, 'sites' | 'groups'>> {
  if (!tag) return { sites: [], groups: [] };
  const { siteUuids, groupUuids } = tag;
  const sites = siteUuids.length === 0 ? [] : await r.sites.list();
  const groups = groupUuids.length === 0 ? [] : await r.groups.list();
  return {
    sites: sites.filter(({ uuid }) => siteUuids.includes(uuid)).map(({ name }) => name),
    groups: groups.filter(({ uuid }) => groupUuids.includes(uuid)).map(({ name }) => name),
  };
}
