import { toIso } from '../shared.js';
import type { Thing } from './look.js';

/** What the audit shows of people, their tags and keys. */

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
