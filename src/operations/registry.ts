import { connectionOperations } from './connection.js';
import { connectorOperations } from './connector.js';
import { eventOperations } from './event.js';
import { faultOperations } from './fault.js';
import { floorOperations } from './floor.js';
import { groupOperations } from './group.js';
import { messageOperations } from './message.js';
import { remoteOperations } from './remote.js';
import { remoteAvailabilityOperations } from './remote-availability.js';
import { remoteCallOperations } from './remote-call.js';
import { remoteControlOperations } from './remote-control.js';
import { remoteResetOperations } from './remote-reset.js';
import { remoteTriggerOperations } from './remote-trigger.js';
import { selectorOperations } from './selector.js';
import { sessionOperations } from './session.js';
import { sessionCloseOperations } from './session-close.js';
import { settingsOperations } from './settings.js';
import { siteOperations } from './site.js';
import { stationOperations } from './station.js';
import { stationOnboardingOperations } from './station-onboarding.js';
import { statusOperations } from './status.js';
import { storeOperations } from './store.js';
import { tagOperations } from './tag.js';

/** Every operation by name. The one place where the operations of a new noun are added. */
export const operations = {
  ...siteOperations,
  ...floorOperations,
  ...stationOperations,
  ...stationOnboardingOperations,
  ...selectorOperations,
  ...connectorOperations,
  ...groupOperations,
  ...tagOperations,
  ...sessionOperations,
  ...sessionCloseOperations,
  ...remoteOperations,
  ...remoteCallOperations,
  ...remoteResetOperations,
  ...remoteAvailabilityOperations,
  ...remoteTriggerOperations,
  ...remoteControlOperations,
  ...messageOperations,
  ...connectionOperations,
  ...faultOperations,
  ...eventOperations,
  ...statusOperations,
  ...settingsOperations,
  ...storeOperations,
};
