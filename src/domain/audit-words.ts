/** Fields of what was asked for that the target of an entry says already. */
const said: ReadonlySet<string> = new Set(['stationId', 'targets']);

type Fields = Readonly<Record<string, unknown>>;

/**
 * A change on one line: `name: Solna → Kista; address: none → Storgatan 1`. What is there on one side only is told
 * without the other; of what changed nothing in the store, it is what was asked for.
 */
export function describeChange(change: {
  readonly before: Fields | null;
  readonly after: Fields | null;
  readonly input: Fields | null;
}): string {
  const { before, after, input } = change;
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const asked = Object.entries(input ?? {}).filter(([name]) => !said.has(name));
  const parts = [
    ...asked.map(([name, value]) => `${name}: ${inWords(value)}`),
    ...[...names].map((name) => {
      const sides = [before, after].filter((side): side is Fields => side !== null && name in side);
      return `${name}: ${sides.map((side) => inWords(side[name])).join(' → ')}`;
    }),
  ];
  return parts.join('; ');
}

function inWords(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none';
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) {
    return value.length === 0 ? 'none' : value.join(', ');
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
