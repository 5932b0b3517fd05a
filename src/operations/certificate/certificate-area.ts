import { certificateOperations } from './certificate.js';
import { certificateIssueOperations } from './certificate-issue.js';
import { certificateStationOperations } from './certificate-station.js';

/** The operations of this folder. The one place where those of a new file are added. */
export const certificateArea = {
  ...certificateOperations,
  ...certificateIssueOperations,
  ...certificateStationOperations,
};
