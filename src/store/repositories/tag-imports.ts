import { expressionBuilder, sql } from 'kysely';
import { FleetError } from '../../domain/errors.js';
import { foldKey } from '../../domain/fold-key.js';
import type { ImportedColumn, TagImportRepository } from '../../domain/import/tag-import-repository.js';
import { build, type Executor, first, isEmpty, prepared, preparedInsert } from '../queries.js';
import type { Tables } from '../schema.js';
import { tagColumns, toTagRow } from './tags.js';

const lineOf = prepared<{ tagKey: string }, { line: number }>(({ tagKey }) =>
  build.selectFrom('stagedTag').select('line').where('tagKey', '=', tagKey),
);

const insertStaged = preparedInsert('stagedTag', [...tagColumns, 'line', 'action']);
const insertPlaces = preparedInsert('stagedTagPlace', ['tagKey', 'siteUuid', 'groupUuid']);

const { exists } = expressionBuilder<Tables>();

const updatable = {
  label: 'label',
  user: 'userUuid',
  blocked: 'blocked',
  expiresAt: 'expiresAt',
  parent: 'parent',
  maxActive: 'maxActive',
} as const;

export function createTagImportRepository(executor: Executor): TagImportRepository {
  async function insertNew(): Promise<void> {
    await executor.run(
      build
        .insertInto('tag')
        .columns(tagColumns)
        .expression(build.selectFrom('stagedTag').select(tagColumns).where('action', '=', 'create'))
        .compile(),
    );
    await executor.run(
      build.deleteFrom('unknownTag').where(isStaged('unknownTag.tagKey', 'create')).compile(),
    );
  }

  async function updateOld(columns: readonly ImportedColumn[]): Promise<void> {
    const changed = columns.filter((column) => column in updatable) as (keyof typeof updatable)[];
    if (changed.length === 0) return;
    await executor.run(
      build
        .insertInto('tag')
        .columns(tagColumns)
        .expression(build.selectFrom('stagedTag').select(tagColumns).where('action', '=', 'update'))
        .onConflict((conflict) =>
          conflict
            .column('tagKey')
            .doUpdateSet(({ ref }) =>
              Object.fromEntries(
                changed.map((column) => [updatable[column], ref(`excluded.${updatable[column]}`)]),
              ),
            ),
        )
        .compile(),
    );
  }

  /** Where they are accepted; those that are updated lose what they had, if it is among the columns. */
  async function putPlaces(columns: readonly ImportedColumn[]): Promise<void> {
    if (columns.includes('sites')) {
      await executor.run(build.deleteFrom('tagSite').where(isStaged('tagSite.tagKey', 'update')).compile());
    }
    if (columns.includes('groups')) {
      await executor.run(build.deleteFrom('tagGroup').where(isStaged('tagGroup.tagKey', 'update')).compile());
    }
    const created = isStaged('stagedTagPlace.tagKey', 'create');
    const sites = build.selectFrom('stagedTagPlace').where('siteUuid', 'is not', null);
    const groups = build.selectFrom('stagedTagPlace').where('groupUuid', 'is not', null);
    await executor.run(
      build
        .insertInto('tagSite')
        .columns(['tagKey', 'siteUuid'])
        .expression(
          (columns.includes('sites') ? sites : sites.where(created))
            .select(['tagKey', 'siteUuid'])
            .$narrowType<{ siteUuid: string }>(),
        )
        .compile(),
    );
    await executor.run(
      build
        .insertInto('tagGroup')
        .columns(['tagKey', 'groupUuid'])
        .expression(
          (columns.includes('groups') ? groups : groups.where(created))
            .select(['tagKey', 'groupUuid'])
            .$narrowType<{ groupUuid: string }>(),
        )
        .compile(),
    );
    if (!columns.includes('sites') && !columns.includes('groups')) return;
    await executor.run(
      build
        .updateTable('tag')
        .set(({ eb, selectFrom }) => ({
          restricted: eb
            .case()
            .when(
              eb.or([
                eb('tagKey', 'in', selectFrom('tagSite').select('tagSite.tagKey')),
                eb('tagKey', 'in', selectFrom('tagGroup').select('tagGroup.tagKey')),
              ]),
            )
            .then(1)
            .else(0)
            .end(),
        }))
        .where(isStaged('tag.tagKey', 'update'))
        .compile(),
    );
  }

  return {
    async find() {
      const row = await first(executor, build.selectFrom('tagImport').selectAll().compile());
      return row && { ...row, columns: JSON.parse(row.columns) };
    },

    async insert(tagImport) {
      const row = { ...tagImport, columns: JSON.stringify(tagImport.columns) };
      await executor.run(build.insertInto('tagImport').values(row).compile());
    },

    async update(uuid, { columns, ...change }) {
      const row = { ...change, ...(columns && { columns: JSON.stringify(columns) }) };
      if (isEmpty(row)) return;
      await executor.run(build.updateTable('tagImport').set(row).where('uuid', '=', uuid).compile());
    },

    async findLine(tag) {
      return (await first(executor, lineOf({ tagKey: foldKey(tag) })))?.line;
    },

    async stage(tags) {
      const rows = tags.map(({ tag, line, action }) => ({ ...toTagRow(tag), line, action }));
      for (const statement of insertStaged(rows)) await executor.run(statement);
      const places = tags.flatMap(({ tag, action }) => {
        if (action === 'leave') return [];
        const tagKey = foldKey(tag.tag);
        return [
          ...[...new Set(tag.siteUuids)].map((siteUuid) => ({ tagKey, siteUuid, groupUuid: null })),
          ...[...new Set(tag.groupUuids)].map((groupUuid) => ({ tagKey, siteUuid: null, groupUuid })),
        ];
      });
      for (const statement of insertPlaces(places)) await executor.run(statement);
    },

    async apply(columns) {
      try {
        await insertNew();
        await updateOld(columns);
        await putPlaces(columns);
      } catch (error) {
        // What SQLite and PostgreSQL both call the refusal of a key that is there, or of a reference to nothing.
        if (!(error instanceof Error && /constraint/i.test(error.message))) throw error;
        const message =
          'Some of these tags exist already, or their users, sites or groups have gone: nothing was imported.';
        throw new FleetError('CONFLICT', message, {
          cause: error,
          suggestions: ['Import the file once more: it says then which lines are meant.'],
        });
      }
    },

    async clear() {
      // Without a condition: SQLite then empties a table at once, however long it is.
      await executor.run(build.deleteFrom('tagImport').compile());
      await executor.run(build.deleteFrom('stagedTag').compile());
      await executor.run(build.deleteFrom('stagedTagPlace').compile());
    },
  };
}

/** A look-up for each row: SQLite would gather all that is staged to compare it with a handful otherwise. */
function isStaged(tagKey: string, action: 'create' | 'update') {
  return exists(
    build
      .selectFrom('stagedTag')
      .select('stagedTag.line')
      .whereRef('stagedTag.tagKey', '=', sql.ref(tagKey))
      .where('action', '=', action),
  );
}
