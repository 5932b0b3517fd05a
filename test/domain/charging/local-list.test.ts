import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StationPlace } from '../../../src/domain/charging/authorization.js';
import {
  buildLocalList,
  cutLocalList,
  differenceOfLists,
  type LocalListEntry,
  listVersionMax,
  planUpdates,
  tagsOnLists,
} from '../../../src/domain/charging/local-list.js';
import { newTag as emptyTag } from '../../../src/domain/new-entities.js';
import type { Tag } from '../../../src/domain/people/people.js';
import { LocalList, type LocalListUpdate } from '../../../src/simulator/charging/local-list.js';

const now = Date.UTC(2026, 4, 4);

function newTag(tag: string, change: Partial<Tag> = {}): Tag {
  return { ...emptyTag({ tag, createdAt: 0 }), ...change };
}

function newEntry(tag: string, change: Partial<LocalListEntry> = {}): LocalListEntry {
  return { tag, status: 'Accepted', expiresAt: null, parent: null, ...change };
}

/** Of a station at that place. */
function listFor(
  tags: readonly Tag[],
  place: StationPlace = { siteUuid: null, groupUuids: [] },
  disabledUsers: readonly string[] = [],
): LocalListEntry[] {
  return buildLocalList(tagsOnLists(tags, new Set(disabledUsers), now), place);
}

describe('the list of a station', () => {
  it('has all tags with what the station should do about them, in an order of its own', () => {
    const tags = [
      newTag('b', { blocked: true, expiresAt: 1 }),
      newTag('C', { expiresAt: now, parent: 'F' }),
      newTag('a', { expiresAt: now + 1, parent: '' }),
    ];
    expect(listFor(tags)).toEqual([
      newEntry('a', { expiresAt: now + 1 }),
      newEntry('b', { status: 'Blocked', expiresAt: 1 }),
      newEntry('C', { status: 'Expired', expiresAt: now, parent: 'F' }),
    ]);
    expect(listFor([...tags].reverse())).toEqual(listFor(tags));
  });

  it('leaves out what no station could be told', () => {
    const [twenty, more] = ['x'.repeat(20), 'x'.repeat(21)];
    const tags = [newTag(twenty, { parent: twenty }), newTag(more), newTag('a', { parent: more })];
    expect(listFor(tags)).toEqual([newEntry(twenty, { parent: twenty })]);
  });

  it('has tags where they are accepted only, and those of disabled users as blocked', () => {
    const tags = [
      newTag('everywhere'),
      newTag('here', { siteUuids: ['here'] }),
      newTag('there', { siteUuids: ['there'], blocked: true }),
      newTag('night', { groupUuids: ['night'] }),
      newTag('left', { userUuid: 'left' }),
      newTag('stays', { userUuid: 'stays' }),
    ];
    const names = (place: StationPlace) =>
      listFor(tags, place, ['left']).map(({ tag, status }) => (status === 'Accepted' ? tag : `-${tag}`));
    const always = ['everywhere', '-left', 'stays'];
    expect(names({ siteUuid: null, groupUuids: [] })).toEqual(always);
    expect(names({ siteUuid: 'here', groupUuids: [] })).toEqual(['everywhere', 'here', '-left', 'stays']);
    expect(names({ siteUuid: 'there', groupUuids: ['day', 'night'] })).toEqual([
      'everywhere',
      '-left',
      'night',
      'stays',
      '-there',
    ]);
  });

  it('has first of all those that may charge when there is no room for all', () => {
    const [a, b, c] = [
      newEntry('a', { status: 'Expired' }),
      newEntry('b'),
      newEntry('c', { status: 'Blocked' }),
    ];
    const list = [a, b, c];
    expect(cutLocalList(list, 3)).toBe(list);
    expect(cutLocalList(list, undefined)).toBe(list);
    expect(cutLocalList(list, 2)).toEqual([b, c]);
    expect(cutLocalList(list, 1)).toEqual([b]);
    expect(cutLocalList(list, 0)).toEqual([]);
  });

  it('is the same for tags that differ in case only', () => {
    const [one, other] = [newEntry('ab', { parent: 'p' }), newEntry('AB', { parent: 'P' })];
    expect(differenceOfLists([one], [other])).toEqual({ added: [], changed: [], removed: [] });
  });
});

