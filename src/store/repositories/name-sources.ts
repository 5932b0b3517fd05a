import type { Named, NameKind } from '../../domain/names.js';
import { standardKey } from '../../domain/station/configuration-keys.js';
import {
  connector,
  inCase,
  type NameSource,
  ofStation,
  plain,
  type Row,
  same,
  words,
} from './name-source.js';

const session = {
  columns: '"uuid", "stationId", "connector", "state", "tag"',
  order: '"startedAt" desc, "transactionId" desc',
  atSites: '"siteUuid" in ({})',
  about: (row: Row) => words(row.stationId, connector(row), row.state, row.tag),
};

/** Of ended sessions only the newest are looked at: there may be a million. */
const recentSessions = 2000;

const running: readonly NameSource[] = [
  { ...session, name: '"transactionId"', from: '"session"', where: () => [plain('"stoppedAt" is null')] },
  {
    ...session,
    name: '"uuid"',
    from: '"session"',
    where: ({ prefix }) => [plain('"stoppedAt" is null'), plain(isUuidBegun(prefix) ? '1 = 1' : '1 = 0')],
  },
];

const recent = `(select * from "session" order by "startedAt" desc, "transactionId" desc limit ${recentSessions}) as "session"`;

/** Numbers are shorter to type; the long ids are for who has begun one. */
function isUuidBegun(prefix: string): boolean {
  return /^(?=.*[a-f-])[0-9a-f-]{2,}$/i.test(prefix);
}

function firmware(column: 'vendor' | 'model' | 'version'): NameSource {
  return {
    name: `"${column}"`,
    columns: '"vendor", "model"',
    from: '"firmwareImage"',
    key: `"${column}Key"`,
    where: ({ vendor, model }) => [
      column === 'vendor' ? undefined : inCase('"vendorKey"', vendor),
      column === 'version' ? inCase('"modelKey"', model) : undefined,
    ],
    order: `"${column}Key", "createdAt", "uuid"`,
    about: (row) => (column === 'version' ? words(row.vendor, row.model) : ''),
  };
}

function reportedByStations(column: 'vendor' | 'model'): NameSource {
  return {
    name: `distinct "${column}"`,
    from: '"station"',
    key: `lower("${column}")`,
    where: () => [plain(`"${column}" is not null`)],
    order: `"${column}"`,
    atSites: '"siteUuid" in ({})',
  };
}

