import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Repositories, Store } from '../../../src/domain/repositories.js';
import { temporaryStores } from './open-store.js';
import { PostgresServer } from './postgres.js';

export interface Engine {
  readonly name: string;
  /** A fresh store, gone after the test. */
  readonly newStore: () => Promise<Store>;
  /** Runs work in a write transaction of a fresh store. */
  readonly within: <T>(work: (repositories: Repositories) => Promise<T>) => Promise<T>;
}

/** PostgreSQL with the tables of the store, started once for a file; to be called at the top of it. */
export function postgresServer(): () => PostgresServer {
  let server: PostgresServer | undefined;
  beforeAll(async () => {
    server = await PostgresServer.start();
  }, 120_000);
  afterEach(() => server?.reset());
  afterAll(() => server?.stop());
  return () => {
    if (!server) throw new Error('PostgreSQL has not been started.');
    return server;
  };
}

/** What every repository has to behave alike on: the embedded store, and PostgreSQL. */
export function storeEngines(server = postgresServer()): readonly Engine[] {
  return [engine('SQLite', temporaryStores()), engine('PostgreSQL', () => server().newStore())];
}

function engine(name: string, newStore: () => Promise<Store>): Engine {
  return { name, newStore, within: async (work) => (await newStore()).write(work) };
}
