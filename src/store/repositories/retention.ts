import type { CompiledQuery } from 'kysely';
import type { EndedSession, RetentionRepository } from '../../domain/retention-repository.js';
import { build, type Executor, first, prepared } from '../queries.js';

const unthinned = prepared<{ endedBy: number; limit: number }, EndedSession>(({ endedBy, limit }) =>
  build
    .selectFrom('session')
    .select(['transactionId', 'startedAt'])
    .where('samplesThinnedAt', 'is', null)
    .where('stoppedAt', 'is not', null)
    .where('stoppedAt', '<=', endedBy)
    .orderBy('stoppedAt')
    .orderBy('transactionId')
    .limit(limit),
);

const instants = prepared<{ transactionId: number; after: number; limit: number }, { takenAt: number }>(
  ({ transactionId, after, limit }) =>
    build
      .selectFrom('meterSample')
      .select('takenAt')
      .distinct()
      .where('transactionId', '=', transactionId)
      .where('takenAt', '>', after)
      .orderBy('takenAt')
      .limit(limit),
);

const removeBetween = prepared<{ transactionId: number; from: number; to: number }, unknown>(
  ({ transactionId, from, to }) =>
    build
      .deleteFrom('meterSample')
      .where('transactionId', '=', transactionId)
      .where('takenAt', '>=', from)
      .where('takenAt', '<=', to),
);

const markThinned = prepared<{ transactionId: number; samplesThinnedAt: number }, unknown>(
  ({ transactionId, samplesThinnedAt }) =>
    build.updateTable('session').set({ samplesThinnedAt }).where('transactionId', '=', transactionId),
);

type Oldest = {
  readonly receivedBefore: number;
  /** How many older ones there are than the one in question. */
  readonly offset: number;
};

const orphanAt = prepared<Oldest, { receivedAt: number }>(({ receivedBefore, offset }) =>
  build
    .selectFrom('meterSample')
    .select('receivedAt')
    .where('transactionId', 'is', null)
    .where('receivedAt', '<', receivedBefore)
    .orderBy('receivedAt')
    .limit(1)
    .offset(offset),
);

const removeOrphans = prepared<{ until: number }, unknown>(({ until }) =>
  build.deleteFrom('meterSample').where('transactionId', 'is', null).where('receivedAt', '<=', until),
);

const eventAt = prepared<Oldest, { receivedAt: number }>(({ receivedBefore, offset }) =>
  build
    .selectFrom('event')
    .select('receivedAt')
    .where('receivedAt', '<', receivedBefore)
    .orderBy('receivedAt')
    .limit(1)
    .offset(offset),
);

const removeEvents = prepared<{ until: number }, unknown>(({ until }) =>
  build.deleteFrom('event').where('receivedAt', '<=', until),
);

const connectionAt = prepared<Oldest, { receivedAt: number }>(({ receivedBefore, offset }) =>
  build
    .selectFrom('connection')
    .select('closedAt as receivedAt')
    .where('closedAt', '<', receivedBefore)
    .orderBy('closedAt')
    .limit(1)
    .offset(offset)
    .$castTo<{ receivedAt: number }>(),
);

const removeConnections = prepared<{ until: number }, unknown>(({ until }) =>
  build.deleteFrom('connection').where('closedAt', '<=', until),
);

const faultAt = prepared<Oldest, { receivedAt: number }>(({ receivedBefore, offset }) =>
  build
    .selectFrom('fault')
    .select('endedAt as receivedAt')
    .where('endedAt', '<', receivedBefore)
    .orderBy('endedAt')
    .limit(1)
    .offset(offset)
    .$castTo<{ receivedAt: number }>(),
);

const removeFaults = prepared<{ until: number }, unknown>(({ until }) =>
  build.deleteFrom('fault').where('endedAt', '<=', until),
);

const alarmAt = prepared<Oldest, { receivedAt: number }>(({ receivedBefore, offset }) =>
  build
    .selectFrom('alarm')
    .select('clearedAt as receivedAt')
    .where('clearedAt', '<', receivedBefore)
    .orderBy('clearedAt')
    .limit(1)
    .offset(offset)
    .$castTo<{ receivedAt: number }>(),
);

