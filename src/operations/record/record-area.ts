import { auditOperations } from './audit.js';
import { connectionOperations } from './connection.js';
import { eventOperations } from './event.js';
import { faultOperations } from './fault.js';
import { messageOperations } from './message.js';

/** The operations of this folder. The one place where those of a new file are added. */
export const recordArea = {
  ...messageOperations,
  ...connectionOperations,
  ...faultOperations,
  ...eventOperations,
  ...auditOperations,
};
