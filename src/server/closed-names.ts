import type { Named, NameQuery } from '../domain/names.js';
import { readNames } from '../store/read-names.js';

/** Names out of the store of this machine while no server runs: see `readNames`. */
export function closedNames(dataDir: string, query: NameQuery): Promise<readonly Named[]> {
  return readNames(dataDir, query);
}
