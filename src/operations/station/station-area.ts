import { configOperations } from './config.js';
import { configTemplateOperations } from './config-template.js';
import { diagnosticsOperations } from './diagnostics.js';
import { firmwareOperations } from './firmware.js';
import { firmwareUpdateOperations } from './firmware-update.js';

/** The operations of this folder. The one place where those of a new file are added. */
export const stationArea = {
  ...configOperations,
  ...configTemplateOperations,
  ...firmwareOperations,
  ...firmwareUpdateOperations,
  ...diagnosticsOperations,
};
