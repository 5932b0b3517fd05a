import type { Clock } from '../../domain/clock.js';
import type { Store } from '../../domain/repositories.js';
import type { MessageQuery, MessageRecord, RecordedMessage } from '../../domain/station/message-record.js';

/**
 * The communication log of the stations that `store` shows. Gaps belong to no station, and are shown: without word of
 * them it would look as if nothing had been said.
 */
export function scopedMessages(record: MessageRecord, store: Store, clock: Clock): MessageRecord {
  async function inSight(query: MessageQuery): Promise<MessageQuery> {
    const { stationId } = query;
    if (stationId === undefined) {
      return { ...query, stationIds: new Set(await store.read((r) => r.stations.listIds())) };
    }
    const station = await store.read((r) => r.stations.findById(stationId));
    return { ...query, stationIds: new Set(station ? [stationId] : []) };
  }

  /** Stations come, go and move while somebody follows. */
  async function seenOf(batch: readonly RecordedMessage[]): Promise<readonly RecordedMessage[]> {
    const ids = new Set(batch.map(({ stationId }) => stationId).filter((id) => id !== null));
    if (ids.size === 0) return batch;
    const seen = await store.read(async (r) => {
      const found = new Set<string>();
      for (const id of ids) if (await r.stations.findById(id)) found.add(id);
      return found;
    });
    return batch.filter(({ stationId }) => stationId === null || seen.has(stationId));
  }

  return {
    async *list(query, signal) {
      yield* record.list(await inSight(query), signal);
    },

    async *follow({ limit, ...query }, signal) {
      let begunAt: number | undefined;
      for await (const batch of record.follow({ ...query, limit: 0 }, signal)) {
        if (begunAt === undefined) {
          // From now on nothing is missed; what was before is in the log.
          begunAt = clock.now();
          yield [];
          const to = Math.min(query.to ?? begunAt, begunAt);
          const before = { ...(await inSight(query)), to, ...(limit !== undefined && { limit }) };
          yield* record.list(before, signal);
        }
        const since = begunAt;
        const seen = await seenOf(batch.filter(({ time }) => time >= since));
        if (seen.length > 0) yield seen;
      }
    },
  };
}
