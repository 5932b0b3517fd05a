import type { LocalListEntry } from '../../domain/charging/local-list.js';
import type { LocalListRepository } from '../../domain/charging/local-list-repository.js';
import { build, type Executor, first } from '../queries.js';

/** What nobody has been sent yet is no content at all. */
const nothingKey = '';

/** An entry as a list of its fields: half of what the names would take. */
type Row = [
  LocalListEntry['tag'],
  LocalListEntry['status'],
  LocalListEntry['expiresAt'],
  LocalListEntry['parent'],
];

function write(entries: readonly LocalListEntry[]): string {
  return JSON.stringify(
    entries.map(({ tag, status, expiresAt, parent }): Row => [tag, status, expiresAt, parent]),
  );
}

function read(text: string | null | undefined): LocalListEntry[] {
  const rows: Row[] = JSON.parse(text ?? '[]');
  return rows.map(([tag, status, expiresAt, parent]) => ({ tag, status, expiresAt, parent }));
}

export function createLocalListRepository(executor: Executor): LocalListRepository {
  const header = (stationUuid: string) =>
    first(
      executor,
      build
        .selectFrom('localList')
        .leftJoin('localListContent', 'localListContent.contentKey', 'localList.contentKey')
        .select(['stationUuid', 'version', 'isCertain', 'sentAt', 'checkedAt', 'basisKey'])
        .select(['localList.contentKey', 'localListContent.entries'])
        .where('stationUuid', '=', stationUuid)
        .compile(),
    );

  /** Content that is written again for every station would fill the journal. */
  const keep = async (contentKey: string, entries: readonly LocalListEntry[]) => {
    const query = build.selectFrom('localListContent').select('contentKey');
    if (await first(executor, query.where('contentKey', '=', contentKey).compile())) return;
    await executor.run(
      build
        .insertInto('localListContent')
        .values({ contentKey, entries: write(entries) })
        .compile(),
    );
  };

  const forgetUnused = async (contentKey: string) => {
    const query = build.selectFrom('localList').select('stationUuid').limit(1);
    if (await first(executor, query.where('contentKey', '=', contentKey).compile())) return;
    await executor.run(build.deleteFrom('localListContent').where('contentKey', '=', contentKey).compile());
  };

  return {
    async find(stationUuid) {
      const row = await header(stationUuid);
      return row && { ...row, isCertain: row.isCertain !== 0, entries: read(row.entries) };
    },

    async save({ entries, isCertain, ...list }) {
      const before = await header(list.stationUuid);
      await keep(list.contentKey, entries);
      const { stationUuid, ...change } = { ...list, isCertain: Number(isCertain) };
      if (before) {
        await executor.run(
          build.updateTable('localList').set(change).where('stationUuid', '=', stationUuid).compile(),
        );
        if (before.contentKey !== list.contentKey) await forgetUnused(before.contentKey);
      } else {
        await executor.run(
          build
            .insertInto('localList')
            .values({ stationUuid, ...change })
            .compile(),
        );
      }
    },

    async markUncertain(stationUuid, version, at) {
      const change = { version, isCertain: 0 };
      const update = build.updateTable('localList').set(change).where('stationUuid', '=', stationUuid);
      if ((await executor.run(update.compile())) > 0) return;
      const keys = { basisKey: nothingKey, contentKey: nothingKey };
      await executor.run(
        build
          .insertInto('localList')
          .values({ stationUuid, ...change, ...keys, sentAt: null, checkedAt: at })
          .compile(),
      );
    },

    listStale(basisKeys, { limit, after = '' }) {
      return executor.all(
        build
          .selectFrom('station')
          .leftJoin('localList', 'localList.stationUuid', 'station.uuid')
          .select(['station.uuid', 'station.id'])
          .where('station.uuid', '>', after)
          .where('station.registration', '=', 'accepted')
          .where('station.offlineSinceAt', 'is', null)
          .where('station.lastSeenAt', 'is not', null)
          .where(({ eb, or, ref }) =>
            or([
              eb('localList.stationUuid', 'is', null),
              eb('localList.basisKey', 'not in', basisKeys),
              eb('localList.isCertain', '=', 0),
              eb('station.bootedAt', '>', ref('localList.checkedAt')),
            ]),
          )
          .orderBy('station.uuid')
          .limit(limit)
          .compile(),
      );
    },

    listBases: () =>
      executor.all(
        build.selectFrom('localList').select(['stationUuid', 'basisKey']).orderBy('stationUuid').compile(),
      ),

    async markOutdated(stationUuid) {
      const change = { basisKey: nothingKey };
      await executor.run(
        build.updateTable('localList').set(change).where('stationUuid', '=', stationUuid).compile(),
      );
    },

    async deleteByStation(stationUuid) {
      const before = await header(stationUuid);
      if (!before) return;
      await executor.run(build.deleteFrom('localList').where('stationUuid', '=', stationUuid).compile());
      await forgetUnused(before.contentKey);
    },
  };
}
