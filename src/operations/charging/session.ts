import { type Static, Type } from '@sinclair/typebox';
import type { SessionFilter } from '../../domain/charging/session-repositories.js';
import { FleetError } from '../../domain/errors.js';
import type { Repositories } from '../../domain/repositories.js';
import { everyone, staff } from '../access.js';
import { applyListQuery, fieldsOf, halvesOf, listOf, listQuery } from '../list.js';
import { findSession, findSite, findStation } from '../lookup.js';
import { stream, unary } from '../operation.js';
import { given, oneOf } from '../shared.js';
import {
  orphanView,
  sampleView,
  sessionDetail,
  sessionView,
  toOrphanView,
  toSampleView,
  toSessionDetail,
  toSessionView,
} from './session-view.js';

const filterInput = Type.Object({
  stationId: Type.Optional(Type.String()),
  connector: Type.Optional(Type.Integer()),
  site: Type.Optional(Type.String()),
  /** E-mail address of the driver. */
  user: Type.Optional(Type.String()),
  tag: Type.Optional(Type.String()),
  /** Started at or after; milliseconds since the epoch. */
  from: Type.Optional(Type.Integer()),
  /** Started before. */
  to: Type.Optional(Type.Integer()),
  state: Type.Optional(oneOf('active', 'ended', 'suspect')),
});

/** Sessions outlive their station, so that a station id that is known only from sessions is as good as any. */
async function resolveFilter(
  r: Repositories,
  { site, stationId, user, ...filter }: Static<typeof filterInput>,
): Promise<SessionFilter> {
  const siteUuid = site === undefined ? undefined : (await findSite(r, site)).uuid;
  if (stationId !== undefined && (await r.sessions.count({ stationId })) === 0)
    await findStation(r, stationId);
  return {
    ...filter,
    ...(siteUuid !== undefined && { siteUuid }),
    ...(stationId !== undefined && { stationId }),
    ...(user !== undefined && (await ofUser(r, user))),
  };
}

/** Sessions outlive users as well: those of one who was deleted are found by the address of that time. */
async function ofUser(r: Repositories, email: string): Promise<SessionFilter> {
  const user = await r.users.findByEmail(email);
  if (user) return { userUuid: user.uuid };
  if ((await r.sessions.list({ userEmail: email }, { limit: 1 })).length > 0) return { userEmail: email };
  throw new FleetError('NOT_FOUND', `There is no user ${JSON.stringify(email)}, nor a session of one.`, {
    suggestions: ['evfleet user list'],
  });
}

/** Looked through for a list that is sorted or filtered by a field. */
const orphansMax = 10_000;

const exportPage = 100;

export const sessionOperations = {
  'session.list': unary({
    summary: 'List charging sessions, newest first',
    access: everyone,
    effect: 'read',
    input: Type.Composite([filterInput, Type.Object(listQuery)]),
    output: listOf(sessionView),
    run: ({ store, clock }, input) =>
      store.read(async (r) => {
        const { query, wanted } = halvesOf(input);
        const { sort, filter: fields, limit, offset } = query;
        const filter = await resolveFilter(r, wanted);
        const now = clock.now();
        if (sort === undefined && fields === undefined) {
          const sessions = await r.sessions.list(filter, given({ limit, offset }));
          const isAll = limit === undefined && offset === undefined;
          const total = isAll ? sessions.length : await r.sessions.count(filter);
          return { items: sessions.map((session) => toSessionView(session, now)), total };
        }
        const views = (await r.sessions.list(filter)).map((session) => toSessionView(session, now));
        return applyListQuery(views, query, fieldsOf(sessionView));
      }),
  }),

  'session.show': unary({
    summary: 'Show a session',
    access: everyone,
    effect: 'read',
    input: Type.Object({ id: Type.String() }),
    output: sessionDetail,
    run: ({ store, clock }, { id }) =>
      store.read(async (r) => toSessionDetail(await findSession(r, id), clock.now())),
  }),

  'session.samples': unary({
    summary: 'List what was metered during a session',
    access: everyone,
    effect: 'read',
    input: Type.Object({ id: Type.String(), ...listQuery }),
    output: listOf(sampleView),
    run: ({ store }, { id, ...query }) =>
      store.read(async (r) => {
        const { transactionId } = await findSession(r, id);
        const views = (await r.samples.listBySession(transactionId)).map(toSampleView);
        return applyListQuery(views, query, fieldsOf(sampleView));
      }),
  }),

  'session.orphans': unary({
    summary: 'List what a station metered outside of any session, newest first',
    access: staff,
    effect: 'read',
    input: Type.Object({
      stationId: Type.String(),
      connector: Type.Optional(Type.Integer()),
      /** Taken at or after; milliseconds since the epoch. */
      from: Type.Optional(Type.Integer()),
      /** Taken before. */
      to: Type.Optional(Type.Integer()),
      ...listQuery,
    }),
    output: listOf(orphanView),
    run: ({ store }, { stationId, sort, filter, limit, offset, ...range }) =>
      store.read(async (r) => {
        const { uuid } = await findStation(r, stationId);
        const samples = await r.samples.listOrphans(uuid, { ...range, limit: orphansMax });
        const query = given({ sort, filter, limit, offset });
        return applyListQuery(samples.map(toOrphanView), query, fieldsOf(orphanView));
      }),
  }),

  'session.export': stream({
    summary: 'All sessions that match, newest first',
    access: everyone,
    effect: 'read',
    input: filterInput,
    output: sessionView,
    async *run({ store, clock, signal }, input) {
      const now = clock.now();
      const filter = await store.read((r) => resolveFilter(r, input));
      let after: { startedAt: number; transactionId: number } | undefined;
      do {
        signal.throwIfAborted();
        const page = { limit: exportPage, ...(after && { after }) };
        const sessions = await store.read((r) => r.sessions.list(filter, page));
        if (sessions.length > 0) yield sessions.map((session) => toSessionView(session, now));
        after = sessions.length < exportPage ? undefined : sessions.at(-1);
      } while (after);
    },
  }),
};
