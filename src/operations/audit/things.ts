import { nameOfMatch, type TemplateMatch } from '../../domain/configuration.js';
import { foldKeyName } from '../../domain/configuration-keys.js';
import type { Repositories } from '../../domain/repositories.js';
import { isSecretName } from '../../domain/secret-names.js';
import { describeSetting, type SettingKey } from '../../domain/settings.js';
import { toIso } from '../shared.js';

/** A thing as the audit shows it: names in the place of uuids, nothing that stations report. */
export interface Picture {
  /** What people call it. */
  readonly target: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** What is compared, but never shown; null where there is none. */
  readonly secrets?: Readonly<Record<string, string | null>>;
  /** What it consists of, which may be thousands: only who came and who left is of interest. */
  readonly members?: readonly string[];
}

/** Something that people administer, of which the audit keeps what it was and what it became. */
export interface Thing {
  readonly kind: string;
  /** Distinguishes it from others of its kind. */
  readonly key: string;
  /** Written along with what stations report, so that writing it is no sign of a change. */
  readonly isIncidental?: true;
  /** Undefined while there is none. */
  picture(look: Look): Promise<Picture | undefined>;
}

/** The store at one instant; what is asked for again and again is read once. */
export class Look {
  readonly r: Repositories;
  readonly #read = new Map<string, Promise<unknown>>();

  constructor(r: Repositories) {
    this.r = r;
  }

  once<T>(what: string, read: (r: Repositories) => Promise<T>): Promise<T> {
    const known = this.#read.get(what) ?? read(this.r);
    this.#read.set(what, known);
    return known as Promise<T>;
  }

  async siteNames(uuids: readonly string[]): Promise<string[]> {
    if (uuids.length === 0) return [];
    return named(uuids, await this.once('sites', ({ sites }) => sites.list()));
  }

  async groupNames(uuids: readonly string[]): Promise<string[]> {
    if (uuids.length === 0) return [];
    return named(uuids, await this.once('groups', ({ groups }) => groups.list()));
  }

  async email(userUuid: string | null): Promise<string | null> {
    if (userUuid === null) return null;
    const user = await this.once(`user ${userUuid}`, ({ users }) => users.findByUuid(userUuid));
    return user?.email ?? userUuid;
  }
}

function named(uuids: readonly string[], things: readonly { uuid: string; name: string }[]): string[] {
  const names = new Map(things.map(({ uuid, name }) => [uuid, name]));
  return uuids.map((uuid) => names.get(uuid) ?? uuid).sort();
}

export function site(uuid: string): Thing {
  return {
    kind: 'site',
    key: uuid,
    async picture({ r }) {
      const found = (await r.sites.list()).find((known) => known.uuid === uuid);
      if (!found) return undefined;
      const { name, address, lat, lon } = found;
      return { target: name, fields: { name, address, lat, lon } };
    },
  };
}

export function floor(uuid: string): Thing {
  return {
    kind: 'floor',
    key: uuid,
    async picture({ r }) {
      const found = (await r.floors.list()).find((known) => known.uuid === uuid);
      if (!found) return undefined;
      const { name, siteName, level } = found;
      return { target: `${siteName} ${name}`, fields: { name, site: siteName, level } };
    },
  };
}

export function station(uuid: string): Thing {
  return {
    kind: 'station',
    key: uuid,
    async picture({ r }) {
      const known = await r.stations.findByUuid(uuid);
      const placed = known && (await r.stations.findPlaced(known.id));
      if (!placed) return undefined;
      const { id, name, siteName, floorName, registration, securityProfile, connectors } = placed;
      const { heartbeatIntervalS, pingIntervalS, expectsPong, assumedProtocol } = placed;
      const where = { site: siteName, floor: floorName, groups: await r.groups.listNamesByStation(uuid) };
      const connection = { securityProfile, heartbeatIntervalS, pingIntervalS, expectsPong, assumedProtocol };
      return { target: id, fields: { id, name, ...where, registration, connectors, ...connection } };
    },
  };
}

