import { selectorOperations } from '../selector.js';
import { checkupOperations } from '../system/checkup.js';
import { connectorOperations } from './connector.js';
import { floorOperations } from './floor.js';
import { groupOperations } from './group.js';
import { siteOperations } from './site.js';
import { stationOperations } from './station.js';
import { stationOnboardingOperations } from './station-onboarding.js';
import { stationRotateKeyOperations } from './station-rotate-key.js';
import { statusOperations } from './status.js';

/** The operations of this folder, and others that are about the fleet as a whole. The one place where those of a new file are added. */
export const topologyArea = {
  ...siteOperations,
  ...floorOperations,
  ...stationOperations,
  ...stationOnboardingOperations,
  ...stationRotateKeyOperations,
  ...selectorOperations,
  ...connectorOperations,
  ...groupOperations,
  ...statusOperations,
  ...checkupOperations,
};
