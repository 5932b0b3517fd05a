import { siteImportOperations } from './site-import.js';
import { stationImportOperations } from './station-import.js';
import { tagImportOperations } from './tag-import.js';

/** The operations of this folder. The one place where those of a new file are added. */
export const importArea = {
  ...siteImportOperations,
  ...stationImportOperations,
  ...tagImportOperations,
};
