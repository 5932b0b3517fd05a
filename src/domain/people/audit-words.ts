/** Fields of what was asked for that the target of an entry says already. */
const said: ReadonlySet<string> = new Set(['stationId', 'targets']);

type Fields = Readonly<Record<string, unknown>>;

/**
 * A change on one line: `name: Solna → Kista; address: none → Storgatan 1`. What is there on one side only is told
 * without the other; of what changed nothing in the store, it is what was asked for. The target is not said again.
 */
export function describeChange(change: {
  readonly target: string | null;
  readonly before: Fields | null;
  readonly after: Fields | null;
  readonly input: Fields | null;
}): string {
  const { target, before, after, input } = change;
  const isNew = (value: unknown) => value !== target && value !== false;
  const asked = Object.entries(input ?? {}).filter(([name, value]) => !said.has(name) && isNew(value));
  const parts = asked.map(([name, value]) => `${name}: ${inWords(value)}`);
  for (const name of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    const values = [before, after].flatMap((side) => (side !== null && name in side ? [side[name]] : []));
    const [only] = values;
    if (values.length > 1 || only !== target) parts.push(`${name}: ${values.map(inWords).join(' → ')}`);
  }
  return parts.join('; ');
}

function inWords(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(inWords).join(', ');
  if (typeof value !== 'object') return String(value);
  if ('key' in value && 'value' in value) return `${value.key}=${value.value}`;
  return JSON.stringify(value);
}
