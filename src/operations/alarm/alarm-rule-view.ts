import { type Static, Type } from '@sinclair/typebox';
import { type AlarmRule, triggers } from '../../domain/alarm/alarm-rule.js';
import { languages } from '../../domain/alarm/notification.js';
import { type OutboxChannel, outboxChannels } from '../../domain/alarm/outbox.js';
import { whyClosed } from '../../domain/alarm/outbox-channels.js';
import { writeDuration } from '../../domain/duration.js';
import type { Repositories } from '../../domain/repositories.js';
import { effectiveSettings } from '../../domain/settings.js';
import { instant, nullable, oneOf, toIso } from '../shared.js';

export const alarmRuleView = Type.Object({
  name: Type.String(),
  uuid: Type.String(),
  enabled: Type.Boolean(),
  scope: oneOf('all', 'site', 'group', 'stations'),
  /** Names; null and empty unless the scope is that. */
  site: nullable(Type.String()),
  group: nullable(Type.String()),
  /** Station ids, sorted. */
  stations: Type.Array(Type.String()),
  triggers: Type.Array(oneOf(...triggers)),
  recipients: Type.Array(Type.String()),
  webhooks: Type.Array(Type.String()),
  language: oneOf(...languages),
  /** Durations, ascending. */
  steps: Type.Array(Type.String()),
  deliberate: Type.Boolean(),
  /** Why some or all are not told, although the rule is there: sentences. */
  problems: Type.Array(Type.String()),
  createdAt: instant,
});
export type AlarmRuleView = Static<typeof alarmRuleView>;

/** How rules look to the caller whose repositories these are. */
export class RuleViewer {
  readonly #r: Repositories;
  readonly #sites: ReadonlyMap<string, string>;
  readonly #groups: ReadonlyMap<string, string>;
  readonly #closed: ReadonlyMap<OutboxChannel, string>;

  private constructor(r: Repositories, seen: { sites: Named[]; groups: Named[]; closed: Closed }) {
    this.#r = r;
    this.#sites = new Map(seen.sites.map(({ uuid, name }) => [uuid, name]));
    this.#groups = new Map(seen.groups.map(({ uuid, name }) => [uuid, name]));
    this.#closed = seen.closed;
  }

  static async of(r: Repositories): Promise<RuleViewer> {
    const settings = effectiveSettings(await r.settings.list());
    const closed = new Map<OutboxChannel, string>();
    for (const channel of outboxChannels) {
      const reason = whyClosed(channel, settings);
      if (reason !== undefined) closed.set(channel, reason);
    }
    return new RuleViewer(r, { sites: await r.sites.list(), groups: await r.groups.list(), closed });
  }

  async view(rule: AlarmRule): Promise<AlarmRuleView> {
    const { name, uuid, enabled, scope, triggers, recipients, webhooks, language, deliberate } = rule;
    const stations = scope.kind === 'stations' ? await this.#idsOf(scope.stationUuids) : [];
    return {
      ...{ name, uuid, enabled },
      scope: scope.kind,
      site: scope.kind === 'site' ? (this.#sites.get(scope.siteUuid) ?? null) : null,
      group: scope.kind === 'group' ? (this.#groups.get(scope.groupUuid) ?? null) : null,
      stations,
      triggers: [...triggers],
      recipients: [...recipients],
      webhooks: [...webhooks],
      language,
      steps: rule.stepsMs.map(writeDuration),
      deliberate,
      problems: this.#problemsOf(rule, stations),
      createdAt: toIso(rule.createdAt),
    };
  }

  async #idsOf(stationUuids: readonly string[]): Promise<string[]> {
    const ids: string[] = [];
    for (const uuid of stationUuids) {
      const station = await this.#r.stations.findByUuid(uuid);
      if (station) ids.push(station.id);
    }
    return ids.sort();
  }

  #problemsOf({ scope, recipients, webhooks }: AlarmRule, stations: readonly string[]): string[] {
    const mailOff = recipients.length > 0 ? this.#closed.get('mail') : undefined;
    const webhooksOff = webhooks.length > 0 ? this.#closed.get('webhook') : undefined;
    return [
      ...(scope.kind === 'stations' && stations.length === 0 ? ['Its stations are all gone.'] : []),
      ...(mailOff === undefined ? [] : [`Mail is off: ${mailOff}.`]),
      ...(webhooksOff === undefined ? [] : [`Webhooks are off: ${webhooksOff}.`]),
    ];
  }
}

interface Named {
  readonly uuid: string;
  readonly name: string;
}

type Closed = ReadonlyMap<OutboxChannel, string>;
