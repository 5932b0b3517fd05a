import { type Static, Type } from '@sinclair/typebox';
import {
  authorize,
  type Decision,
  decisionCodes,
  isExpired,
  type Purpose,
} from '../../domain/charging/authorization.js';
import { gatherFacts, listRunning } from '../../domain/charging/authorization-facts.js';
import { checkTag } from '../../domain/identifiers.js';
import type { Station } from '../../domain/model.js';
import type { Tag } from '../../domain/people/people.js';
import type { Repositories } from '../../domain/repositories.js';
import { staff } from '../access.js';
import { findConnector, findStation } from '../lookup.js';
import { unary } from '../operation.js';
import { instant, nullable, oneOf, toIso } from '../shared.js';

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
    async run({ store, wholeStore, clock }, { tag: idTag, stationId, connector }): Promise<TagTest> {
      checkTag(idTag);
      const now = clock.now();
      const seen = await store.read((r) => r.tags.find(idTag));
      // Of a tag that they know of, people are told the truth, which may depend on what they do not see.
      const deciding = seen && wholeStore ? wholeStore : store;
      const { station, outlets, ...shown } = await store.read(async (r) => {
        const station = await findStation(r, stationId);
        const outlets =
          connector === undefined
            ? await r.connectors.listByStation(station.uuid)
            : [await findConnector(r, station, connector)];
        return { station, outlets, ...(await surroundings(r, station, { idTag, tag: seen, now })) };
      });
      const { facts, starts } = await deciding.read(async (r) => {
        const ask = (purpose: Purpose, connector?: number) =>
          gatherFacts(r, { purpose, station, connector, idTag, now });
        const starts: StartTest[] = [];
        for (const { connector, mode } of outlets) {
          starts.push({ connector, mode, ...toDecision(authorize(await ask('start', connector))) });
        }
        return { facts: await ask('authorize'), starts };
      });
      return {
        tag: seen?.tag ?? idTag,
        stationId,
        ...toDecision(authorize(facts)),
        status: statusOf(seen, now),
        label: seen?.label ?? null,
        user: shown.user,
        userDisabled: facts.user?.disabled ?? false,
        expires: toIso(seen?.expiresAt ?? null),
        parent: seen?.parent ?? null,
        maxActive: seen?.maxActive ?? null,
        sites: shown.sites,
        groups: shown.groups,
        stationSite: shown.stationSite,
        stationGroups: shown.stationGroups,
        starts,
        sessions: shown.sessions,
      };
    },
  }),
};

function toDecision({ verdict, code, reason }: Decision) {
  return { verdict, code, reason };
}

/** What people want to see beside a decision, by its names. */
async function surroundings(
  r: Repositories,
  station: Station,
  { idTag, tag, now }: { readonly idTag: string; readonly tag: Tag | undefined; readonly now: number },
): Promise<Pick<TagTest, 'user' | 'sites' | 'groups' | 'stationSite' | 'stationGroups' | 'sessions'>> {
  const { siteUuids = [], groupUuids = [], userUuid = null } = tag ?? {};
  const sites = siteUuids.length === 0 ? [] : await r.sites.list();
  const groups = groupUuids.length === 0 ? [] : await r.groups.list();
  const user = userUuid === null ? undefined : await r.users.findByUuid(userUuid);
  const running = await listRunning(r, { station, connector: undefined, idTag, now });
  return {
    user: user?.email ?? null,
    sites: sites.filter(({ uuid }) => siteUuids.includes(uuid)).map(({ name }) => name),
    groups: groups.filter(({ uuid }) => groupUuids.includes(uuid)).map(({ name }) => name),
    stationSite: (await r.stations.findPlaced(station.id))?.siteName ?? null,
    stationGroups: await r.groups.listNamesByStation(station.uuid),
    sessions: running.map(({ transactionId, stationId, connector, startedAt }) => ({
      transactionId,
      stationId,
      connector,
      startTime: toIso(startedAt),
    })),
  };
}

function statusOf(tag: Tag | undefined, now: number): TagTest['status'] {
  if (!tag) return 'unknown';
  if (tag.blocked) return 'blocked';
  return isExpired(tag, now) ? 'expired' : 'accepted';
}