describe('what is sent', () => {
  const wanted = ['a', 'b', 'c', 'd', 'e'].map((tag) => newEntry(tag));
  const plan = (change: Partial<Parameters<typeof planUpdates>[0]> = {}) =>
    planUpdates({ present: undefined, wanted, versions: [7], maxPerMessage: 2, ...change }).map(
      ({ kind, version, entries, removed }) => [
        kind,
        version,
        entries.map(({ tag }) => tag).join(''),
        removed,
      ],
    );

  it('is everything, split, with rising versions, when nobody knows what the station has', () => {
    expect(plan()).toEqual([
      ['full', 8, 'ab', []],
      ['differential', 9, 'cd', []],
      ['differential', 10, 'e', []],
    ]);
  });

  it('is the difference when that is less, what goes first', () => {
    const present = [
      newEntry('x'),
      newEntry('y'),
      newEntry('a', { status: 'Blocked' }),
      ...wanted.slice(1, 5),
    ];
    expect(plan({ present })).toEqual([
      ['differential', 8, '', ['x', 'y']],
      ['differential', 9, 'a', []],
    ]);
  });

  it('is everything when the difference is not less', () => {
    expect(plan({ present: [] }).map(([kind]) => kind)).toEqual(['full', 'differential', 'differential']);
    expect(plan({ wanted: [newEntry('a')], present: [newEntry('b')] })).toEqual([['full', 8, 'a', []]]);
  });

  it('is nothing when the station has it', () => {
    expect(plan({ present: wanted })).toEqual([]);
    expect(plan({ present: [], wanted: [] })).toEqual([]);
  });

  it('is an empty list when no tags are left', () => {
    expect(plan({ wanted: [] })).toEqual([['full', 8, '', []]]);
    expect(plan({ wanted: [], present: wanted })).toEqual([['full', 8, '', []]]);
  });

  it('begins with 1 once the numbers of versions are used up, and is everything then', () => {
    const versions = [listVersionMax - 1];
    expect(plan({ versions }).map(([, version]) => version)).toEqual([1, 2, 3]);
    expect(plan({ versions, present: wanted.slice(0, 2) }).map(([kind]) => kind)[0]).toBe('full');
    expect(plan({ versions, present: wanted.slice(0, 4) })).toEqual([
      ['differential', listVersionMax, 'e', []],
    ]);
  });
});

const anEntry = fc.record({
  tag: fc.constantFrom(...'abcdefghijklABCDEFGHIJKL'),
  status: fc.constantFrom('Accepted' as const, 'Blocked' as const, 'Expired' as const),
  expiresAt: fc.option(fc.constantFrom(1, 2)),
  parent: fc.option(fc.constantFrom('p', 'P', 'q')),
});
const aList = fc.uniqueArray(anEntry, { selector: ({ tag }) => tag.toLowerCase() });

/** As a station is told it. */
function toUpdate(update: ReturnType<typeof planUpdates>[number]): LocalListUpdate {
  const info = ({ status, expiresAt, parent }: LocalListEntry) => ({
    status,
    ...(expiresAt !== null && { expiryDate: new Date(expiresAt).toISOString() }),
    ...(parent !== null && { parentIdTag: parent }),
  });
  return {
    listVersion: update.version,
    updateType: update.kind === 'full' ? 'Full' : 'Differential',
    localAuthorizationList: [
      ...update.removed.map((idTag) => ({ idTag })),
      ...update.entries.map((entry) => ({ idTag: entry.tag, idTagInfo: info(entry) })),
    ],
  };
}

it('any list, any limits, any station: it ends up with what was meant, and takes every message', () => {
  const step = fc.record({
    list: aList,
    maxPerMessage: fc.integer({ min: 1, max: 5 }),
    maxEntries: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
    /** Something else wrote the list of the station, or nobody knows. */
    trouble: fc.constantFrom('none', 'none', 'forgot', 'replaced'),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
      let station = new LocalList();
      let sent: { version: number; entries: readonly LocalListEntry[] } | undefined;
      for (const { list, maxPerMessage, maxEntries, trouble } of steps) {
        if (trouble === 'forgot') sent = undefined;
        if (trouble === 'replaced') station = new LocalList();
        const wanted = cutLocalList(list, maxEntries);
        // A station that gets smaller empties its list.
        const bounds = { maxPerMessage, maxEntries: maxEntries ?? 1000 };
        if (sent && sent.entries.length > bounds.maxEntries) {
          station = new LocalList();
          sent = undefined;
        }
        const has = station.version;
        const present = has === 0 ? [] : sent?.version === has ? sent.entries : undefined;
        const updates = planUpdates({ present, wanted, versions: [has, sent?.version ?? 0], maxPerMessage });
        for (const update of updates) {
          expect(station.update(toUpdate(update), bounds)).toBe('Accepted');
        }
        const version = updates.at(-1)?.version ?? has;
        expect(station.version).toBe(version);
        sent = { version, entries: wanted };
        for (const tag of 'abcdefghijkl') {
          const meant = wanted.find((entry) => entry.tag.toLowerCase() === tag);
          const found = station.find(tag);
          expect(found?.status).toBe(meant?.status);
          expect(found?.parentIdTag?.toLowerCase()).toBe(meant?.parent?.toLowerCase());
          const until = found?.expiryDate === undefined ? undefined : Date.parse(found.expiryDate);
          expect(until ?? null).toBe(meant?.expiresAt ?? null);
        }
      }
    }),
    { numRuns: 300 },
  );
});
