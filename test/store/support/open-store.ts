import { afterEach } from 'vitest';
import type { Repositories } from '../../../src/domain/repositories.js';
import { FleetStore } from '../../../src/store/fleet-store.js';
import type { StoreOptions } from '../../../src/store/store-options.js';
import { temporaryDirectories } from './directories.js';

export const testNow = 1_790_000_000_000;

export function openStore(directory: string, options: Partial<StoreOptions> = {}): Promise<FleetStore> {
  const usual = { command: 'test', lockTimeoutMs: 0, now: () => testNow, compactAtBytes: 4 * 1024 * 1024 };
  return FleetStore.open({ directory, ...usual, ...options });
}

/** Opens stores in fresh directories and closes them after each test. */
export function temporaryStores(): (options?: Partial<StoreOptions>) => Promise<FleetStore> {
  // Hooks run last declared first: the stores are closed before their directories go.
  const newDirectory = temporaryDirectories();
  const opened: FleetStore[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });
  return async (options = {}) => {
    const store = await openStore(await newDirectory(), options);
    opened.push(store);
    return store;
  };
}

export async function siteNames(store: FleetStore): Promise<string[]> {
  const sites = await store.read(({ sites }) => sites.list());
  return sites.map(({ name }) => name);
}

/** Hands repositories out of a transaction, as nobody should. */
export async function leakedRepositories(store: FleetStore): Promise<Repositories> {
  const leaked: Repositories[] = [];
  await store.read(async (repositories) => {
    leaked.push(repositories);
  });
  const [repositories] = leaked;
  if (!repositories) throw new Error('the store did not run the work');
  return repositories;
}
