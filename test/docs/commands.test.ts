import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const { commands } = JSON.parse(read('oclif.manifest.json')) as {
  readonly commands: Readonly<
    Record<string, { readonly flags: Readonly<Record<string, { readonly env?: string }>> }>
  >;
};
const text = read('docs/commands.md');
const headings = [...text.matchAll(/^#{2,3} (.+)$/gm)].map(([, title]) => title ?? '');
const sections = new Map(
  text
    .split(/^#{2,3} /m)
    .slice(1)
    .map((part) => {
      const [title = ''] = part.split('\n', 1);
      return [title, part];
    }),
);

it.each(Object.keys(commands))('%s has a section with its flags, theirs included that many share', (id) => {
  const section = sections.get(id.replaceAll(':', ' ')) ?? '';
  const missing = Object.entries(commands[id]?.flags ?? {}).filter(([name, { env }]) => {
    const row = new RegExp(`^\\| (\`-.\`, )?\`--(\\[no-\\])?${name}[ \`].*`, 'gm');
    const told = (section.match(row) ?? everyShared.match(row) ?? []).join('\n');
    return !told.includes(env ? `\`${env}\`` : 'it is typed');
  });
  expect(missing.map(([name]) => name)).toEqual([]);
});

const everyShared = [...sections]
  .filter(([title]) => title.startsWith('Flags '))
  .map(([, part]) => part)
  .join('\n');

it('links only to headings that it has', () => {
  const anchors = new Set(headings.map((title) => title.toLowerCase().replaceAll(' ', '-')));
  const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor ?? '');
  expect(links.length).toBeGreaterThan(Object.keys(commands).length);
  expect(links.filter((anchor) => !anchors.has(anchor))).toEqual([]);
});

it('has each heading once: an anchor leads to one place', () => {
  expect(new Set(headings).size).toBe(headings.length);
});
