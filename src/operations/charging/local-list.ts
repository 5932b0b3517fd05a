import { type Static, Type } from '@sinclair/typebox';
import { differenceOfLists, type LocalListEntry } from '../../domain/charging/local-list.js';
import { staff } from '../access.js';
import { bulk, bulkInput, bulkOutcome } from '../bulk.js';
import { findStation } from '../lookup.js';
import { stream, unary } from '../operation.js';
import { notAccepted, reachable } from '../remote/remote-call.js';
import { instant, nullable, oneOf, toIso } from '../shared.js';
import { askVersion, type Pushed, pushLocalList } from './local-list-push.js';
import { WantedLists } from './wanted-lists.js';

/** What a station is told of a tag. */
const entryView = Type.Object({
  status: oneOf('Accepted', 'Blocked', 'Expired'),
  expires: nullable(instant),
  parent: nullable(Type.String()),
});
export type LocalListEntryView = Static<typeof entryView>;

const localListRow = Type.Object({
  tag: Type.String(),
  /** What would happen to it if the list were pushed now. */
  change: oneOf('none', 'added', 'changed', 'removed'),
  /** As the station took it last; null when it was not in the list. */
  sent: nullable(entryView),
  /** As it would be sent now, to a station that has room for all; null when it would not be. */
  now: nullable(entryView),
});
export type LocalListRow = Static<typeof localListRow>;

/**
 * `never`: nothing was sent; `current`: it was sent all that it should have; `outdated`: tags have changed since;
 * `uncertain`: the last message was not answered, or refused.
 */
const localListState = oneOf('never', 'current', 'outdated', 'uncertain');
type LocalListState = Static<typeof localListState>;

const timeoutMs = Type.Integer({ minimum: 100, maximum: 3_600_000 });

function toView(entry: LocalListEntry | undefined): LocalListEntryView | null {
  if (!entry) return null;
  const { status, expiresAt, parent } = entry;
  return { status, expires: toIso(expiresAt), parent };
}

/** Everything that was sent or would be now, by tag. */
function toRows(sent: readonly LocalListEntry[], now: readonly LocalListEntry[]): LocalListRow[] {
  const { added, changed, removed } = differenceOfLists(sent, now);
  const before = new Map(sent.map((entry) => [entry.tag.toLowerCase(), entry]));
  const isNew = new Set(added);
  const isOther = new Set(changed);
  const rows = now.map((entry): LocalListRow => {
    const change = isNew.has(entry) ? 'added' : isOther.has(entry) ? 'changed' : 'none';
    return { tag: entry.tag, change, sent: toView(before.get(entry.tag.toLowerCase())), now: toView(entry) };
  });
  return [
    ...rows,
    ...removed.map((entry) => ({
      tag: entry.tag,
      change: 'removed' as const,
      sent: toView(entry),
      now: null,
    })),
  ];
}

export const localListOperations = {
  'local-list.show': unary({
    summary: 'Show which list of tags a station was sent, and which it would be now',
    access: staff,
    effect: 'read',
    input: Type.Object({ stationId: Type.String() }),
    output: Type.Object({
      stationId: Type.String(),
      state: localListState,
      /** The highest version that was sent; null when none was. */
      version: nullable(Type.Integer()),
      sentAt: nullable(instant),
      /** How many entries the station took last. */
      sentEntries: Type.Integer(),
      /** How many it would get now, if it has room for all. */
      nowEntries: Type.Integer(),
      entries: Type.Array(localListRow),
    }),
    async run(context, { stationId }) {
      const { store, wholeStore } = context;
      const { station, sent } = await store.read(async (r) => {
        const station = await findStation(r, stationId);
        return { station, sent: await r.localLists.find(station.uuid) };
      });
      const wanted = await (await WantedLists.read(context)).of(station);
      const entries = sent?.entries ?? [];
      const rows = toRows(entries, wanted.entries);
      // The station has all tags that it needs; who is for some sites sees theirs.
      const seen = wholeStore && (await store.read((r) => r.tags.list()));
      const names = seen && new Set(seen.map(({ tag }) => tag.toLowerCase()));
      const shown = names ? rows.filter(({ tag }) => names.has(tag.toLowerCase())) : rows;
      // A list that was cut for want of room is what it should be, too.
      const isCurrent = sent?.basisKey === wanted.key || rows.every(({ change }) => change === 'none');
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
        sentEntries: shown.filter(({ sent }) => sent !== null).length,
        nowEntries: shown.filter(({ now }) => now !== null).length,
        entries: shown,
      };
    },
  }),

  'local-list.version': unary({
    summary: 'Ask a station which version of its list it has',
    access: staff,
    effect: 'read',
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
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({ ...bulkInput, force: Type.Optional(Type.Boolean()), timeoutMs }),
    output: bulkOutcome,
    async *run(context, { targets, concurrency, force = false, timeoutMs }) {
      const lists = await WantedLists.read(context);
      yield* bulk(context, targets, { concurrency }, async (station, signal) => {
        const options = { wanted: await lists.of(station), force, timeoutMs, signal };
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
