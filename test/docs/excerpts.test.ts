import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** What is said of how things are added: each block of code has the file that it is from in the paragraph above it. */
const chapter = read('docs/architecture.md').split('## Where to add')[1] ?? '';
const blocks = [...chapter.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(({ 1: code = '', index }) => {
  const above = chapter.slice(0, index).trimEnd().split('\n\n').at(-1) ?? '';
  return { path: /^`([\w./-]+)`/.exec(above)?.[1] ?? `no file: ${above}`, parts: partsOf(code) };
});

/** The runs of lines between those that say that something is left out. */
function partsOf(code: string): string[] {
  return code
    .split(/^ *\/\/ …\n/m)
    .filter((part) => part !== '')
    .map((part) => `\n${part}`);
}

it.each(['A command', 'An operation', 'An OCPP message', 'A kind of alarm', 'A table'])(
  'shows how to add: %s',
  (title) => {
    const section = chapter.split(/^### /m).find((text) => text.startsWith(`${title}\n`));
    expect([...(section ?? '').matchAll(/^`(?:src|commands)\//gm)].length).toBeGreaterThan(0);
    expect([...(section ?? '').matchAll(/^`test\//gm)].length).toBeGreaterThan(0);
  },
);

describe.each(blocks)('the excerpt of $path', ({ path, parts }) => {
  it('stands there as it is, in that order', () => {
    const source = `\n${read(path)}`;
    let from = 0;
    for (const part of parts) {
      const at = source.indexOf(part, from);
      expect(at, part).toBeGreaterThanOrEqual(from);
      // The line break at the end may be the one before the next part.
      from = at + part.length - 1;
    }
  });
});
