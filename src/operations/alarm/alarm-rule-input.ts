import { type Static, Type } from '@sinclair/typebox';
import { type AlarmRule, type RuleScope, triggers } from '../../domain/alarm/alarm-rule.js';
import {
  checkRecipients,
  checkSteps,
  checkWebhooks,
  ruleLimits,
} from '../../domain/alarm/alarm-rule-checks.js';
import { languages } from '../../domain/alarm/notification.js';
import { FleetError } from '../../domain/errors.js';
import type { Caller } from '../../domain/people/caller.js';
import type { Repositories } from '../../domain/repositories.js';
import { effectiveSettings } from '../../domain/settings.js';
import { findGroup, findSite, findStation } from '../lookup.js';
import { naming } from '../naming.js';
import { given, oneOf } from '../shared.js';

/** What can be said of a rule; what is said replaces what was. */
export const ruleProperties = {
  /** Which stations it is for: one of these four. */
  stationIds: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: ruleLimits.stations })),
  group: Type.Optional(Type.String()),
  site: Type.Optional(Type.String()),
  all: Type.Optional(Type.Literal(true)),
  triggers: Type.Optional(Type.Array(oneOf(...triggers), { uniqueItems: true })),
  /** E-mail addresses. */
  recipients: Type.Optional(Type.Array(Type.String(), { maxItems: ruleLimits.recipients })),
  /** URLs. */
  webhooks: Type.Optional(Type.Array(Type.String(), { maxItems: ruleLimits.webhooks })),
  language: Type.Optional(oneOf(...languages)),
  /** After how long an outage somebody is told of it, ascending. */
  stepsMs: Type.Optional(Type.Array(Type.Integer())),
  deliberate: Type.Optional(Type.Boolean()),
};

const input = Type.Object(ruleProperties);
export type RuleProperties = Static<typeof input>;
export type RuleChange = Partial<Omit<AlarmRule, 'uuid' | 'createdAt'>>;

/** What can be told without the store. @throws FleetError USAGE */
export function checkRule({ recipients, stepsMs, ...properties }: RuleProperties): void {
  if (recipients) checkRecipients(recipients);
  if (stepsMs) checkSteps(stepsMs);
  const { stationIds, group, site, all } = properties;
  if ([stationIds, group, site, all].filter((given) => given !== undefined).length > 1) {
    throw new FleetError('USAGE', 'A rule is for stations, a group, a site or all: only one of these.');
  }
}

/**
 * With what was named found.
 * @throws FleetError NOT_FOUND when there is no such station, group or site; USAGE for a webhook nothing can be sent to
 */
export async function resolveRule(
  r: Repositories,
  { stationIds, group, site, all, recipients, webhooks, ...rest }: RuleProperties,
): Promise<RuleChange> {
  const scope = await resolveScope(r, { stationIds, group, site, all });
  return {
    ...given(rest),
    ...(scope && { scope }),
    ...(recipients && { recipients: checkRecipients(recipients) }),
    ...(webhooks && { webhooks: checkWebhooks(webhooks, await allowsPrivate(r)) }),
  };
}

async function allowsPrivate(r: Repositories): Promise<boolean> {
  return effectiveSettings(await r.settings.list())['webhook.allow-private'];
}

async function resolveScope(
  r: Repositories,
  { stationIds, group, site, all }: Pick<RuleProperties, 'stationIds' | 'group' | 'site' | 'all'>,
): Promise<RuleScope | undefined> {
  if (site !== undefined) {
    return { kind: 'site', siteUuid: (await naming(`--site ${site}`, findSite(r, site))).uuid };
  }
  if (group !== undefined) {
    return { kind: 'group', groupUuid: (await naming(`--group ${group}`, findGroup(r, group))).uuid };
  }
  if (stationIds === undefined) return all && { kind: 'all' };
  const stationUuids = new Set<string>();
  for (const id of stationIds) {
    stationUuids.add((await naming(`--station ${id}`, findStation(r, id))).uuid);
  }
  return { kind: 'stations', stationUuids: [...stationUuids] };
}

/**
 * Rules are made by those who are for the whole fleet, and by site-admins for what is at their sites.
 * @throws FleetError NOT_ALLOWED
 */
export function checkMayRule({ name, role, siteUuids }: Caller, scope?: RuleScope): void {
  if (siteUuids === null && role !== 'site-admin') return;
  if (role !== 'site-admin') {
    throw new FleetError('NOT_ALLOWED', `${name} is for some sites only and may not change alarm rules.`, {
      suggestions: ['Ask somebody with the role admin, or site-admin of these sites.'],
    });
  }
  if (scope?.kind !== 'all' && scope?.kind !== 'group') return;
  throw new FleetError(
    'NOT_ALLOWED',
    `${name} is for some sites only: a rule of theirs is for one of these, or for stations there.`,
    { suggestions: ['--site NAME, with one of your sites', '--station ID, as often as needed'] },
  );
}
