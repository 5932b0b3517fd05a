import type { AlarmRule, Trigger } from '../domain/alarm/alarm-rule.js';
import type { Repositories } from '../domain/repositories.js';

interface Place {
  readonly siteUuid: string | null;
}

/**
 * The rules as one transaction sees them. A step of the watcher asks for each of its events: rules are read once, and
 * a station only when there is a rule that could be for it.
 */
export class RuleBook {
  readonly #r: Pick<Repositories, 'alarmRules' | 'stations' | 'groups'>;
  #rules: Promise<readonly AlarmRule[]> | undefined;
  readonly #places = new Map<string, Promise<Place | undefined>>();
  readonly #naming = new Map<string, Promise<readonly string[]>>();
  readonly #groups = new Map<string, Promise<readonly string[]>>();

  constructor(r: Pick<Repositories, 'alarmRules' | 'stations' | 'groups'>) {
    this.#r = r;
  }

  /** Enabled rules with this trigger that are for the station where it stands now, by name. */
  async rulesFor({ trigger, stationUuid }: { trigger: Trigger; stationUuid: string }): Promise<AlarmRule[]> {
    const held: AlarmRule[] = [];
    for (const rule of await this.enabled()) {
      if (rule.triggers.includes(trigger) && (await this.#holds(rule, stationUuid))) held.push(rule);
    }
    return held;
  }

  /** All rules that count, by name; without the stations that they name. */
  enabled(): Promise<readonly AlarmRule[]> {
    this.#rules ??= this.#r.alarmRules.listEnabled();
    return this.#rules;
  }

  /** Nothing holds a station that is no more. */
  async #holds({ uuid, scope }: AlarmRule, stationUuid: string): Promise<boolean> {
    const place = await once(this.#places, stationUuid, () => this.#r.stations.findByUuid(stationUuid));
    if (place === undefined) return false;
    switch (scope.kind) {
      case 'all':
        return true;
      case 'stations': {
        const naming = await once(this.#naming, stationUuid, () =>
          this.#r.alarmRules.listUuidsByStation(stationUuid),
        );
        return naming.includes(uuid);
      }
      case 'site':
        return place.siteUuid === scope.siteUuid;
      case 'group': {
        const groups = await once(this.#groups, stationUuid, () =>
          this.#r.groups.listUuidsByStation(stationUuid),
        );
        return groups.includes(scope.groupUuid);
      }
    }
  }
}

function once<T>(known: Map<string, Promise<T>>, uuid: string, read: () => Promise<T>): Promise<T> {
  const found = known.get(uuid) ?? read();
  known.set(uuid, found);
  return found;
}
