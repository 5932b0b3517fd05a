/** People, the tags they charge with, and the keys they administer with. Instants are milliseconds since the epoch. */

export const roles = ['admin', 'site-admin', 'support', 'driver'] as const;

/**
 * What a person may do: `admin` everything; `site-admin` the stations, sessions and people of given sites; `support`
 * configuration, monitoring, remote control and firmware, no people; `driver` own tags and sessions.
 */
export type Role = (typeof roles)[number];

export interface User {
  readonly uuid: string;
  /** Unique, compared case-insensitively, kept as entered. */
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly role: Role;
  /** The sites that the person is for. Without any, `support` is for the whole fleet and `site-admin` for nothing. */
  readonly siteUuids: readonly string[];
  /** See domain/people/password.ts for its form; null: the person cannot log in. */
  readonly passwordHash: string | null;
  readonly disabled: boolean;
  /** Wants the daily mail while alarms are active. */
  readonly emailAtAlarm: boolean;
  readonly createdAt: number;
}

/** Of somebody's role and sites: where they may do what they may; null everywhere. */
export function sitesInReach({
  role,
  siteUuids,
}: Pick<User, 'role' | 'siteUuids'>): readonly string[] | null {
  if (role === 'admin') return null;
  return role === 'support' && siteUuids.length === 0 ? null : siteUuids;
}

export interface Tag {
  /** At most 20 characters on OCPP 1.6; compared case-insensitively, kept as entered. */
  readonly tag: string;
  readonly label: string | null;
  readonly blocked: boolean;
  readonly expiresAt: number | null;
  /** Tags of one parent may stop each other's sessions. */
  readonly parent: string | null;
  readonly userUuid: string | null;
  /** Sessions that may run with it at a time; null: any number. */
  readonly maxActive: number | null;
  /** Where it is accepted: at stations of these sites and of these groups; everywhere when neither is given. */
  readonly siteUuids: readonly string[];
  readonly groupUuids: readonly string[];
  readonly createdAt: number;
}

/** A refused tag as seen at a station. */
export interface UnknownTag {
  readonly tag: string;
  readonly stationId: string;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly attempts: number;
}

/** A secret with which a person administers from elsewhere. */
export interface ApiKey {
  /** The part of the key that is no secret: what lists show and look-ups go by. */
  readonly id: string;
  readonly userUuid: string;
  readonly label: string | null;
  /** Of the secret part; see domain/people/api-key.ts for its form. */
  readonly secretHash: string;
  readonly readOnly: boolean;
  /** Made by `api-key create`, or by `login`. */
  readonly origin: 'created' | 'login';
  readonly expiresAt: number | null;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}
