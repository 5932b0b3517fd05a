/** Characters of one text of an entry. */
const auditTextMax = 8000;

/** From the most that is shown to the least: characters of a text, items of a list, fields of an object. */
const limits = [
  { text: 2000, items: 100, fields: 500 },
  { text: 500, items: 20, fields: 200 },
  { text: 100, items: 5, fields: 40 },
  { text: 20, items: 2, fields: 10 },
] as const;

type Limits = (typeof limits)[number];

/** Levels that are shown. */
const depthMax = 12;

/** JSON of a limited length, whatever the value: long texts, lists and objects are cut, and say so. */
export function boundedJson(value: unknown): string {
  for (const limit of limits) {
    const text = JSON.stringify(cut(value, limit, 0)) ?? 'null';
    if (text.length <= auditTextMax) return text;
  }
  return JSON.stringify({ '…': 'too large to be kept' });
}

function cut(value: unknown, limit: Limits, depth: number): unknown {
  if (typeof value === 'string') return cutText(value, limit.text);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= depthMax) return '…';
  if (Array.isArray(value)) {
    const shown = value.slice(0, limit.items).map((item) => cut(item, limit, depth + 1));
    const more = value.length - shown.length;
    return more > 0 ? [...shown, `…and ${more.toLocaleString('en')} more`] : shown;
  }
  const entries = Object.entries(value);
  const shown = entries.slice(0, limit.fields).map(([name, content]): [string, unknown] => {
    return [cutText(name, limit.text), cut(content, limit, depth + 1)];
  });
  const more = entries.length - shown.length;
  return Object.fromEntries(more > 0 ? [...shown, ['…', `and ${more.toLocaleString('en')} more`]] : shown);
}

/** Not in the middle of a character. */
function cutText(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}
