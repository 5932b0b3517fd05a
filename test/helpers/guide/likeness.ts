/**
 * What differs from run to run, in the order in which it is looked for. Ids are followed: where a guide shows one, the
 * commands below it get that of this run.
 */
const volatile = {
  id: /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b(?=[a-f]*\d)[0-9a-f]{8}\b|(?<=API key )[a-z0-9]{12}\b/,
  time: /\bjust now\b|\b\d+ (?:s|min) ago\b|\b\d{4}-\d\d-\d\d(?:[T ]\d\d[:-]\d\d(?:[:-]\d\d)?(?:[.-]\d{3})?Z?)?|\b\d\d:\d\d(?::\d\d(?:\.\d{3})?)?\b|\w{3}, \d+ \w+ \d{4} at \d\d:\d\d UTC/,
  duration:
    /\b\d+ minutes?(?:, \d+ seconds?)?\b|\b\d+(?:\.\d+)? ?(?:ms|s|m|min|h|d)\b(?: \d+ ?(?:ms|s|m|min|h)\b)*/,
  chart: /[▁-█░]+·+|[▁-█░]{4,}/,
  measure: /\b\d+(?:\.\d+)? ?(?:kWh|Wh|kW|W|A|V|%|k?B|MB|GB|bytes|MiB|GiB)(?![\w%])/,
  version: /(?<=evfleet[/ ])\d+\.\d+\.\d+|(?<=[Nn]ode(?:\.js |-v))\d+\.\d+\.\d+|(?<=[Pp]rocess )\d+/,
} as const;

const names = Object.keys(volatile);
const anyVolatile = new RegExp(
  Object.entries(volatile)
    .map(([name, { source }]) => `(?<${name}>${source})`)
    .join('|'),
  'g',
);

/** A line that is only this stands for any number of lines. */
const elision = '…';

/** A line without what differs from run to run; columns may be wider or narrower for that. */
export function essence(line: string): string {
  return line
    .replace(anyVolatile, (...found) => {
      const groups = found.at(-1) as Readonly<Record<string, string | undefined>>;
      return `<${names.find((name) => groups[name] !== undefined)}>`;
    })
    .replace(/─{2,}/g, '─')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Whether a program said what the guide shows, elisions and what differs from run to run aside. */
export function isAlike(shown: readonly string[], said: readonly string[]): boolean {
  const segments = split(shown);
  let at = 0;
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const start = place(segment, said, { from: at, isFirst: index === 0, isLast });
    if (start === undefined) return false;
    at = start + segment.length;
  }
  return at === said.length;
}

/** Adds the ids of the guide that are shown for the first time, with those of this run, in their order. */
export function pairIds(shown: string, said: string, ids: Map<string, string>): void {
  const known = new Set(ids.keys());
  const fresh = (text: string) => [...new Set(idsOf(text))].filter((id) => !known.has(id));
  const own = fresh(said);
  for (const [index, id] of fresh(shown).entries()) {
    const other = own[index];
    if (other !== undefined) ids.set(id, other);
  }
}

function idsOf(text: string): string[] {
  return [...text.matchAll(new RegExp(volatile.id, 'g'))].map(([id]) => id);
}

function split(lines: readonly string[]): string[][] {
  const segments: string[][] = [[]];
  for (const line of lines) {
    if (line === elision) segments.push([]);
    else segments.at(-1)?.push(line);
  }
  return segments;
}

function place(
  segment: readonly string[],
  said: readonly string[],
  { from, isFirst, isLast }: { from: number; isFirst: boolean; isLast: boolean },
): number | undefined {
  const isAt = (start: number) =>
    start >= from && segment.every((line, offset) => essence(line) === essence(said[start + offset] ?? ''));
  if (isFirst) return isAt(0) ? 0 : undefined;
  const end = said.length - segment.length;
  if (isLast) return isAt(end) ? end : undefined;
  for (let start = from; start <= end; start += 1) if (isAt(start)) return start;
  return undefined;
}
