import { plural } from '../domain/plural.js';
import type {
  ImportChange,
  ImportCounts,
  ImportOutcome,
  ImportValue,
} from '../operations/import/import-lines.js';
import type { MissingPlaces } from '../operations/import/import-places.js';
import type { SiteOutcome } from '../operations/import/site-import.js';
import type { StationOutcome } from '../operations/import/station-import.js';
import { plain } from './format.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

/** What an import came to, for stderr. */
export function importedLine(
  { created, updated, skipped, unchanged, dryRun }: ImportCounts & { readonly dryRun: boolean },
  noun: string,
): string {
  const rest = [
    ...(skipped > 0 ? [`${skipped.toLocaleString('en')} skipped`] : []),
    ...(unchanged > 0 ? [`${unchanged.toLocaleString('en')} as they were`] : []),
  ];
  if (created === 0 && updated === 0 && skipped + unchanged > 0) {
    if (skipped === 0) return `Nothing to change: ${asFileSays(unchanged, noun)}.`;
    const others = unchanged > 0 ? `, ${asFileSays(unchanged, noun)}` : '';
    return `Nothing to change: ${plural(skipped, noun)} skipped${others}.`;
  }
  const [create, update] = dryRun ? ['create', 'update'] : ['created', 'updated'];
  const done = [
    ...(created > 0 || updated === 0 ? [`${create} ${plural(created, noun)}`] : []),
    ...(updated > 0
      ? [`${update} ${created > 0 ? updated.toLocaleString('en') : plural(updated, noun)}`]
      : []),
  ].join(' and ');
  const sentence = dryRun ? `Would ${done}` : `${done[0]?.toUpperCase()}${done.slice(1)}`;
  return `${[sentence, ...rest].join(', ')}.`;
}

function asFileSays(count: number, noun: string): string {
  return `${plural(count, noun)} ${count === 1 ? 'is' : 'are'} as the file says`;
}

/** Places that are named of those that are made. */
const namedMax = 10;

/** What is made besides: people see by the names whether one of them is misspelt. */
export function missingLines({
  sites,
  floors,
  groups,
  dryRun,
}: MissingPlaces & { readonly dryRun: boolean }): string[] {
  const places = [
    ['site', sites],
    ['floor', floors.map(({ site, name }) => `${site} ${name}`)],
    ['group', groups],
  ] as const;
  return places
    .filter(([, names]) => names.length > 0)
    .map(([noun, names]) => {
      const more = names.length - namedMax;
      const listed = names.slice(0, namedMax).map(plain).join(', ');
      const end = more > 0 ? ` and ${more.toLocaleString('en')} more` : '';
      return `${dryRun ? 'Would create' : 'Created'} ${plural(names.length, noun)}: ${listed}${end}.`;
    });
}

const verbs: Readonly<Record<ImportOutcome, string>> = {
  created: 'create',
  updated: 'update',
  skipped: 'skip',
  unchanged: 'as it is',
};

const common = {
  line: { title: 'LINE', align: 'right' as const },
  outcome: {
    title: 'WOULD',
    show(outcome: ImportOutcome, _row: object, { paint }: Terminal) {
      if (outcome === 'created') return paint.green(verbs[outcome]);
      return outcome === 'updated' ? paint.yellow(verbs[outcome]) : paint.dim(verbs[outcome]);
    },
  },
  changes: {
    title: 'CHANGES',
    show: (changes: ImportChange[], { outcome }: { readonly outcome: ImportOutcome }) =>
      changes.map((change) => describeChange(change, outcome)).join(', '),
  },
};

/** What would become of each line of a list of stations. */
export const importedStations: ListView<StationOutcome> = {
  columns: { ...common, id: { title: 'ID' } },
  defaults: ['line', 'outcome', 'id', 'changes'],
  id: ({ id }) => id,
  empty: 'The file has no lines behind the first.',
};

/** What would become of each line of a list of sites. */
export const importedSites: ListView<SiteOutcome> = {
  columns: { ...common, name: { title: 'NAME' } },
  defaults: ['line', 'outcome', 'name', 'changes'],
  id: ({ name }) => name,
  empty: 'The file has no lines behind the first.',
};

/** `site Solna`, or `site Solna → Kista`. */
function describeChange({ field, from, to }: ImportChange, outcome: ImportOutcome): string {
  const after = `${field} ${describe(outcome === 'created' ? to : from)}`;
  return outcome === 'created' ? after : `${after} → ${describe(to)}`;
}

function describe(value: ImportValue): string {
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(describe).join('; ');
  return value === null ? '-' : plain(value);
}
