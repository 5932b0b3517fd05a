import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type ErrorCode, errorCatalogue } from '../../src/domain/errors.js';

const text = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
const sections = new Map(
  text
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const [title = '', ...lines] = part.split('\n');
      return [title, lines.join('\n')];
    }),
);
const codes = Object.keys(errorCatalogue) as ErrorCode[];

it('has a section for each code of the catalogue, in its order, and for nothing else', () => {
  expect([...sections.keys()]).toEqual(['Exit codes', ...codes]);
});

it.each(codes)('%s: says exit code and HTTP status, the cause, and what to do', (code) => {
  const { exit, http } = errorCatalogue[code];
  const [facts = '', cause = '', ...cure] = (sections.get(code) ?? '').trim().split('\n\n');
  expect(facts).toMatch(new RegExp(`^Exit code ${exit}\\b.*HTTP status ${http}\\b`));
  expect(cause).toMatch(/^[A-Z].*\.$/s);
  // What was interrupted needs no cure.
  if (code !== 'INTERRUPTED') expect(cure.join('\n')).toMatch(/^(- |1\. )/m);
});

it('lists each code beside its exit code', () => {
  const rows = [...(sections.get('Exit codes') ?? '').matchAll(/^\| ([\d, ]+) \|.*\|(.*)\|$/gm)];
  const listed = rows.flatMap(([, exits = '', links = '']) =>
    [...links.matchAll(/\[(\w+)\]\(#(\w+)\)/g)].map(([, code, anchor]) => [
      code,
      anchor,
      Number.parseInt(exits, 10),
    ]),
  );
  expect(listed).toEqual(codes.map((code) => [code, code.toLowerCase(), errorCatalogue[code].exit]));
  const exits = rows.flatMap(([, cell = '']) => cell.split(', ').map(Number));
  expect(exits).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 130, 143]);
});
