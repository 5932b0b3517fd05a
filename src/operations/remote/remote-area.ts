import { remoteAvailabilityOperations } from './remote-availability.js';
import { remoteCallOperations } from './remote-call.js';
import { remoteControlOperations } from './remote-control.js';
import { remoteResetOperations } from './remote-reset.js';
import { remoteStartOperations } from './remote-start.js';
import { remoteStopOperations } from './remote-stop.js';
import { remoteTriggerOperations } from './remote-trigger.js';

/** The operations of this folder. The one place where those of a new file are added. */
export const remoteArea = {
  ...remoteStartOperations,
  ...remoteStopOperations,
  ...remoteCallOperations,
  ...remoteResetOperations,
  ...remoteAvailabilityOperations,
  ...remoteTriggerOperations,
  ...remoteControlOperations,
};
