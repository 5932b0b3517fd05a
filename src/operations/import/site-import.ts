import { type Static, Type } from '@sinclair/typebox';
import { foldKey } from '../../domain/fold-key.js';
import { checkName } from '../../domain/identifiers.js';
import {
  addressMaxLength,
  type SiteColumn,
  type SiteLine,
  siteColumns,
} from '../../domain/import/site-import.js';
import type { Site } from '../../domain/model.js';
import type { Repositories } from '../../domain/repositories.js';
import { admins } from '../access.js';
import { unary } from '../operation.js';
import { ifExists, oneOf } from '../shared.js';
import {
  appliedLinesMax,
  type ColumnFault,
  changesBetween,
  checkedLinesMax,
  checkNoFaults,
  countOutcomes,
  firstFaults,
  importCounts,
  importFaults,
  importOutcome,
  type Judged,
  judgeLines,
  tellFault,
} from './import-lines.js';

const lineInput = Type.Object({
  line: Type.Integer({ minimum: 1 }),
  name: Type.String({ maxLength: 1000 }),
  address: Type.Optional(Type.String({ maxLength: addressMaxLength })),
  lat: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
  lon: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
});

const input = {
  /** What the lines say beside the name; a line that lacks one of these empties it. */
  columns: Type.Array(oneOf(...siteColumns), { uniqueItems: true }),
  ifExists,
};

const outcome = Type.Object({ ...importOutcome, name: Type.String() });
export type SiteOutcome = Static<typeof outcome>;

export const siteImportOperations = {
  'site-import.check': unary({
    summary: 'Say what would become of sites to import',
    access: admins,
    effect: 'read',
    input: Type.Object({ ...input, lines: Type.Array(lineInput, { maxItems: checkedLinesMax }) }),
    output: Type.Object({ lines: Type.Array(outcome), ...importFaults(oneOf('name', ...siteColumns)) }),
    run: ({ store }, { lines, ...wanted }) =>
      store.read(async (r) => {
        const { judged, faults } = await judgeSites(r, lines, wanted);
        return { lines: judged.map(toOutcome), ...firstFaults(faults) };
      }),
  }),

  'site-import.apply': unary({
    summary: 'Create and change sites: all of the lines, or none',
    access: admins,
    effect: 'change',
    input: Type.Object({ ...input, lines: Type.Array(lineInput, { maxItems: appliedLinesMax }) }),
    output: Type.Object({ ...importCounts, lines: Type.Array(outcome) }),
    run: ({ store, newId, clock }, { lines, ...wanted }) =>
      store.write(async (r) => {
        const { judged, faults } = await judgeSites(r, lines, wanted);
        checkNoFaults(faults);
        for (const { outcome, name, existing, after } of judged) {
          if (outcome === 'created') {
            await r.sites.insert({ uuid: newId(), name, ...after, createdAt: clock.now() });
          }
          if (outcome === 'updated' && existing) await r.sites.update(existing.uuid, after);
        }
        return { ...countOutcomes(judged), lines: judged.map(toOutcome) };
      }),
  }),
};

type SiteFields = Pick<Site, SiteColumn>;

interface JudgedSite extends Judged {
  readonly name: string;
  readonly existing: Site | undefined;
  readonly after: SiteFields;
}

interface Wanted {
  readonly columns: readonly SiteColumn[];
  readonly ifExists?: 'fail' | 'skip' | 'update' | undefined;
}

async function judgeSites(
  r: Repositories,
  lines: readonly SiteLine[],
  { columns, ifExists = 'fail' }: Wanted,
) {
  const known = new Map((await r.sites.list()).map((site) => [foldKey(site.name), site]));
  return judgeLines<SiteLine, 'name' | SiteColumn, JudgedSite>(lines, {
    key: 'name',
    keyOf: ({ name }) => foldKey(name),
    async judge(site, faults: ColumnFault<'name' | SiteColumn>[]) {
      const { line, name } = site;
      const before = faults.length;
      const existing = known.get(foldKey(name));
      await tellFault(faults, { line, column: 'name' }, () => checkName('site name', name));
      if (existing && ifExists === 'fail') {
        faults.push({ line, column: 'name', message: `there is a site ${existing.name} already` });
      }
      if (faults.length > before) return undefined;
      const was = existing && pick(existing);
      const after = { ...(was ?? nothing), ...said(site, columns) };
      const found = { line, name: existing?.name ?? name, existing, after };
      if (existing && ifExists === 'skip') return { ...found, outcome: 'skipped', changes: [] };
      const changes = changesBetween(was, after);
      if (!existing) return { ...found, outcome: 'created', changes };
      return { ...found, outcome: changes.length > 0 ? 'updated' : 'unchanged', changes };
    },
  });
}

const nothing: SiteFields = { address: null, lat: null, lon: null };

function pick({ address, lat, lon }: SiteFields): SiteFields {
  return { address, lat, lon };
}

function said(line: SiteLine, columns: readonly SiteColumn[]): Partial<SiteFields> {
  return Object.fromEntries(columns.map((column) => [column, line[column] ?? null]));
}

function toOutcome({ line, name, outcome, changes }: JudgedSite): SiteOutcome {
  return { line, name, outcome, changes: [...changes] };
}
