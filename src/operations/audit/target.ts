import { maskKeys } from '../../domain/people/api-key.js';
import { plural } from '../../domain/plural.js';

/** Fields of inputs that say what is meant, the more telling first. */
const naming = [
  'stationId',
  'id',
  'target',
  'tag',
  'email',
  'name',
  'session',
  'version',
  'file',
  'importId',
  'uploadId',
] as const;

/** Characters of a target: what was refused may be anything. */
const targetMax = 200;

/** What an operation was meant for, as people call it; null where its input does not say. */
export function targetOf(input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return null;
  const fields: Readonly<Record<string, unknown>> = { ...input };
  const name = naming.map((field) => fields[field]).find(isName);
  if (name !== undefined) return cut(String(name));
  if (Array.isArray(fields.ids)) return cut(fields.ids.filter(isName).join(', '));
  if (Array.isArray(fields.hosts)) return cut(fields.hosts.filter(isName).join(', '));
  if (typeof fields.rollout === 'number') return `rollout ${fields.rollout}`;
  return stationsOf(Array.isArray(fields.stationIds) ? fields : fields.targets);
}

/** Whole API keys are taken for their ids now and then. */
function cut(text: string): string {
  return maskKeys(text).slice(0, targetMax);
}

function isName(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** See operations/selector.ts. */
function stationsOf(targets: unknown): string | null {
  if (typeof targets !== 'object' || targets === null) return null;
  const { stationIds, site, group, where, all }: Readonly<Record<string, unknown>> = { ...targets };
  if (Array.isArray(stationIds)) {
    const [only] = stationIds;
    const isOne = stationIds.length === 1 && isName(only);
    return isOne ? String(only).slice(0, targetMax) : plural(stationIds.length, 'station');
  }
  const said = [
    ...(isName(site) ? [`site ${site}`] : []),
    ...(isName(group) ? [`group ${group}`] : []),
    ...(isName(where) ? [String(where)] : []),
  ];
  if (said.length > 0) return said.join(', ').slice(0, targetMax);
  return all === true ? 'all stations' : null;
}
