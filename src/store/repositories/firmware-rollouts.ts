import { sql } from 'kysely';
import type { FirmwareRollout, FirmwareTarget } from '../../domain/station/firmware.js';
import type {
  FirmwareRolloutRepository,
  RolloutFilter,
  TargetFilter,
} from '../../domain/station/firmware-repositories.js';
import type { Tally } from '../../domain/station/firmware-waves.js';
import { build, type Executor, first, isEmpty, prepared, preparedInsert } from '../queries.js';
import type { Tables } from '../schema.js';
import { stationsAt } from './stations-at.js';

const rolloutColumns = [
  'id',
  'version',
  'signed',
  'protocol',
  'retrieveAt',
  'retries',
  'retryIntervalS',
  'answerTimeoutMs',
  'concurrency',
  'maxFailures',
  'state',
  'wave',
  'waves',
  'waveStartedAt',
  'createdAt',
  'endedAt',
] as const;

const targetColumns = [
  'rolloutId',
  'stationUuid',
  'stationId',
  'imageUuid',
  'wave',
  'state',
  'status',
  'reason',
  'detail',
  'fromVersion',
  'failures',
  'sentAt',
  'offerUser',
  'offerPassword',
  'dueAt',
  'endedAt',
] as const;

const insertTargets = preparedInsert('firmwareTarget', targetColumns);

/** Asked at every boot and every report of a station. */
const openTarget = prepared<{ stationUuid: string }, FirmwareTarget>(({ stationUuid }) =>
  build
    .selectFrom('firmwareTarget')
    .select(targetColumns)
    .where('stationUuid', '=', stationUuid)
    .where('endedAt', 'is', null)
    .limit(1),
);

type Row = Tables['firmwareRollout'];

function toRollout({ signed, ...row }: Row): FirmwareRollout {
  return { ...row, signed: signed !== 0 };
}

function selectTargets({ rolloutId, stationId, siteUuids, wave, states }: TargetFilter) {
  let query = build.selectFrom('firmwareTarget').select(targetColumns);
  if (rolloutId !== undefined) query = query.where('rolloutId', '=', rolloutId);
  if (stationId !== undefined) query = query.where('stationId', '=', stationId);
  if (siteUuids !== undefined) query = query.where('stationUuid', 'in', stationsAt(siteUuids));
  if (wave !== undefined) query = query.where('wave', '=', wave);
  if (states !== undefined) query = query.where('state', 'in', [...states]);
  return query;
}

function selectRollouts({ siteUuids }: RolloutFilter = {}) {
  const query = build.selectFrom('firmwareRollout').select(rolloutColumns);
  if (siteUuids === undefined) return query;
  return query.where(({ exists, not, selectFrom }) =>
    not(
      exists(
        selectFrom('firmwareTarget')
          .select('firmwareTarget.rolloutId')
          .whereRef('firmwareTarget.rolloutId', '=', 'firmwareRollout.id')
          .where('firmwareTarget.stationUuid', 'not in', stationsAt(siteUuids)),
      ),
    ),
  );
}

export function createFirmwareRolloutRepository(executor: Executor): FirmwareRolloutRepository {
  return {
    async nextId() {
      const last = build.selectFrom('firmwareRollout').select(({ fn }) => fn.max('id').as('id'));
      return ((await first(executor, last.compile()))?.id ?? 0) + 1;
    },

    async insert({ signed, ...rollout }, targets) {
      const row = { ...rollout, signed: Number(signed) };
      await executor.run(build.insertInto('firmwareRollout').values(row).compile());
      for (const statement of insertTargets(targets)) await executor.run(statement);
    },

    async update(id, change) {
      if (isEmpty(change)) return;
      await executor.run(build.updateTable('firmwareRollout').set(change).where('id', '=', id).compile());
    },

    async find(id, filter) {
      const row = await first(executor, selectRollouts(filter).where('id', '=', id).compile());
      return row && toRollout(row);
    },

    async list({ limit, before }, filter) {
      let query = selectRollouts(filter).orderBy('id', 'desc').limit(limit);
      if (before !== undefined) query = query.where('id', '<', before);
      return (await executor.all<Row>(query.compile())).map(toRollout);
    },

    async listOpen() {
      const open = selectRollouts().where('endedAt', 'is', null).orderBy('id');
      return (await executor.all<Row>(open.compile())).map(toRollout);
    },

    async removeOld(kept) {
      const old = build
        .selectFrom('firmwareRollout')
        .select(['id', 'endedAt'])
        .orderBy('id', 'desc')
        .offset(kept)
        // Without a limit an offset is no SQL of this engine.
        .limit(1_000);
      const surplus = (await executor.all(old.compile())).filter(({ endedAt }) => endedAt !== null);
      for (const { id } of surplus) {
        await executor.run(build.deleteFrom('firmwareTarget').where('rolloutId', '=', id).compile());
        await executor.run(build.deleteFrom('firmwareRollout').where('id', '=', id).compile());
      }
      return surplus.length;
    },

    tally: (id) =>
      executor.all<Tally>(
        build
          .selectFrom('firmwareTarget')
          .select(['wave', 'state', sql<number>`count(*)`.as('stations')])
          .where('rolloutId', '=', id)
          .groupBy(['wave', 'state'])
          .orderBy('wave')
          .orderBy('state')
          .compile(),
      ),

    findOpenTarget: (stationUuid) => first(executor, openTarget({ stationUuid })),

    listTargets: (filter, { limit, offset = 0 }) =>
      executor.all<FirmwareTarget>(
        selectTargets(filter)
          .orderBy('rolloutId', 'desc')
          .orderBy('wave')
          .orderBy('stationId')
          .limit(limit)
          .offset(offset)
          .compile(),
      ),

    listOverdue: (now, limit) =>
      executor.all<FirmwareTarget>(
        selectTargets({})
          .where('endedAt', 'is', null)
          .where('dueAt', '<=', now)
          .orderBy('dueAt')
          .orderBy('rolloutId')
          .orderBy('stationUuid')
          .limit(limit)
          .compile(),
      ),

    async updateTarget({ rolloutId, stationUuid }, change) {
      if (isEmpty(change)) return;
      await executor.run(
        build
          .updateTable('firmwareTarget')
          .set(change)
          .where('rolloutId', '=', rolloutId)
          .where('stationUuid', '=', stationUuid)
          .compile(),
      );
    },

    async countUses(imageUuid) {
      const uses = build
        .selectFrom('firmwareTarget')
        .select(sql<number>`count(*)`.as('n'))
        .where('imageUuid', '=', imageUuid)
        .where('endedAt', 'is', null);
      return (await first(executor, uses.compile()))?.n ?? 0;
    },
  };
}
