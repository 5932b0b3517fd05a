import type { AlarmRule, AlarmRuleRepository, RuleScope } from '../../domain/alarm/alarm-rule.js';
import { only } from './only.js';
import { isTaken, type Sight } from './sight.js';

/** Rules that are for nothing but what is at the sites in sight. Those of a group are not: it may get other stations. */
export function rulesInSight(sight: Sight): AlarmRuleRepository {
  const { r } = sight;

  async function sees(scope: RuleScope): Promise<boolean> {
    switch (scope.kind) {
      case 'all':
      case 'group':
        return false;
      case 'site':
        return sight.isAt(scope.siteUuid);
      case 'stations':
        for (const uuid of scope.stationUuids) if (!(await sight.seesStation(uuid))) return false;
        return scope.stationUuids.length > 0;
    }
  }

  async function check(uuid: string): Promise<void> {
    const rule = (await r.alarmRules.list()).find((known) => known.uuid === uuid);
    if (!rule || !(await sees(rule.scope))) throw sight.refusal();
  }

  async function checkFree({ uuid, name }: Pick<AlarmRule, 'uuid' | 'name'>): Promise<void> {
    const namesake = await r.alarmRules.findByName(name);
    if (namesake && namesake.uuid !== uuid) throw isTaken(`name ${name} of an alarm rule`);
  }

  return only(
    {
      async findByName(name) {
        const rule = await r.alarmRules.findByName(name);
        return rule && (await sees(rule.scope)) ? rule : undefined;
      },
      async list() {
        const seen: AlarmRule[] = [];
        for (const rule of await r.alarmRules.list()) if (await sees(rule.scope)) seen.push(rule);
        return seen;
      },
      async insert(rule) {
        if (!(await sees(rule.scope))) throw sight.refusal();
        await checkFree(rule);
        await r.alarmRules.insert(rule);
      },
      async update(uuid, change) {
        await check(uuid);
        if (change.scope && !(await sees(change.scope))) throw sight.refusal();
        if (change.name !== undefined) await checkFree({ uuid, name: change.name });
        await r.alarmRules.update(uuid, change);
      },
      async delete(uuid) {
        await check(uuid);
        await r.alarmRules.delete(uuid);
      },
      async forgetStation(stationUuid) {
        await sight.checkStation(stationUuid);
        await r.alarmRules.forgetStation(stationUuid);
      },
    },
    () => sight.refusal(),
  );
}
