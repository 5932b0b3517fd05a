import type { CompiledQuery, RawNode, ValueNode } from 'kysely';
import { foldKey } from '../../domain/fold-key.js';
import type { Named, NameQuery, NameRepository } from '../../domain/names.js';
import type { Executor } from '../queries.js';
import type { NameSource, Piece, Row } from './name-source.js';
import { nameSources } from './name-sources.js';

/** Behind every text that begins with it, as bytes are compared. */
const last = '\u{10FFFF}';

/**
 * Whoever presses the tab key waits for these: without a server the process is a new one, and loading Kysely would take
 * most of the time there is. So the queries are texts, which both databases take as they are.
 */
export function createNameRepository(executor: Executor): NameRepository {
  return {
    async list(query) {
      const found = new Map<string, Named>();
      for (const source of nameSources[query.kind]) {
        if (query.siteUuids !== undefined && (source.atSites === undefined || query.siteUuids.length === 0))
          continue;
        for (const row of await executor.all(compiled(queryOf(source, query)))) {
          for (const named of namesOf(source, row)) {
            const isMeant = source.unfold === undefined || begins(named.name, query.prefix);
            if (isMeant && !found.has(named.name)) found.set(named.name, named);
            if (found.size >= query.limit) return [...found.values()];
          }
        }
      }
      return [...found.values()];
    },
  };
}

function namesOf({ unfold, about }: NameSource, row: Row): readonly Named[] {
  return unfold?.(row) ?? [{ name: String(row.name), about: about?.(row) ?? '' }];
}

function begins(name: string, prefix: string): boolean {
  return foldKey(name).startsWith(foldKey(prefix));
}

function queryOf(source: NameSource, query: NameQuery): Piece {
  const { name, columns, from, order } = source;
  const conditions = conditionsOf(source, query);
  const where = conditions.length === 0 ? '' : ` where ${conditions.map(({ text }) => text).join(' and ')}`;
  const selected = columns === undefined ? '' : `, ${columns}`;
  return {
    text: `select ${name} as "name"${selected} from ${from}${where} order by ${order} limit ?`,
    values: [...conditions.flatMap(({ values }) => values), query.limit],
  };
}

function conditionsOf(source: NameSource, query: NameQuery): Piece[] {
  const { name, where, atSites } = source;
  const { prefix, siteUuids } = query;
  const { key = `lower(cast(${name.replace(/^distinct /, '')} as text))` } = source;
  const conditions = [...(where?.(query) ?? [])];
  if (prefix !== '' && key !== null) {
    const folded = foldKey(prefix);
    conditions.push({ text: `${key} >= ? and ${key} < ?`, values: [folded, folded + last] });
  }
  if (siteUuids !== undefined && atSites !== undefined) {
    const marks = siteUuids.map(() => '?').join(', ');
    const times = atSites.split('{}').length - 1;
    conditions.push({
      text: atSites.replaceAll('{}', marks),
      values: Array.from({ length: times }, () => siteUuids).flat(),
    });
  }
  return conditions.filter((condition) => condition !== undefined);
}

/** As Kysely would make it of a text: executors of other databases compile it from the tree. */
function compiled({ text, values }: Piece): CompiledQuery<Row> {
  const parameters: ValueNode[] = values.map((value) => ({ kind: 'ValueNode', value }));
  const query: RawNode = { kind: 'RawNode', sqlFragments: text.split('?'), parameters };
  return { query, queryId: { queryId: text }, sql: text, parameters: values };
}
