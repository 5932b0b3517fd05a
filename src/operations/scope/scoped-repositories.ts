import type { Caller } from '../../domain/people/caller.js';
import type { Repositories, Store } from '../../domain/repositories.js';
import { alarmsInSight } from './alarms.js';
import { certificatesInSight } from './certificates.js';
import { only } from './only.js';
import { ownOf } from './own.js';
import { peopleInSight } from './people.js';
import { placesInSight } from './places.js';
import { recordsInSight } from './records.js';
import { sessionsInSight } from './sessions.js';
import { Sight } from './sight.js';
import { affairsInSight } from './station-affairs.js';

/**
 * The store as somebody sees it who is for some sites, or a driver. What is out of sight is not there: look-ups give
 * nothing, lists leave it out. Whatever they cannot have been let change is refused.
 *
 * A new repository does not compile until it says here what of it is seen; a new method is out of reach until then.
 */
export function scopedStore(store: Store, caller: Caller): Store {
  const scope = caller.role === 'driver' ? repositoriesOfDriver : repositoriesAtSites;
  return {
    read: (work) => store.read((r) => work(scope(new Sight(r, caller)))),
    write: (work) => store.write((r) => work(scope(new Sight(r, caller)))),
  };
}

function repositoriesAtSites(sight: Sight): Repositories {
  const { r } = sight;
  const refusal = () => sight.refusal();
  return {
    ...placesInSight(sight),
    ...peopleInSight(sight),
    ...sessionsInSight(sight),
    ...recordsInSight(sight),
    ...affairsInSight(sight),
    ...alarmsInSight(sight),
    // Who knocks without being known stands nowhere yet.
    unknownStations: only({ list: async () => [], forget: (id) => r.unknownStations.forget(id) }, refusal),
    // Limits that operations keep to; nobody is shown them.
    settings: only({ list: () => r.settings.list() }, refusal),
    audit: only({}, refusal),
    retention: only({}, refusal),
    certificates: certificatesInSight(sight),
    signingRequests: only({}, refusal),
    names: { list: (query) => r.names.list(sight.narrow(query)) },
  };
}

function repositoriesOfDriver(sight: Sight): Repositories {
  const nothing = only<object>({}, () => sight.refusal()) as never;
  return {
    ...ownOf(sight),
    floors: nothing,
    connectors: nothing,
    tagImports: nothing,
    audit: nothing,
    remoteStarts: nothing,
    unknownStations: nothing,
    breaches: nothing,
    connections: nothing,
    faults: nothing,
    events: nothing,
    settings: nothing,
    retention: nothing,
    configurations: nothing,
    localLists: nothing,
    reservations: nothing,
    chargingProfiles: nothing,
    diagnostics: nothing,
    firmwareImages: nothing,
    firmwareRollouts: nothing,
    alarms: nothing,
    alarmRules: nothing,
    outages: nothing,
    notices: nothing,
    watchState: nothing,
    maintenance: nothing,
    outbox: nothing,
    certificates: nothing,
    signingRequests: nothing,
    names: nothing,
  };
}