const removeAlarms = prepared<{ until: number }, unknown>(({ until }) =>
  build.deleteFrom('alarm').where('clearedAt', '<=', until),
);

const removeAlarmNotices = prepared<{ until: number }, unknown>(({ until }) =>
  build
    .deleteFrom('notice')
    .where('subjectUuid', 'in', ({ selectFrom }) =>
      selectFrom('alarm').select('alarm.uuid').where('alarm.clearedAt', '<=', until),
    ),
);

const ofSession = build.selectFrom('session').select('session.uuid');

const sessionNoticeAt = prepared<Oldest, { receivedAt: number }>(({ receivedBefore, offset }) =>
  build
    .selectFrom('notice')
    .select('at as receivedAt')
    .where('at', '<', receivedBefore)
    .where('subjectUuid', 'in', ofSession)
    .orderBy('at')
    .limit(1)
    .offset(offset),
);

const removeSessionNotices = prepared<{ until: number }, unknown>(({ until }) =>
  build.deleteFrom('notice').where('at', '<=', until).where('subjectUuid', 'in', ofSession),
);

const auditAt = prepared<Oldest, { receivedAt: number }>(({ receivedBefore, offset }) =>
  build
    .selectFrom('audit')
    .select('at as receivedAt')
    .where('at', '<', receivedBefore)
    .orderBy('at')
    .limit(1)
    .offset(offset),
);

const removeAudit = prepared<{ until: number }, unknown>(({ until }) =>
  build.deleteFrom('audit').where('at', '<=', until),
);

/** Before every instant that a sample can have. */
const earliest = Number.MIN_SAFE_INTEGER;

export function createRetentionRepository(executor: Executor): RetentionRepository {
  /** DELETE has no LIMIT in every dialect: the row at the limit says up to when to delete. */
  async function lastOf(
    rowAt: (oldest: Oldest) => CompiledQuery<{ receivedAt: number }>,
    { receivedBefore, limit }: { receivedBefore: number; limit: number },
  ): Promise<number | undefined> {
    const last = await first(executor, rowAt({ receivedBefore, offset: limit - 1 }));
    if (last) return last.receivedAt;
    // A statement that changes nothing is not worth a journal record.
    const any = await first(executor, rowAt({ receivedBefore, offset: 0 }));
    return any && receivedBefore - 1;
  }

  async function removeOldest(
    rowAt: (oldest: Oldest) => CompiledQuery<{ receivedAt: number }>,
    remove: (range: { until: number }) => CompiledQuery<unknown>,
    oldest: { receivedBefore: number; limit: number },
  ): Promise<number> {
    const until = await lastOf(rowAt, oldest);
    return until === undefined ? 0 : executor.run(remove({ until }));
  }

  return {
    listUnthinned: (endedBy, limit) => executor.all(unthinned({ endedBy, limit })),

    async listInstants(transactionId, { after = earliest, limit }) {
      const rows = await executor.all(instants({ transactionId, after, limit }));
      return rows.map(({ takenAt }) => takenAt);
    },

    removeSamples: (transactionId, { from, to }) => executor.run(removeBetween({ transactionId, from, to })),

    async markThinned(transactionId, at) {
      await executor.run(markThinned({ transactionId, samplesThinnedAt: at }));
    },

    removeOrphanSamples: (oldest) => removeOldest(orphanAt, removeOrphans, oldest),

    removeEvents: (oldest) => removeOldest(eventAt, removeEvents, oldest),

    removeConnections: (oldest) => removeOldest(connectionAt, removeConnections, oldest),

    removeFaults: (oldest) => removeOldest(faultAt, removeFaults, oldest),

    async removeAlarms(oldest) {
      const until = await lastOf(alarmAt, oldest);
      if (until === undefined) return 0;
      await executor.run(removeAlarmNotices({ until }));
      return executor.run(removeAlarms({ until }));
    },

    removeSessionNotices: (oldest) => removeOldest(sessionNoticeAt, removeSessionNotices, oldest),

    removeAudit: (oldest) => removeOldest(auditAt, removeAudit, oldest),
  };
}
