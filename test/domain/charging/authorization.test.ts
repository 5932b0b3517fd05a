import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AuthorizationFacts,
  authorize,
  isSameFamily,
  isVerdict,
  type Purpose,
} from '../../../src/domain/charging/authorization.js';
import { newTag } from '../../../src/domain/new-entities.js';
import type { Tag } from '../../../src/domain/people/people.js';

const now = Date.UTC(2026, 4, 4);

function tag(change: Partial<Tag> = {}): Tag {
  return { ...newTag({ tag: 'A1', createdAt: 0 }), ...change };
}

/** A good tag at a station of the site `here` and the group `night`. */
function facts(change: Partial<AuthorizationFacts> = {}): AuthorizationFacts {
  return {
    purpose: 'start',
    mode: 'rfid',
    tag: tag(),
    user: undefined,
    place: { siteUuid: 'here', groupUuids: ['night'] },
    running: 0,
    now,
    ...change,
  };
}

const one = tag({ maxActive: 1 });
const stranger = { tag: undefined };
const disabled = { user: { disabled: true } };
const blocked = { tag: tag({ blocked: true }) };
const expired = { tag: tag({ expiresAt: now }) };
const elsewhere = { tag: tag({ siteUuids: ['there'] }) };
const nowhere = { siteUuid: null, groupUuids: [] };

const cases: readonly (readonly [string, Partial<AuthorizationFacts>, string])[] = [
  ['a known tag', {}, 'Accepted valid rfid'],
  ['a tag of a user', { user: { disabled: false } }, 'Accepted valid rfid'],
  ['no such tag', stranger, 'Invalid unknown-tag rfid'],
  ['a blocked tag', blocked, 'Blocked tag-blocked rfid'],
  ['a tag of a disabled user', disabled, 'Blocked user-disabled rfid'],
  ['a tag in the millisecond it expires', expired, 'Expired tag-expired rfid'],
  ['a tag one millisecond before it expires', { tag: tag({ expiresAt: now + 1 }) }, 'Accepted valid rfid'],
  ['a tag for this site', { tag: tag({ siteUuids: ['there', 'here'] }) }, 'Accepted valid rfid'],
  ['a tag for another site', elsewhere, 'Blocked not-here rfid'],
  ['a tag for a group of the station', { tag: tag({ groupUuids: ['night'] }) }, 'Accepted valid rfid'],
  ['a tag for another group', { tag: tag({ groupUuids: ['day'] }) }, 'Blocked not-here rfid'],
  [
    'a tag for another site and a group of the station',
    { tag: tag({ siteUuids: ['there'], groupUuids: ['night'] }) },
    'Accepted valid rfid',
  ],
  [
    'a tag for this site and another group',
    { tag: tag({ siteUuids: ['here'], groupUuids: ['day'] }) },
    'Accepted valid rfid',
  ],
  [
    'a tag for a site at a station without one',
    { tag: tag({ siteUuids: ['here'] }), place: nowhere },
    'Blocked not-here rfid',
  ],
  ['a tag for everywhere at a station without a site', { place: nowhere }, 'Accepted valid rfid'],
  ['a tag that runs as often as it likes', { running: 99 }, 'Accepted valid rfid'],
  ['a tag below its limit', { tag: tag({ maxActive: 2 }), running: 1 }, 'Accepted valid rfid'],
  ['a tag at its limit', { tag: one, running: 1 }, 'ConcurrentTx too-many-sessions rfid'],
  ['a tag above its limit', { tag: one, running: 2 }, 'ConcurrentTx too-many-sessions rfid'],
  [
    'a tag at its limit that is asked about',
    { tag: one, running: 1, purpose: 'authorize' },
    'Accepted valid rfid',
  ],
  ['a tag at its limit that stops', { tag: one, running: 1, purpose: 'stop' }, 'Accepted valid rfid'],
  ['a tag at its limit for later', { tag: one, running: 1, purpose: 'reserve' }, 'Accepted valid rfid'],

  // Of several reasons, one is told.
  ['a blocked and expired tag', { tag: tag({ blocked: true, expiresAt: 1 }) }, 'Blocked tag-blocked rfid'],
  ['a blocked tag of a disabled user', { ...blocked, ...disabled }, 'Blocked tag-blocked rfid'],
  ['an expired tag of a disabled user', { ...expired, ...disabled }, 'Blocked user-disabled rfid'],
  [
    'an expired tag for another site',
    { tag: tag({ expiresAt: 1, siteUuids: ['there'] }) },
    'Expired tag-expired rfid',
  ],
  [
    'a tag for another site at its limit',
    { tag: tag({ siteUuids: ['there'], maxActive: 1 }), running: 1 },
    'Blocked not-here rfid',
  ],

  // An open connector knows only who is good anyway.
  ['a known tag on an open connector', { mode: 'open' }, 'Accepted valid rfid'],
  ['no such tag on an open connector', { mode: 'open', ...stranger }, 'Accepted open-connector anonymous'],
  ['a blocked tag on an open connector', { mode: 'open', ...blocked }, 'Accepted open-connector anonymous'],
  ['an expired tag on an open connector', { mode: 'open', ...expired }, 'Accepted open-connector anonymous'],
  [
    'a tag of a disabled user on an open connector',
    { mode: 'open', ...disabled },
    'Accepted open-connector anonymous',
  ],
  [
    'a tag for another site on an open connector',
    { mode: 'open', ...elsewhere },
    'Accepted open-connector anonymous',
  ],
  [
    'a tag at its limit on an open connector',
    { mode: 'open', tag: one, running: 1 },
    'Accepted open-connector anonymous',
  ],

  // Neither expiry nor blocking prevents stopping (field trap 26).
  [
    'a blocked tag that may stop something',
    { ...blocked, purpose: 'authorize', stoppable: 7 },
    'Accepted may-stop rfid',
  ],
  [
    'an expired tag that may stop something',
    { ...expired, purpose: 'authorize', stoppable: 7 },
    'Accepted may-stop rfid',
  ],
  [
    'a tag of a disabled user that may stop something',
    { ...disabled, purpose: 'authorize', stoppable: 7 },
    'Accepted may-stop rfid',
  ],
  [
    'a blocked tag that may stop something, and starts',
    { ...blocked, stoppable: 7 },
    'Blocked tag-blocked rfid',
  ],
  // The session has ended; this is what the station remembers of the tag.
  ['a blocked tag that has stopped something', { ...blocked, purpose: 'stop' }, 'Blocked tag-blocked rfid'],
  ['a stranger that has stopped something', { ...stranger, purpose: 'stop' }, 'Invalid unknown-tag rfid'],
];

