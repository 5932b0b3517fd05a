/**
 * Characters kept of a text of a station. Over-long ones are understood (field trap 29), but one that sends megabytes
 * where twenty characters are due must not fill store and memory with them.
 */
const textMaxLength = 1000;

/** Fields that may have any length: vendors' data, signed meter values, certificate requests. */
const ofAnyLength: ReadonlySet<string> = new Set(['data', 'value', 'csr']);

/** The same message with its texts cut. */
export function cutTexts<T>(message: T): T {
  return cut(message) as T;
}

function cut(value: unknown): unknown {
  if (typeof value === 'string') return cutText(value);
  if (Array.isArray(value)) return value.map(cut);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, ofAnyLength.has(name) ? field : cut(field)]),
  );
}

/** Not in the middle of a character. */
function cutText(text: string): string {
  if (text.length <= textMaxLength) return text;
  const isSplit = /[\uD800-\uDBFF]/.test(text[textMaxLength - 1] ?? '');
  return `${text.slice(0, isSplit ? textMaxLength - 1 : textMaxLength)}…`;
}
