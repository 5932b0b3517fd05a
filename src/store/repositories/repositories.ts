import type { Repositories } from '../../domain/repositories.js';
import type { Executor } from '../queries.js';
import { createConnectorRepository } from './connectors.js';
import { createEventRepository } from './events.js';
import { createFloorRepository } from './floors.js';
import { createGroupRepository } from './groups.js';
import { createRemoteStartRepository } from './remote-starts.js';
import { createSampleRepository } from './samples.js';
import { createSessionRepository } from './sessions.js';
import { createSiteRepository } from './sites.js';
import { createStationRepository } from './stations.js';
import { createTagRepository } from './tags.js';
import { createUnknownStationRepository } from './unknown-stations.js';

/** All repositories over one executor. */
export function createRepositories(executor: Executor): Repositories {
  return {
    sites: createSiteRepository(executor),
    floors: createFloorRepository(executor),
    stations: createStationRepository(executor),
    connectors: createConnectorRepository(executor),
    groups: createGroupRepository(executor),
    tags: createTagRepository(executor),
    sessions: createSessionRepository(executor),
    samples: createSampleRepository(executor),
    remoteStarts: createRemoteStartRepository(executor),
    unknownStations: createUnknownStationRepository(executor),
    events: createEventRepository(executor),
  };
}
