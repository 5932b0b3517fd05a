import { expect, test } from 'vitest';
import { continued, entryLines, paragraphs, unfolded } from '../../src/views/help-layout.js';
import { createTerminal } from '../../src/views/terminal.js';

const on = (columns: number) => createTerminal({ stdout: { isTTY: true, columns }, env: { NO_COLOR: '1' } });

test('the paragraphs of a help fill the lines, examples of files stay as they are', () => {
  const text = 'One line\ngoes on.\n\nA file:\n\n  key: 1\n  list:\n    - 2\n\nThe\nend.';
  expect(unfolded(text)).toBe('One line goes on.\n\nA file:\n\n  key: 1\n  list:\n    - 2\n\nThe end.');
  expect(paragraphs('One\nline:\n\n  key: 1', on(80))).toEqual(['  One line:', '', '    key: 1']);
});

const entries = [
  { term: 'list', meaning: 'Lists all that there is to be listed' },
  { term: 'a-term-that-is-much-too-long-for-its-place', meaning: 'Short' },
];

test('what a term means stands beside it, of a long term below it', () => {
  expect(entryLines(entries, on(40))).toEqual([
    '  list   Lists all that there is to be',
    '         listed',
    '  a-term-that-is-much-too-long-for-its-place',
    '         Short',
  ]);
});

test('without room beside the terms it stands below all of them', () => {
  expect(entryLines(entries.slice(0, 1), on(30))).toEqual([
    '  list',
    '      Lists all that there is',
    '      to be listed',
  ]);
});

test('long commands go on behind a backslash, broken before flags and outside of quotes', () => {
  const command = `evfleet user update ada@example.org --name "a --b | c" --site Solna -q | jq -r '.[] | .id' < in.json`;
  const lines = continued(command, 40);
  expect(lines).toEqual([
    'evfleet user update ada@example.org \\',
    '  --name "a --b | c" --site Solna -q \\',
    `  | jq -r '.[] | .id' < in.json`,
  ]);
  const joined = lines.map((line) => line.replace(/ \\$/, '').trim()).join(' ');
  expect(joined).toBe(command);
  expect(continued('evfleet station list', 40)).toEqual(['evfleet station list']);
});
