import { Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import { foldKey } from '../../domain/fold-key.js';
import { tagMaxLength } from '../../domain/identifiers.js';
import { faultsTold } from '../../domain/import/bad-lines.js';
import { asClause } from '../../domain/import/import-file.js';
import { type TagLine, tagLimits } from '../../domain/import/tag-import.js';
import {
  importedColumns,
  type StagedTag,
  type TagImport,
} from '../../domain/import/tag-import-repository.js';
import type { Caller } from '../../domain/people/caller.js';
import type { Repositories } from '../../domain/repositories.js';
import { siteManagers } from '../access.js';
import { type OperationContext, unary } from '../operation.js';
import { ifExists, oneOf, toIso } from '../shared.js';
import { importCounts } from './import-lines.js';
import { type ColumnFault, LineJudge } from './tag-import-lines.js';

/** Lines that come at once; few enough that stations are answered in between. */
const importPartMaxLines = 1000;

/** Lines of one import: what becomes tags at once, while stations wait. */
const importMaxLines = 100_000;

/**
 * An import whose lines stop coming is given up after this, so that others can begin one. Without a server nobody else
 * is at work, and who begins another one has given up the first: whatever is there was left behind.
 */
const idleMaxMs = 60_000;

const names = Type.Array(Type.String({ maxLength: tagLimits.name }), { maxItems: tagLimits.names });
const importId = Type.String({ maxLength: 36 });
const column = oneOf('tag', ...importedColumns);

const lineInput = Type.Object({
  line: Type.Integer({ minimum: 1 }),
  /** Longer ones than there are get a fault that says so. */
  tag: Type.String({ maxLength: tagMaxLength * 10 }),
  label: Type.Optional(Type.String({ maxLength: tagLimits.label })),
  user: Type.Optional(Type.String({ maxLength: tagLimits.user })),
  blocked: Type.Optional(Type.Boolean()),
  /** Milliseconds since the epoch. */
  expiresAt: Type.Optional(Type.Integer({ minimum: 0, maximum: tagLimits.expiresAt })),
  parent: Type.Optional(Type.String({ maxLength: tagMaxLength * 10 })),
  maxActive: Type.Optional(Type.Integer({ minimum: 1, maximum: tagLimits.maxActive })),
  sites: Type.Optional(names),
  groups: Type.Optional(names),
});

export const tagImportOperations = {
  'tag-import.begin': unary({
    summary: 'Begin to import tags',
    access: siteManagers,
    effect: 'change',
    audit: 'failures',
    input: Type.Object({
      /** What the lines say beside the tag; a line that lacks one of these empties it. */
      columns: Type.Array(oneOf(...importedColumns), { uniqueItems: true }),
      ifExists,
    }),
    output: Type.Object({ importId: Type.String(), partMaxLines: Type.Integer(), maxLines: Type.Integer() }),
    run: ({ store, clock, newId, caller, live }, { columns, ifExists = 'fail' }) =>
      store.write(async (r) => {
        const now = clock.now();
        const other = await r.tagImports.find();
        if (other && live && other.caller !== caller.name && Math.abs(now - other.touchedAt) < idleMaxMs) {
          throw busy(other, caller);
        }
        await r.tagImports.clear();
        const fresh = { rows: 0, bad: 0, created: 0, updated: 0, skipped: 0, unchanged: 0 };
        const uuid = newId();
        await r.tagImports.insert({
          ...fresh,
          uuid,
          caller: caller.name,
          begunAt: now,
          touchedAt: now,
          columns,
          ifExists,
        });
        return { importId: uuid, partMaxLines: importPartMaxLines, maxLines: importMaxLines };
      }),
  }),

  'tag-import.append': unary({
    summary: 'Check the next lines of tags to import',
    access: siteManagers,
    effect: 'change',
    audit: 'failures',
    input: Type.Object({ importId, lines: Type.Array(lineInput, { maxItems: importPartMaxLines }) }),
    output: Type.Object({
      /** How many there are in these lines; the first of them. */
      faultCount: Type.Integer(),
      faults: Type.Array(Type.Object({ line: Type.Integer(), column, message: Type.String() })),
    }),
    run: (context, { importId, lines }) =>
      context.store.write(async (r) => {
        const tagImport = await findImport(r, importId, context);
        if (tagImport.rows + lines.length > importMaxLines) {
          throw new FleetError(
            'USAGE',
            `An import may have ${importMaxLines.toLocaleString('en')} lines at most.`,
            {
              suggestions: [
                'Split the file, with the first line in each part: every part is imported whole or not at all.',
              ],
            },
          );
        }
        const faults = await takeIn(r, tagImport, lines, context);
        return { faultCount: faults.length, faults: faults.slice(0, faultsTold) };
      }),
  }),

  'tag-import.finish': unary({
    summary: 'Make tags of all the lines that have come, or only say what would become of them',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ importId, dryRun: Type.Optional(Type.Boolean()) }),
    output: Type.Object({ ...importCounts, dryRun: Type.Boolean() }),
    run: (context, { importId, dryRun = false }) =>
      context.store.write(async (r) => {
        const { bad, columns, created, updated, skipped, unchanged } = await findImport(r, importId, context);
        if (bad > 0) throw new FleetError('USAGE', 'Some of these lines were refused: nothing was imported.');
        if (!dryRun) await r.tagImports.apply(columns);
        await r.tagImports.clear();
        return { created, updated, skipped, unchanged, dryRun };
      }),
  }),

  'tag-import.discard': unary({
    summary: 'Forget the lines that have come',
    access: siteManagers,
    effect: 'change',
    audit: 'failures',
    input: Type.Object({ importId }),
    output: Type.Object({}),
    run: (context, { importId }) =>
      context.store.write(async (r) => {
        await findImport(r, importId, context);
        await r.tagImports.clear();
        return {};
      }),
  }),
};

