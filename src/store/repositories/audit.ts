import { foldKey } from '../../domain/fold-key.js';
import type { AuditEntry, AuditFilter, AuditRepository } from '../../domain/people/audit.js';
import { build, countRows, type Executor, first, prepared, preparedInsert } from '../queries.js';

const columns = [
  'sequence',
  'at',
  'actor',
  'role',
  'way',
  'address',
  'keyId',
  'operation',
  'kind',
  'target',
  'before',
  'after',
  'input',
  'outcome',
] as const;

const newest = prepared<Record<string, never>, { last: number | null }>(() =>
  build.selectFrom('audit').select(({ fn }) => fn.max<number | null>('sequence').as('last')),
);

const insertRows = preparedInsert('audit', [...columns, 'actorKey', 'targetKey']);

function filtered({ actor, operation, kind, target, outcome, from, to }: AuditFilter) {
  let query = build.selectFrom('audit');
  if (actor !== undefined) query = query.where('actorKey', '=', foldKey(actor));
  if (operation?.includes('.')) query = query.where('operation', '=', operation);
  else if (operation !== undefined) {
    // The character after the dot is the slash.
    query = query.where('operation', '>=', `${operation}.`).where('operation', '<', `${operation}/`);
  }
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (target !== undefined) {
    const key = foldKey(target);
    // The character after the space is the exclamation mark.
    query = query.where(({ eb, and, or }) =>
      or([
        eb('targetKey', '=', key),
        and([
          eb('targetKey', '>=', `${key} `),
          eb('targetKey', '<', `${key}!`),
          eb('kind', '=', 'connector'),
        ]),
      ]),
    );
  }
  if (outcome === 'failed') query = query.where('outcome', '!=', 'ok');
  else if (outcome !== undefined) query = query.where('outcome', '=', outcome);
  if (from !== undefined) query = query.where('at', '>=', from);
  if (to !== undefined) query = query.where('at', '<', to);
  return query;
}

export function createAuditRepository(executor: Executor): AuditRepository {
  return {
    async insert(entries: readonly AuditEntry[]) {
      const last = (await first(executor, newest({})))?.last ?? 0;
      const rows = entries.map((entry, at) => ({
        ...entry,
        sequence: last + 1 + at,
        actorKey: foldKey(entry.actor),
        targetKey: entry.target === null ? null : foldKey(entry.target),
      }));
      for (const statement of insertRows(rows)) await executor.run(statement);
    },

    list(filter, { limit, before }) {
      let query = filtered(filter).select(columns).orderBy('sequence', 'desc').limit(limit);
      if (before !== undefined) query = query.where('sequence', '<', before);
      return executor.all(query.compile());
    },

    count: (filter) => countRows(executor, filtered(filter)),
  };
}