/** Of each kind where its names are, in the order in which they are offered. */
export const nameSources: { readonly [Kind in NameKind]: readonly NameSource[] } = {
  station: [
    {
      name: '"station"."id"',
      columns: '"station"."name" as "called", "site"."name" as "siteName", "station"."registration"',
      from: '"station" left join "site" on "site"."uuid" = "station"."siteUuid"',
      where: ({ site }) => [inCase('"site"."nameKey"', site)],
      order: '"station"."id"',
      atSites: '"station"."siteUuid" in ({})',
      about: ({ name, called, siteName, registration }) =>
        words(called === name ? '' : called, siteName, registration === 'accepted' ? '' : registration),
    },
  ],
  'unknown-station': [
    {
      name: '"id"',
      columns: '"address"',
      from: '"unknownStation"',
      order: '"lastSeenAt" desc, "id"',
      about: ({ address }) => words(address === null ? '' : `from ${String(address)}`),
    },
  ],
  'station-vendor': [reportedByStations('vendor')],
  'station-model': [reportedByStations('model')],
  site: [
    {
      name: '"name"',
      columns: '"address"',
      from: '"site"',
      key: '"nameKey"',
      order: '"nameKey"',
      atSites: '"uuid" in ({})',
      about: ({ address }) => words(address),
    },
  ],
  floor: [
    {
      name: '"floor"."name"',
      columns: '"site"."name" as "siteName"',
      from: '"floor" join "site" on "site"."uuid" = "floor"."siteUuid"',
      key: '"floor"."nameKey"',
      where: ({ site }) => [inCase('"site"."nameKey"', site)],
      order: '"floor"."nameKey", "site"."nameKey"',
      atSites: '"floor"."siteUuid" in ({})',
      about: ({ siteName }) => words(siteName),
    },
  ],
  group: [
    {
      name: '"name"',
      from: '"stationGroup"',
      key: '"nameKey"',
      order: '"nameKey"',
      atSites:
        '"uuid" in (select "groupUuid" from "groupMember" join "station" on "station"."uuid" = "groupMember"."stationUuid" where "station"."siteUuid" in ({}))',
    },
  ],
  connector: [
    {
      name: '"connector"."connector"',
      columns: '"connector"."name" as "called", "connector"."type", "connector"."status"',
      from: '"connector" join "station" on "station"."uuid" = "connector"."stationUuid"',
      where: ({ station }) => [same('"station"."id"', station)],
      order: '"connector"."connector"',
      atSites: '"station"."siteUuid" in ({})',
      about: ({ called, type, status }) => words(called, type, status),
    },
  ],
  'configuration-key': [
    {
      name: '"station"."id"',
      columns: '"stationConfiguration"."reported"',
      from: '"stationConfiguration" join "station" on "station"."uuid" = "stationConfiguration"."stationUuid"',
      // The names are inside.
      key: null,
      where: ({ station }) => [same('"station"."id"', station)],
      order: '"station"."id"',
      atSites: '"station"."siteUuid" in ({})',
      unfold: ({ reported }) => keysIn(String(reported)),
    },
  ],
  tag: [
    {
      name: '"tag"."tag"',
      columns: '"tag"."label", "tag"."blocked", "user"."email"',
      from: '"tag" left join "user" on "user"."uuid" = "tag"."userUuid"',
      key: '"tag"."tagKey"',
      order: '"tag"."tagKey"',
      atSites:
        '("tag"."userUuid" in (select "userUuid" from "userSite" where "siteUuid" in ({})) or "tag"."tagKey" in (select "tagKey" from "tagSite" where "siteUuid" in ({})))',
      about: ({ label, email, blocked }) => words(label, email, Number(blocked) === 0 ? '' : 'blocked'),
    },
  ],
  user: [
    {
      name: '"email"',
      columns: '"role", "firstName", "lastName"',
      from: '"user"',
      key: '"emailKey"',
      order: '"emailKey"',
      atSites: '"uuid" in (select "userUuid" from "userSite" where "siteUuid" in ({}))',
      about: ({ firstName, lastName, role }) =>
        words([firstName, lastName].filter((part) => part !== null).join(' '), role),
    },
  ],
  'api-key': [
    {
      name: '"apiKey"."id"',
      columns: '"label", "user"."email"',
      from: '"apiKey" join "user" on "user"."uuid" = "apiKey"."userUuid"',
      where: () => [plain('"revokedAt" is null')],
      order: '"apiKey"."createdAt" desc, "apiKey"."id"',
      about: ({ label, email }) => words(label, email),
    },
  ],
  'running-session': running,
  session: [
    ...running,
    { ...session, name: '"transactionId"', from: recent },
    {
      ...session,
      name: '"uuid"',
      from: recent,
      where: ({ prefix }) => [plain(isUuidBegun(prefix) ? '1 = 1' : '1 = 0')],
    },
  ],
  alarm: [
    {
      name: '"uuid"',
      columns: '"kind", "stationId", "connector"',
      from: '"alarm"',
      where: () => [plain('"clearedAt" is null')],
      order: '"openedAt" desc, "uuid"',
      atSites: ofStation,
      about: (row) => words(row.stationId, connector(row), row.kind),
    },
  ],
  'alarm-rule': [
    {
      name: '"name"',
      columns: '"enabled"',
      from: '"alarmRule"',
      key: '"nameKey"',
      order: '"nameKey"',
      atSites: '"siteUuid" in ({})',
      about: ({ enabled }) => (Number(enabled) === 0 ? 'disabled' : ''),
    },
  ],
  maintenance: [
    {
      name: '"id"',
      columns: '"stationId", "connector", "comment"',
      from: '"maintenanceWindow"',
      order: '"to" desc, "id" desc',
      atSites: ofStation,
      about: (row) => words(row.stationId, connector(row), row.comment),
    },
  ],
  outbox: [
    {
      name: '"id"',
      columns: '"state", "recipient", "subject"',
      from: '"outbox"',
      where: () => [plain("\"state\" in ('pending', 'dead')")],
      order: '"id" desc',
      about: (row) => words(row.state, row.subject),
    },
  ],
  reservation: [
    {
      name: '"id"',
      columns: '"stationId", "connector", "tag"',
      from: '"reservation"',
      where: () => [plain('"endedAt" is null')],
      order: '"id" desc',
      atSites: ofStation,
      about: (row) => words(row.stationId, connector(row), row.tag),
    },
  ],
  diagnostics: [
    {
      name: '"id"',
      columns: '"stationId", "state", "fileName"',
      from: '"diagnostics"',
      order: '"id" desc',
      atSites: ofStation,
      about: (row) => words(row.stationId, row.state, row.fileName),
    },
  ],
  'firmware-vendor': [firmware('vendor')],
  'firmware-model': [firmware('model')],
  'firmware-version': [firmware('version')],
  'firmware-rollout': [
    {
      name: '"id"',
      columns: '"version", "state"',
      from: '"firmwareRollout"',
      order: '"id" desc',
      atSites:
        '"id" in (select "rolloutId" from "firmwareTarget" where "stationUuid" in (select "uuid" from "station" where "siteUuid" in ({})))',
      about: ({ version, state }) => words(version, state),
    },
  ],
  certificate: [
    {
      name: '"serial"',
      columns: '"kind", "stationId", "subject", "revokedAt"',
      from: '"certificate"',
      order: '"issuedAt" desc, "fingerprint"',
      atSites: ofStation,
      about: ({ kind, stationId, subject, revokedAt }) =>
        words(kind, stationId ?? subject, revokedAt === null ? '' : 'revoked'),
    },
  ],
};

/** Their names and what they mean; never their values, of which some are secrets. */
function keysIn(reported: string): Named[] {
  const keys: unknown = JSON.parse(reported);
  if (!Array.isArray(keys)) return [];
  return keys.flatMap((entry: { readonly key?: unknown; readonly readOnly?: unknown } | null) => {
    if (typeof entry?.key !== 'string') return [];
    const meaning = standardKey(entry.key)?.meaning;
    return [{ name: entry.key, about: words(meaning, entry.readOnly === true ? 'read-only' : '') }];
  });
}