async function takeIn(
  r: Repositories,
  tagImport: TagImport,
  lines: readonly TagLine[],
  context: OperationContext,
): Promise<ColumnFault[]> {
  const { rows, bad, created, updated, skipped, unchanged } = tagImport;
  const tally = { created, updated, skipped, unchanged };
  const judge = new LineJudge(r, tagImport, context);
  const faults: ColumnFault[] = [];
  const here = new Map<string, StagedTag>();
  const isLimited = context.caller.siteUuids !== null;
  for (const line of lines) {
    const key = foldKey(line.tag);
    const earlier = here.get(key)?.line ?? (await r.tagImports.findLine(line.tag));
    if (earlier !== undefined) {
      faults.push({
        line: line.line,
        column: 'tag',
        message: `${JSON.stringify(line.tag)} is in line ${earlier} already`,
      });
      continue;
    }
    const judged = await judge.judge(line, faults);
    if (!judged) continue;
    if (isLimited && !(await stageOne(r, judged.staged, faults))) continue;
    here.set(key, judged.staged);
    tally[judged.outcome] += 1;
  }
  if (!isLimited) await r.tagImports.stage([...here.values()]);
  await r.tagImports.update(tagImport.uuid, {
    ...tally,
    touchedAt: context.clock.now(),
    rows: rows + lines.length,
    bad: bad + faults.length,
  });
  return faults;
}

/** One by one it can be told which line is for somebody else. */
async function stageOne(r: Repositories, staged: StagedTag, faults: ColumnFault[]): Promise<boolean> {
  try {
    await r.tagImports.stage([staged]);
    return true;
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    faults.push({ line: staged.line, column: 'tag', message: asClause(error.message) });
    return false;
  }
}

/** @throws FleetError CONFLICT when it is over, was given up, or belongs to somebody else */
async function findImport(
  r: Repositories,
  importId: string,
  { caller }: Pick<OperationContext, 'caller'>,
): Promise<TagImport> {
  const found = await r.tagImports.find();
  if (found?.uuid === importId && found.caller === caller.name) return found;
  throw new FleetError(
    'CONFLICT',
    'This import is not under way any more: another one was begun meanwhile.',
    {
      suggestions: ['Import the file once more.'],
    },
  );
}

/** Who is for some sites does not get to know of others by this. */
function busy({ caller, begunAt }: TagImport, { siteUuids }: Caller): FleetError {
  const who = siteUuids === null ? caller : 'Somebody else';
  return new FleetError('CONFLICT', `${who} is importing tags, since ${toIso(begunAt)}.`, {
    suggestions: ['Try again when that is done, or a minute after it was broken off.'],
  });
}
