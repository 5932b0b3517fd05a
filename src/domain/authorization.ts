import type { AuthenticationMethod, ConnectorMode } from './model.js';
import type { Tag } from './people.js';

const verdicts = ['Accepted', 'Blocked', 'Expired', 'Invalid'] as const;

/** OCPP 1.6 AuthorizationStatus, as far as a tag by itself decides it. */
export type Verdict = (typeof verdicts)[number];

export function isVerdict(text: string): text is Verdict {
  return verdicts.some((verdict) => verdict === text);
}

export interface Decision {
  readonly verdict: Verdict;
  /** How the driver is known when a session begins on this decision. */
  readonly method: Exclude<AuthenticationMethod, 'remote'>;
  /** In words, for a person who wonders why. */
  readonly reason: string;
}

/**
 * May this tag charge here and now?
 *
 * `mode` is that of the connector; for an Authorize, which names no connector (OCPP 1.6 §4.1), that of the most
 * permissive one: StartTransaction checks again.
 * @param now milliseconds since the epoch
 */
export function authorize({
  mode,
  tag,
  now,
}: {
  mode: ConnectorMode;
  tag: Tag | undefined;
  now: number;
}): Decision {
  const known = judgeTag(tag, now);
  if (known.verdict === 'Accepted') return known;
  if (mode === 'open')
    return { verdict: 'Accepted', method: 'anonymous', reason: 'the connector is open to anyone' };
  return known;
}

function judgeTag(tag: Tag | undefined, now: number): Decision {
  if (!tag) return { verdict: 'Invalid', method: 'rfid', reason: 'the tag is not known' };
  if (tag.blocked) return { verdict: 'Blocked', method: 'rfid', reason: 'the tag is blocked' };
  if (tag.expiresAt !== null && tag.expiresAt <= now) {
    return {
      verdict: 'Expired',
      method: 'rfid',
      reason: `the tag expired at ${new Date(tag.expiresAt).toISOString()}`,
    };
  }
  return { verdict: 'Accepted', method: 'rfid', reason: 'the tag is known and valid' };
}
