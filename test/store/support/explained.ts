import type { Repositories } from '../../../src/domain/repositories.js';
import { migrate } from '../../../src/store/migrations/migrate.js';
import type { Executor } from '../../../src/store/queries.js';
import { createRepositories } from '../../../src/store/repositories/repositories.js';
import { Sqlite } from '../../../src/store/sqlite.js';
import { Transaction } from '../../../src/store/transaction.js';
import { plainSettings } from './plain-settings.js';

/** Repositories over a bare database, and how SQLite went about each query that they asked since the last look. */
export async function explained(): Promise<{ r: Repositories; plans: () => string[] }> {
  const sqlite = await Sqlite.open();
  await migrate(new Transaction(sqlite, 'write'), { isEmpty: true, now: 1 });
  const steps = new Set<string>();
  const executor = {
    async all({ sql, parameters }) {
      // As the store hides parameters from the planner.
      const asked = `EXPLAIN QUERY PLAN ${sql.replaceAll('?', 'ifnull(?, null)')}`;
      for (const { detail } of sqlite.all(asked, parameters)) steps.add(String(detail));
      return sqlite.all(sql, parameters);
    },
    async run({ sql, parameters }) {
      return sqlite.run(sql, parameters);
    },
  } as Executor;
  const plans = () => {
    const seen = [...steps];
    steps.clear();
    return seen;
  };
  return { r: createRepositories(executor, plainSettings), plans };
}
