import { type Static, Type } from '@sinclair/typebox';
import { differenceOfLists, type LocalListEntry } from '../domain/local-list.js';
import { bulk, bulkInput, bulkOutcome } from './bulk.js';
import { askVersion, type Pushed, pushLocalList, readWantedList } from './local-list-push.js';
import { findStation } from './lookup.js';
import { stream, unary } from './operation.js';
import { notAccepted, reachable } from './remote-call.js';
import { instant, nullable, oneOf, toIso } from './shared.js';

/** What OCPP 1.6 calls an entry of the list. */
export const localListEntryView = Type.Object({
  tag: Type.String(),
  status: oneOf('Accepted', 'Blocked', 'Expired'),
  expires: nullable(instant),
  parent: nullable(Type.String()),
});
export type LocalListEntryView = Static<typeof localListEntryView>;

/**
 * `never`: nothing was sent; `current`: it was sent all that it should have; `outdated`: tags have changed since;
 * `uncertain`: the last message was not answered, or refused.
 */
const localListState = oneOf('never', 'current', 'outdated', 'uncertain');
type LocalListState = Static<typeof localListState>;

const timeoutMs = Type.Integer({ minimum: 100, maximum: 3_600_000 });

function toView({ tag, status, expiresAt, parent }: LocalListEntry): LocalListEntryView {
  return { tag, status, expires: toIso(expiresAt), parent };
}

export const localListOperations = {
  'local-list.show': unary({
    summary: 'Show which list of tags a station was sent, and which it would be now',
    role: 'support',
    input: Type.Object({ stationId: Type.String() }),
    output: Type.Object({
      stationId: Type.String(),
      state: localListState,
      /** The highest version that was sent; null when none was. */
      version: nullable(Type.Integer()),
      sentAt: nullable(instant),
      /** What the station took last. */
      sent: Type.Array(localListEntryView),
      /** What it would be sent now, if it has room for all. */
      now: Type.Array(localListEntryView),
      added: Type.Array(Type.String()),
      removed: Type.Array(Type.String()),
      changed: Type.Array(Type.String()),
    }),
    async run({ store, clock }, { stationId }) {
      const sent = await store.read(async (r) => r.localLists.find((await findStation(r, stationId)).uuid));
      const wanted = await readWantedList({ store, clock });
      const entries = sent?.entries ?? [];
      const { added, removed, changed } = differenceOfLists(entries, wanted.entries);
      const tags = (list: readonly LocalListEntry[]) => list.map(({ tag }) => tag);
      const isCurrent = sent?.basisKey === wanted.key || added.length + removed.length + changed.length === 0;
      const state: LocalListState = !sent
        ? 'never'
        : !sent.isCertain
          ? 'uncertain'
          : isCurrent
            ? 'current'
            : 'outdated';
      return {
        stationId,
        state,
        version: sent?.version ?? null,
        sentAt: toIso(sent?.sentAt ?? null),
        sent: entries.map(toView),
        now: wanted.entries.map(toView),
        added: tags(added),
        removed: tags(removed),
        changed: tags(changed),
      };
    },
  }),

  'local-list.version': unary({
    summary: 'Ask a station which version of its list it has',
    role: 'support',
    live: true,
    input: Type.Object({ stationId: Type.String(), timeoutMs }),
    output: Type.Object({
      stationId: Type.String(),
      /** As the station gives it: 0 is an empty list, -1 none at all. */
      version: Type.Integer(),
      isSupported: Type.Boolean(),
      /** What was sent last; null when nothing was, or when it is not certain that the station took it. */
      sentVersion: nullable(Type.Integer()),
    }),
    async run(context, { stationId, timeoutMs }) {
      const { store, signal } = context;
      const { station, sent } = await store.read(async (r) => {
        const station = await findStation(r, stationId);
        return { station, sent: await r.localLists.find(station.uuid) };
      });
      const live = reachable(context, station);
      if (station.registration === 'rejected') throw notAccepted(station);
      const version = await askVersion(live, station, { timeoutMs, signal });
      return {
        stationId,
        version,
        isSupported: version >= 0,
        sentVersion: sent?.isCertain ? sent.version : null,
      };
    },
  }),

  'local-list.push': stream({
    summary: 'Bring the lists of tags of stations up to date',
    role: 'support',
    live: true,
    input: Type.Object({ ...bulkInput, force: Type.Optional(Type.Boolean()), timeoutMs }),
    output: bulkOutcome,
    async *run(context, { targets, concurrency, force = false, timeoutMs }) {
      const wanted = await readWantedList(context);
      yield* bulk(context, targets, { concurrency }, async (station, signal) => {
        const options = { wanted, force, timeoutMs, signal };
        const pushed = await pushLocalList(context, station, options);
        return {
          status: pushed.update === null ? null : 'Accepted',
          message: describePush(station.id, pushed),
          detail: { ...pushed },
        };
      });
    },
  }),
};

/** What became of a push, in a sentence. */
function describePush(id: string, { version, update, messages, entries, leftOut }: Pushed): string {
  const tags = entries === 0 ? 'no tags' : entries === 1 ? '1 tag' : `${entries} tags`;
  const parts = messages > 1 ? ` in ${messages} messages` : '';
  const what = {
    full: `took the whole list${parts}`,
    differential: `took the changes${parts}`,
    none: 'has the list already',
  }[update ?? 'none'];
  const rest = leftOut === 0 ? '' : ` It has no room for ${leftOut} more.`;
  return `${id} ${what}: version ${version}, ${tags}.${rest}`;
}
