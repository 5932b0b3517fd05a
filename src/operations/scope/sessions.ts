import type { SessionFilter } from '../../domain/charging/session-repositories.js';
import type { Session } from '../../domain/model.js';
import type { Repositories } from '../../domain/repositories.js';
import { only } from './only.js';
import type { Sight } from './sight.js';

type Sessions = Pick<Repositories, 'sessions' | 'samples'>;

/** Sessions belong to the site where they took place, wherever their station stands now. */
export function sessionsInSight(sight: Sight): Sessions {
  const { r } = sight;
  const sees = (session: Session) => sight.isAt(session.siteUuid);
  const shown = sessionsShown(sight, { sees, narrow: (filter) => sight.narrow(filter) });
  return {
    sessions: only(
      {
        ...shown.sessions,
        listOpen: async (stationUuid, connector) =>
          (await r.sessions.listOpen(stationUuid, connector)).filter(sees),
        listAllOpen: async () => (await r.sessions.listAllOpen()).filter(sees),
        listEndedSince: async (since, limit) =>
          (await r.sessions.listEndedSince(since, limit)).filter(({ siteUuid }) => sight.isAt(siteUuid)),
        listOpenByTag: async (tag) => (await r.sessions.listOpenByTag(tag)).filter(sees),
        async update(uuid, change) {
          const session = await r.sessions.findByUuid(uuid);
          if (!session || !sees(session)) throw sight.refusal();
          await r.sessions.update(uuid, change);
        },
      },
      () => sight.refusal(),
    ),
    samples: only(
      {
        ...shown.samples,
        async listLatestOfOpen() {
          const open = new Set((await r.sessions.listAllOpen()).filter(sees).map(numberOf));
          return (await r.samples.listLatestOfOpen()).filter((sample) => open.has(numberOf(sample)));
        },
        async listRegistersAt(instants, ended) {
          const own = (await r.sessions.listAllOpen()).filter(sees).map(numberOf);
          if (ended) {
            const over = await r.sessions.listEndedSince(ended, Number.MAX_SAFE_INTEGER);
            own.push(...over.filter(({ siteUuid }) => sight.isAt(siteUuid)).map(numberOf));
          }
          const seen = new Set(own);
          return (await r.samples.listRegistersAt(instants, ended)).filter((at) => seen.has(numberOf(at)));
        },
        listOrphans: async (stationUuid, filter) =>
          (await sight.seesStation(stationUuid)) ? r.samples.listOrphans(stationUuid, filter) : [],
      },
      () => sight.refusal(),
    ),
  };
}

function numberOf({ transactionId }: { readonly transactionId: number }): number {
  return transactionId;
}

/** What can be seen of some sessions, and no more. */
export function sessionsShown(
  { r }: Sight,
  {
    sees,
    narrow,
  }: {
    readonly sees: (session: Session) => boolean;
    /** Undefined where nothing can fit. */
    readonly narrow: (filter: SessionFilter) => SessionFilter | undefined;
  },
) {
  const inSight = (session: Session | undefined) => (session && sees(session) ? session : undefined);
  const hasSession = async (transactionId: number) =>
    inSight(await r.sessions.findByTransactionId(transactionId)) !== undefined;
  return {
    sessions: {
      findByUuid: async (uuid) => inSight(await r.sessions.findByUuid(uuid)),
      findByTransactionId: async (id) => inSight(await r.sessions.findByTransactionId(id)),
      async list(filter, page) {
        const own = narrow(filter);
        return own ? r.sessions.list(own, page) : [];
      },
      async count(filter) {
        const own = narrow(filter);
        return own ? r.sessions.count(own) : 0;
      },
    } satisfies Partial<Repositories['sessions']>,
    samples: {
      findLatest: async (id) => ((await hasSession(id)) ? r.samples.findLatest(id) : undefined),
      listBySession: async (id, page) => ((await hasSession(id)) ? r.samples.listBySession(id, page) : []),
    } satisfies Partial<Repositories['samples']>,
  };
}
