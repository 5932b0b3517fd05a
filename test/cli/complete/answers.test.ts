import { expect, it } from 'vitest';
import { bashAnswer, fishAnswer, zshAnswer } from '../../../src/cli/complete/answers.js';
import { splitLine, unquoted } from '../../../src/cli/complete/shell-words.js';

const breaks = ' \t\n"\'@><=;|&(:';

function inBash(line: string, ...words: readonly string[]): string[] {
  const { current } = splitLine(line, [...line].length);
  const candidates = words.map((word) => ({ word, about: '' }));
  return bashAnswer({ files: 'none', start: '', words: candidates }, current, breaks)
    .split('\n')
    .slice(1, -1);
}

it.each([
  ['e x ', 'CP001', 'CP001 '],
  ['e x C', 'CP001', 'CP001 '],
  ['e x S', 'Solna P1', 'Solna\\ P1 '],
  ['e x Solna\\ ', 'Solna P1', 'Solna\\ P1 '],
  ['e x "So', 'Solna "P1" $5', 'Solna \\"P1\\" \\$5'],
  ["e x 'So", "Solna 'P1'", "Solna '\\''P1'\\''"],
  ['e x --site=So', '--site=Solna', 'Solna '],
  ['e x --site="So', '--site=Solna P', 'Solna P'],
  ['e x A:', 'A:B', 'B '],
  ['e x A\\:', 'A:B', 'A:B '],
  ['e x a@e', 'a@example.org', 'example.org '],
  ['e x Köp', 'Köping', 'Köping '],
  ['e x so', 'Solna', 'Solna '],
  ['e x 🔌x:', '🔌x:1', '1 '],
  ['e x ', "it's;rm -rf *", "it\\'s\\;rm\\ -rf\\ \\* "],
])('bash: %s becomes %s', (line, word, expected) => {
  expect(inBash(line, word)).toEqual([expected]);
});

it('bash: the case that is typed goes before another, and what is open gets no space', () => {
  expect(inBash('e x cp', 'CP001', 'cp002')).toEqual(['cp002 ']);
  const { current } = splitLine('e x K', 5);
  const open = { word: 'Key=', about: '', isOpen: true };
  expect(bashAnswer({ files: 'none', start: '', words: [open] }, current, breaks)).toBe('none\nKey=\n');
});

it('zsh and fish are told what words are', () => {
  const words = [
    { word: 'a b', about: 'two\twords' },
    { word: 'k=', about: '', isOpen: true },
    { word: 'evil\u001b[2J', about: '' },
  ];
  expect(zshAnswer({ files: 'none', start: '', words })).toBe('none\t\n-a b\ttwo words\n+k=\t\n');
  expect(fishAnswer({ files: 'files', start: '--x=', words })).toBe('files\t--x=\na b\ttwo words\nk=\t\n');
});

it('splits lines as shells do', () => {
  const line = 'evfleet  floor show --site "Solna \\"C\\"" \'a b\'c P\\ 1 --j';
  expect(splitLine(line, line.length).words).toEqual({
    before: ['floor', 'show', '--site', 'Solna "C"', 'a bc', 'P 1'],
    current: '--j',
    after: [],
  });
  const middle = 'evfleet station sh --json CP1';
  expect(splitLine(middle, 18).words).toEqual({
    before: ['station'],
    current: 'sh',
    after: ['--json', 'CP1'],
  });
  expect(unquoted("'a b")).toBe('a b');
});
