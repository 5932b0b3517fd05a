import type { RuleScope } from '../../domain/alarm/alarm-rule.js';
import { writeDuration } from '../../domain/duration.js';
import { isSecretName, mask } from '../../domain/secret-names.js';
import { describeSetting, isSecretSetting, type SettingKey } from '../../domain/settings.js';
import { nameOfMatch, type TemplateMatch } from '../../domain/station/configuration.js';
import { foldKeyName } from '../../domain/station/configuration-keys.js';
import type { Look, Picture, Thing } from './look.js';

/** What the audit shows of how the fleet is to work. */

export function setting(key: SettingKey): Thing {
  return {
    kind: 'setting',
    key,
    async picture(look) {
      const stored = await look.once('settings', ({ settings }) => settings.list());
      return isSecretSetting(key)
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

export function alarmRule(uuid: string): Thing {
  return {
    kind: 'alarm-rule',
    key: uuid,
    async picture(look) {
      const all = await look.once('alarm rules', ({ alarmRules }) => alarmRules.list());
      const found = all.find((known) => known.uuid === uuid);
      if (!found) return undefined;
      const { name, enabled, scope, triggers, recipients, webhooks, language, stepsMs, deliberate } = found;
      return {
        target: name,
        fields: {
          name,
          enabled,
          for: await inScope(look, scope),
          triggers,
          recipients,
          // What is behind the host is often the secret that lets one in.
          webhooks: webhooks.map((url) => `${URL.canParse(url) ? new URL(url).origin : ''}/${mask}`),
          language,
          steps: stepsMs.map(writeDuration),
          deliberate,
        },
        secrets: { webhookAddresses: webhooks.length === 0 ? null : webhooks.join('\n') },
      };
    },
  };
}

async function inScope(look: Look, scope: RuleScope): Promise<string> {
  switch (scope.kind) {
    case 'all':
      return 'all stations';
    case 'site':
      return `site ${await look.siteNames([scope.siteUuid])}`;
    case 'group':
      return `group ${await look.groupNames([scope.groupUuid])}`;
    case 'stations': {
      const known = await Promise.all(scope.stationUuids.map((uuid) => look.r.stations.findByUuid(uuid)));
      return known.map((station, at) => station?.id ?? scope.stationUuids[at]).join(', ');
    }
  }
}
