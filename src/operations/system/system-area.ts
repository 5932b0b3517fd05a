import { serverOperations } from './server.js';
import { settingsOperations } from './settings.js';
import { storeOperations } from './store.js';

/** The operations of this folder. The one place where those of a new file are added. */
export const systemArea = {
  ...serverOperations,
  ...settingsOperations,
  ...storeOperations,
};