export function connector(stationUuid: string, number: number): Thing {
  return {
    kind: 'connector',
    key: `${stationUuid} ${number}`,
    async picture({ r }) {
      const found = await r.connectors.find(stationUuid, number);
      const of = found && (await r.stations.findByUuid(stationUuid));
      if (!of) return undefined;
      const { name, mode, evseId, type, maxPowerW } = found;
      return { target: `${of.id} ${number}`, fields: { name, mode, evseId, type, maxPowerW } };
    },
  };
}

export function group(uuid: string): Thing {
  return {
    kind: 'group',
    key: uuid,
    async picture({ r }) {
      const found = (await r.groups.list()).find((known) => known.uuid === uuid);
      if (!found) return undefined;
      const { name } = found;
      return { target: name, fields: { name }, members: await r.groups.listStationIds(uuid) };
    },
  };
}

export function user(uuid: string): Thing {
  return {
    kind: 'user',
    key: uuid,
    async picture(look) {
      const found = await look.r.users.findByUuid(uuid);
      if (!found) return undefined;
      const { email, firstName, lastName, role, siteUuids, disabled, emailAtAlarm } = found;
      const sites = await look.siteNames(siteUuids);
      return {
        target: email,
        fields: { email, firstName, lastName, role, sites, disabled, emailAtAlarm },
        secrets: { password: found.passwordHash },
      };
    },
  };
}

export function tag(typed: string): Thing {
  return {
    kind: 'tag',
    key: typed.toLowerCase(),
    async picture(look) {
      const found = await look.r.tags.find(typed);
      if (!found) return undefined;
      const { label, blocked, expiresAt, parent, maxActive } = found;
      const whose = await look.email(found.userUuid);
      const sites = await look.siteNames(found.siteUuids);
      const groups = await look.groupNames(found.groupUuids);
      return {
        target: found.tag,
        fields: { label, blocked, expires: toIso(expiresAt), parent, user: whose, maxActive, sites, groups },
      };
    },
  };
}

export function apiKey(id: string): Thing {
  return {
    kind: 'api-key',
    key: id,
    async picture(look) {
      const found = await look.r.apiKeys.find(id);
      if (!found) return undefined;
      const { label, readOnly, origin, expiresAt, revokedAt, secretHash } = found;
      const whose = await look.email(found.userUuid);
      const times = { expires: toIso(expiresAt), revoked: toIso(revokedAt) };
      return {
        target: id,
        fields: { user: whose, label, readOnly, origin, ...times },
        secrets: { secret: secretHash },
      };
    },
  };
}

export function setting(key: SettingKey): Thing {
  return {
    kind: 'setting',
    key,
    async picture(look) {
      const stored = await look.once('settings', ({ settings }) => settings.list());
      const isSecret = isSecretName(key);
      return isSecret
        ? { target: key, fields: {}, secrets: { value: stored.get(key) ?? null } }
        : { target: key, fields: { value: describeSetting(key, stored).value } };
    },
  };
}

/** What is desired of one station; not what it reported. */
export function desiredConfiguration(stationUuid: string): Thing {
  return {
    kind: 'configuration',
    key: stationUuid,
    isIncidental: true,
    async picture({ r }) {
      const desired = (await r.configurations.find(stationUuid))?.desired ?? {};
      const of = await r.stations.findByUuid(stationUuid);
      return of && Object.keys(desired).length > 0 ? values(of.id, desired) : undefined;
    },
  };
}

export function configurationTemplate(match: TemplateMatch): Thing {
  const name = nameOfMatch(match);
  return {
    kind: 'configuration-template',
    key: name.toLowerCase(),
    async picture(look) {
      const all = await look.once('templates', async ({ configurations }) => {
        const templates = await configurations.listTemplates();
        return new Map(templates.map((known) => [nameOfMatch(known.match).toLowerCase(), known]));
      });
      const found = all.get(name.toLowerCase());
      return found && values(nameOfMatch(found.match), found.configuration);
    },
  };
}

/** Values of configuration keys: those of keys that sound secret are none of the audit's business. */
function values(target: string, configuration: Readonly<Record<string, string>>): Picture {
  const entries = Object.entries(configuration).sort(([a], [b]) =>
    foldKeyName(a) < foldKeyName(b) ? -1 : 1,
  );
  return {
    target,
    fields: Object.fromEntries(entries.filter(([key]) => !isSecretName(key))),
    secrets: Object.fromEntries(entries.filter(([key]) => isSecretName(key))),
  };
}
