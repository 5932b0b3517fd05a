import type { Repositories } from '../../domain/repositories.js';
import { rulesInSight } from './alarm-rules.js';
import { only } from './only.js';
import type { Sight } from './sight.js';

type Alarms = Pick<
  Repositories,
  'alarms' | 'alarmRules' | 'outages' | 'notices' | 'watchState' | 'maintenance' | 'outbox'
>;

/** Alarms and maintenance of the stations at the sites in sight, and the rules that are for these alone. */
export function alarmsInSight(sight: Sight): Alarms {
  const { r } = sight;
  const refusal = () => sight.refusal();
  return {
    alarms: only(
      {
        findByUuid: async (uuid) => sight.ofStation(await r.alarms.findByUuid(uuid)),
        async findByPrefix(prefix) {
          const found = [];
          for (const alarm of await r.alarms.findByPrefix(prefix)) {
            if (await sight.seesStation(alarm.stationUuid)) found.push(alarm);
          }
          return found;
        },
        async findOpen(condition) {
          return sight.ofStation(await r.alarms.findOpen(condition));
        },
        async listOpen(stationUuid) {
          if (stationUuid === undefined) throw sight.refusal();
          return (await sight.seesStation(stationUuid)) ? r.alarms.listOpen(stationUuid) : [];
        },
        list: (filter, page) => r.alarms.list(sight.narrow(filter), page),
        count: (filter) => r.alarms.count(sight.narrow(filter)),
        countByStation: (filter) => r.alarms.countByStation(sight.narrow(filter)),
        async update(uuid, change) {
          if (!(await sight.ofStation(await r.alarms.findByUuid(uuid)))) throw sight.refusal();
          await r.alarms.update(uuid, change);
        },
      },
      refusal,
    ),

    alarmRules: rulesInSight(sight),
    outages: only({}, refusal),
    notices: only({}, refusal),
    watchState: only({}, refusal),

    maintenance: only(
      {
        async insert(window) {
          await sight.checkStation(window.stationUuid);
          return r.maintenance.insert(window);
        },
        async update(id, change) {
          if (!(await sight.ofStation(await r.maintenance.find(id)))) throw sight.refusal();
          await r.maintenance.update(id, change);
        },
        find: async (id) => sight.ofStation(await r.maintenance.find(id)),
        findActive: async (place, at) => sight.ofStation(await r.maintenance.findActive(place, at)),
        listNotOver: async (stationUuid, at) =>
          (await sight.seesStation(stationUuid)) ? r.maintenance.listNotOver(stationUuid, at) : [],
        list: (filter, now, page) => r.maintenance.list(sight.narrow(filter), now, page),
        count: (filter, now) => r.maintenance.count(sight.narrow(filter), now),
      },
      refusal,
    ),

    outbox: only({}, refusal),
  };
}
