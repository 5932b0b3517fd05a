import type { AuthenticationMethod, ConnectorMode } from '../model.js';
import type { Tag, User } from '../people/people.js';

const verdicts = ['Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx'] as const;

/** OCPP 1.6 AuthorizationStatus. */
export type Verdict = (typeof verdicts)[number];

export function isVerdict(text: string): text is Verdict {
  return verdicts.some((verdict) => verdict === text);
}

export const decisionCodes = [
  'valid',
  'open-connector',
  'may-stop',
  'unknown-tag',
  'tag-blocked',
  'user-disabled',
  'tag-expired',
  'not-here',
  'too-many-sessions',
  'told-before',
] as const;

/** Why it was decided so, for programs. */
export type DecisionCode = (typeof decisionCodes)[number];

/**
 * What is asked for. `authorize`: may it charge, or stop a session, at this station? `start`: a session begins with it.
 * `stop`: one was stopped with it, which nobody can prevent; the station wants to know what to remember of the tag.
 * `reserve`: is it one that could charge later?
 */
export type Purpose = 'authorize' | 'start' | 'stop' | 'reserve';

/** Where a station stands, as far as tags are restricted to places. */
export interface StationPlace {
  readonly siteUuid: string | null;
  readonly groupUuids: readonly string[];
}

export interface AuthorizationFacts {
  readonly purpose: Purpose;
  /**
   * That of the connector; for an Authorize, which names none (OCPP 1.6 §4.1), that of the most permissive one: the start
   * decides again.
   */
  readonly mode: ConnectorMode;
  /** Undefined when nobody knows it. */
  readonly tag: Tag | undefined;
  /** Whose tag it is; undefined when it is nobody's. */
  readonly user: Pick<User, 'disabled'> | undefined;
  readonly place: StationPlace;
  /** Sessions that run with the tag, without the one that is asked about. */
  readonly running: number;
  /** Transaction id of a session that runs at the station and that the tag may stop. */
  readonly stoppable?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Decision {
  readonly verdict: Verdict;
  /** How the driver is known when a session begins on this decision. */
  readonly method: Exclude<AuthenticationMethod, 'remote'>;
  readonly code: DecisionCode;
  /** In words, for a person who wonders why. */
  readonly reason: string;
}

/**
 * May this tag charge here and now? ConcurrentTx is the answer to a start only (field trap 28). Of several reasons to
 * refuse, the one counts that the driver can do least about: unknown, blocked, disabled, expired, the place, too many.
 */
export function authorize(facts: AuthorizationFacts): Decision {
  const { purpose, mode, stoppable } = facts;
  const decision = judgeTag(facts);
  if (decision.verdict === 'Accepted') return decision;
  if (mode === 'open') {
    const reason = 'the connector is open to anyone';
    return { verdict: 'Accepted', method: 'anonymous', code: 'open-connector', reason };
  }
  if (purpose === 'authorize' && stoppable !== undefined) {
    // Stations ask before they stop, too, and neither expiry nor blocking may keep a car locked in (field trap 26).
    const reason = `${decision.reason}, but it may stop session ${stoppable}`;
    return { verdict: 'Accepted', method: 'rfid', code: 'may-stop', reason };
  }
  return decision;
}

function judgeTag({ purpose, tag, user, place, running, now }: AuthorizationFacts): Decision {
  if (!tag) return refused('Invalid', 'unknown-tag', 'the tag is not known');
  if (tag.blocked) return refused('Blocked', 'tag-blocked', 'the tag is blocked');
  if (user?.disabled) return refused('Blocked', 'user-disabled', 'the user of the tag is disabled');
  if (isExpired(tag, now)) {
    const at = new Date(tag.expiresAt ?? now).toISOString();
    return refused('Expired', 'tag-expired', `the tag expired at ${at}`);
  }
  if (!isAllowedAt(tag, place)) {
    return refused('Blocked', 'not-here', 'the tag is only for other sites or groups');
  }
  if (purpose === 'start' && tag.maxActive !== null && running >= tag.maxActive) {
    const sessions = running === 1 ? '1 session runs' : `${running} sessions run`;
    return refused(
      'ConcurrentTx',
      'too-many-sessions',
      `${sessions} with the tag already, of at most ${tag.maxActive}`,
    );
  }
  return { verdict: 'Accepted', method: 'rfid', code: 'valid', reason: 'the tag is known and valid' };
}

function refused(verdict: Exclude<Verdict, 'Accepted'>, code: DecisionCode, reason: string): Decision {
  return { verdict, method: 'rfid', code, reason };
}

/** A tag is good until the millisecond before it expires. */
export function isExpired({ expiresAt }: Pick<Tag, 'expiresAt'>, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/** Whether a tag may be used at a station of that place: one of its sites, or one of its groups; without any, everywhere. */
export function isAllowedAt({ siteUuids, groupUuids }: Tag, place: StationPlace): boolean {
  if (siteUuids.length + groupUuids.length === 0) return true;
  const isAtSite = place.siteUuid !== null && siteUuids.includes(place.siteUuid);
  return isAtSite || place.groupUuids.some((uuid) => groupUuids.includes(uuid));
}

/** Tags are the same whatever their case (field trap 27). */
export function isSameTag(a: string | null, b: string | null): boolean {
  return a?.toLowerCase() === b?.toLowerCase();
}

/** Whether they are of one parent, so that one may stop what the other has begun. */
export function isSameFamily(
  a: Pick<Tag, 'parent'> | undefined,
  b: Pick<Tag, 'parent'> | undefined,
): boolean {
  return Boolean(a?.parent) && Boolean(b?.parent) && isSameTag(a?.parent ?? null, b?.parent ?? null);
}