describe('authorize', () => {
  it.each(cases)('%s', (_, change, outcome) => {
    const { verdict, code, method } = authorize(facts(change));
    expect(`${verdict} ${code} ${method}`).toBe(outcome);
  });

  it.each([
    [{}, 'the tag is known and valid'],
    [{ tag: tag({ expiresAt: now - 1000 }) }, 'the tag expired at 2026-05-03T23:59:59.000Z'],
    [{ tag: one, running: 1 }, '1 session runs with the tag already, of at most 1'],
    [{ tag: tag({ maxActive: 2 }), running: 3 }, '3 sessions run with the tag already, of at most 2'],
    [{ ...blocked, purpose: 'authorize', stoppable: 7 }, 'the tag is blocked, but it may stop session 7'],
    [elsewhere, 'the tag is only for other sites or groups'],
  ] as const)('says why: %#', (change, reason) => {
    expect(authorize(facts(change)).reason).toBe(reason);
  });

  it('knows its verdicts', () => {
    expect(['Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx'].every(isVerdict)).toBe(true);
    expect(isVerdict('NoCredit')).toBe(false);
  });
});

const anyPlaces = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'));
const anyTag = fc.record({
  blocked: fc.boolean(),
  expiresAt: fc.option(fc.integer({ min: now - 2, max: now + 2 })),
  maxActive: fc.option(fc.integer({ min: 1, max: 3 })),
  siteUuids: anyPlaces,
  groupUuids: anyPlaces,
});
const anyFacts: fc.Arbitrary<AuthorizationFacts> = fc.record({
  purpose: fc.constantFrom<Purpose>('authorize', 'start', 'stop', 'reserve'),
  mode: fc.constantFrom('rfid', 'open'),
  tag: fc.option(anyTag.map(tag), { nil: undefined }),
  user: fc.option(fc.record({ disabled: fc.boolean() }), { nil: undefined }),
  place: fc.record({ siteUuid: fc.option(fc.constantFrom('a', 'b')), groupUuids: anyPlaces }),
  running: fc.nat({ max: 4 }),
  stoppable: fc.option(fc.constant(7), { nil: undefined }),
  now: fc.constant(now),
});

describe('whatever the facts', () => {
  const always = (claim: (facts: AuthorizationFacts) => boolean) =>
    fc.assert(fc.property(anyFacts, claim), { numRuns: 2000 });
  const isAccepted = (facts: AuthorizationFacts) => authorize(facts).verdict === 'Accepted';

  it('ConcurrentTx is the answer to nothing but a start', () => {
    always((any) => any.purpose === 'start' || authorize(any).verdict !== 'ConcurrentTx');
  });

  it('an open connector is open', () => {
    always((any) => isAccepted({ ...any, mode: 'open' }));
  });

  it('an Authorize with which a session could be stopped is accepted', () => {
    always((any) => isAccepted({ ...any, purpose: 'authorize', stoppable: 7 }));
  });

  it('nobody is anonymous where only tags may charge', () => {
    always((any) => authorize({ ...any, mode: 'rfid' }).method === 'rfid');
  });

  it('one more restriction never opens a door', () => {
    const restrictions: ((any: AuthorizationFacts) => Partial<AuthorizationFacts>)[] = [
      () => ({ tag: undefined }),
      () => ({ mode: 'rfid' }),
      () => ({ user: { disabled: true } }),
      () => ({ stoppable: undefined }),
      ({ running }) => ({ running: running + 1 }),
      ...(
        [
          () => ({ blocked: true }),
          () => ({ expiresAt: now }),
          ({ maxActive }) => ({ maxActive: Math.max(0, (maxActive ?? 9) - 1) }),
          ({ siteUuids, groupUuids }) =>
            siteUuids.length + groupUuids.length === 0 ? { siteUuids: ['nowhere'] } : {},
          ({ siteUuids }) => (siteUuids.length > 1 ? { siteUuids: siteUuids.slice(1) } : {}),
        ] satisfies ((known: Tag) => Partial<Tag>)[]
      ).map((change) => ({ tag: known }: AuthorizationFacts) => ({
        tag: known && { ...known, ...change(known) },
      })),
    ];
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...restrictions), (any, restrict) => {
        return isAccepted(any) || !isAccepted({ ...any, ...restrict(any) });
      }),
      { numRuns: 5000 },
    );
  });
});

describe('a family', () => {
  it.each([
    ['P', 'p', true],
    ['P', 'Q', false],
    [null, null, false],
    ['', '', false],
    ['P', null, false],
  ])('%j and %j: %j', (a, b, isOne) => {
    expect(isSameFamily({ parent: a }, { parent: b })).toBe(isOne);
    expect(isSameFamily(undefined, { parent: b })).toBe(false);
  });
});
