import { connectorOperations } from './connector.js';
import { floorOperations } from './floor.js';
import { groupOperations } from './group.js';
import { remoteOperations } from './remote.js';
import { sessionOperations } from './session.js';
import { settingsOperations } from './settings.js';
import { siteOperations } from './site.js';
import { stationOperations } from './station.js';
import { statusOperations } from './status.js';
import { storeOperations } from './store.js';
import { tagOperations } from './tag.js';

/** Every operation by name. The one place where the operations of a new noun are added. */
export const operations = {
  ...siteOperations,
  ...floorOperations,
  ...stationOperations,
  ...connectorOperations,
  ...groupOperations,
  ...tagOperations,
  ...sessionOperations,
  ...remoteOperations,
  ...statusOperations,
  ...settingsOperations,
  ...storeOperations,
};
