import { localListOperations } from './local-list.js';
import { profileOperations } from './profile.js';
import { profileScheduleOperations } from './profile-schedule.js';
import { reservationOperations } from './reservation.js';
import { sessionOperations } from './session.js';
import { sessionCloseOperations } from './session-close.js';

/** The operations of this folder. The one place where those of a new file are added. */
export const chargingArea = {
  ...sessionOperations,
  ...sessionCloseOperations,
  ...profileOperations,
  ...profileScheduleOperations,
  ...localListOperations,
  ...reservationOperations,
};
