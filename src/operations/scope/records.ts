import type { Repositories } from '../../domain/repositories.js';
import { only } from './only.js';
import type { Sight } from './sight.js';

type Records = Pick<Repositories, 'breaches' | 'connections' | 'faults' | 'events'>;

/** The record of the stations that stand at the sites in sight now. */
export function recordsInSight(sight: Sight): Records {
  const { r } = sight;
  const refusal = () => sight.refusal();
  return {
    breaches: only(
      {
        listByStation: async (stationUuid) =>
          (await sight.seesStation(stationUuid)) ? r.breaches.listByStation(stationUuid) : [],
        async deleteByStation(stationUuid) {
          await sight.checkStation(stationUuid);
          await r.breaches.deleteByStation(stationUuid);
        },
      },
      refusal,
    ),

    connections: only(
      {
        findByUuid: async (uuid) => sight.ofStation(await r.connections.findByUuid(uuid)),
        list: (filter, page) => r.connections.list(sight.narrow(filter), page),
        count: (filter) => r.connections.count(sight.narrow(filter)),
      },
      refusal,
    ),

    faults: only(
      {
        findByUuid: async (uuid) => sight.ofStation(await r.faults.findByUuid(uuid)),
        list: (filter, page) => r.faults.list(sight.narrow(filter), page),
        count: (filter) => r.faults.count(sight.narrow(filter)),
        async update(uuid, change) {
          if (!(await sight.ofStation(await r.faults.findByUuid(uuid)))) throw sight.refusal();
          await r.faults.update(uuid, change);
        },
      },
      refusal,
    ),

    events: only(
      {
        // Operations note what they were let change; a session may belong to a site that its station has left.
        insert: (event) => r.events.insert(event),
        list: (filter, page) => r.events.list(sight.narrow(filter), page),
        listAfter: (filter, page) => r.events.listAfter(sight.narrow(filter), page),
        lastSequence: () => r.events.lastSequence(),
        count: (filter) => r.events.count(sight.narrow(filter)),
      },
      refusal,
    ),
  };
}
