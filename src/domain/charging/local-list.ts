import { tagMaxLength } from '../identifiers.js';
import type { Tag } from '../people/people.js';
import { authorize, isAllowedAt, type StationPlace, type Verdict } from './authorization.js';

/** A tag as a station's local authorization list has it (OCPP 1.6 §3.5.2). */
export interface LocalListEntry {
  readonly tag: string;
  readonly status: Exclude<Verdict, 'Invalid' | 'ConcurrentTx'>;
  /** Milliseconds since the epoch; null never. */
  readonly expiresAt: number | null;
  readonly parent: string | null;
}

/** One message of a list: SendLocalList without the words of the protocol. */
export interface LocalListUpdate {
  /** `full` replaces what the station has, `differential` changes it. */
  readonly kind: 'full' | 'differential';
  /** That of the list once the update is applied. */
  readonly version: number;
  readonly entries: readonly LocalListEntry[];
  /** Tags that go; only in a differential update. */
  readonly removed: readonly string[];
}

export interface LocalListDifference {
  readonly removed: readonly LocalListEntry[];
  readonly added: readonly LocalListEntry[];
  /** As they are to be. */
  readonly changed: readonly LocalListEntry[];
}

/** Versions are 32-bit integers at stations; 0 is an empty list and -1 none at all (erratum 3.52). */
export const listVersionMax = 2 ** 31 - 1;

/** A tag with what stations are told of it where it is accepted. */
export interface TagOnList {
  readonly tag: Tag;
  readonly entry: LocalListEntry;
}

/**
 * Everything that stations should know of the tags, also which of them to refuse while nobody can be asked. Sorted, so
 * that the same tags make the same list.
 * @param disabledUsers uuids of users whose tags are refused
 */
export function tagsOnLists(
  tags: readonly Tag[],
  disabledUsers: ReadonlySet<string>,
  now: number,
): TagOnList[] {
  return tags
    .filter(({ tag, parent }) => tag.length <= tagMaxLength && (parent?.length ?? 0) <= tagMaxLength)
    .map((tag) => ({ tag, entry: toEntry(tag, disabledUsers, now) }))
    .map((listed) => ({ key: keyOf(listed.entry), listed }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ listed }) => listed);
}

/**
 * The list of a station. Tags that are for other places are left out: stations refuse what they do not know while they
 * are offline, and have little room.
 */
export function buildLocalList(tags: readonly TagOnList[], place: StationPlace): LocalListEntry[] {
  return tags.filter(({ tag }) => isAllowedAt(tag, place)).map(({ entry }) => entry);
}

function toEntry(tag: Tag, disabledUsers: ReadonlySet<string>, now: number): LocalListEntry {
  const user = { disabled: tag.userUuid !== null && disabledUsers.has(tag.userUuid) };
  // Wherever it is: where it may not be used it is not on the list.
  const anywhere = { ...tag, siteUuids: [], groupUuids: [] };
  const { verdict } = authorize({
    ...{ purpose: 'reserve', mode: 'rfid', tag: anywhere, user, running: 0, now },
    place: { siteUuid: null, groupUuids: [] },
  });
  const status = verdict === 'Blocked' || verdict === 'Expired' ? verdict : 'Accepted';
  return { tag: tag.tag, status, expiresAt: tag.expiresAt, parent: tag.parent === '' ? null : tag.parent };
}

/** How much a list is worth to a station that cannot hold all: who may charge, who must not, who may no more. */
const ranks: Readonly<Record<LocalListEntry['status'], number>> = { Accepted: 0, Blocked: 1, Expired: 2 };

/** The part of a list that a station with room for so many entries gets. */
export function cutLocalList(
  list: readonly LocalListEntry[],
  maxEntries: number | undefined,
): readonly LocalListEntry[] {
  if (maxEntries === undefined || list.length <= maxEntries) return list;
  const ranked = [...list].sort((a, b) => ranks[a.status] - ranks[b.status]);
  return sorted(ranked.slice(0, Math.max(0, maxEntries)));
}

/** What has to happen to `from` so that it becomes `to`. Tags are the same whatever their case (field trap 27). */
export function differenceOfLists(
  from: readonly LocalListEntry[],
  to: readonly LocalListEntry[],
): LocalListDifference {
  const before = new Map(from.map((entry) => [keyOf(entry), entry]));
  const added: LocalListEntry[] = [];
  const changed: LocalListEntry[] = [];
  for (const entry of to) {
    const known = before.get(keyOf(entry));
    before.delete(keyOf(entry));
    if (known === undefined) added.push(entry);
    else if (!isSame(known, entry)) changed.push(entry);
  }
  return { removed: [...before.values()], added, changed };
}

export interface PlanOptions {
  /** What the station has; undefined when that is not certain. */
  readonly present: readonly LocalListEntry[] | undefined;
  readonly wanted: readonly LocalListEntry[];
  /** Every version that was seen or used so far, so that the next ones are above them. */
  readonly versions: readonly number[];
  /** At least 1. */
  readonly maxPerMessage: number;
}

/**
 * The messages that bring a station from what it has to what it should have; none when that is the same. In full when
 * it is not certain what it has, or when that takes no more than telling the difference. Every message has a version of
 * its own, above the one before: stations refuse a differential update that does not rise.
 */
export function planUpdates({ present, wanted, versions, maxPerMessage }: PlanOptions): LocalListUpdate[] {
  const last = Math.max(0, ...versions);
  if (present !== undefined) {
    const { removed, added, changed } = differenceOfLists(present, wanted);
    const size = removed.length + added.length + changed.length;
    if (size === 0) return [];
    const isLess = size < wanted.length;
    // What goes, goes first: in between, the station never holds more than before or after.
    const changes = [...removed.map(({ tag }) => tag), ...changed, ...added];
    const messages = chunks(changes, maxPerMessage);
    if (isLess && last + messages.length <= listVersionMax) {
      return messages.map((message, index) => ({
        kind: 'differential',
        version: last + 1 + index,
        entries: message.filter((change) => typeof change !== 'string'),
        removed: message.filter((change) => typeof change === 'string'),
      }));
    }
  }
  const messages = wanted.length === 0 ? [[]] : chunks(wanted, maxPerMessage);
  // A full list may have any version, so that it is where counting can begin anew.
  const first = last + messages.length <= listVersionMax ? last + 1 : 1;
  return messages.map((entries, index) => ({
    kind: index === 0 ? 'full' : 'differential',
    version: first + index,
    entries,
    removed: [],
  }));
}

function isSame(a: LocalListEntry, b: LocalListEntry): boolean {
  return a.status === b.status && a.expiresAt === b.expiresAt && sameTag(a.parent, b.parent);
}

function sameTag(a: string | null, b: string | null): boolean {
  return a?.toLowerCase() === b?.toLowerCase();
}

function keyOf({ tag }: LocalListEntry): string {
  return tag.toLowerCase();
}

function sorted(list: readonly LocalListEntry[]): LocalListEntry[] {
  return list
    .map((entry) => ({ key: keyOf(entry), entry }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ entry }) => entry);
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}
