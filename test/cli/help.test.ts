import { expect, it } from 'vitest';
import { unfolded, withoutEmpty } from '../../src/cli/help.js';

it('the paragraphs of a help fill the lines, examples of files stay as they are', () => {
  const text = 'One line\ngoes on.\n\nA file:\n\n  key: 1\n  list:\n    - 2\n\nThe\nend.';
  expect(unfolded(text)).toBe('One line goes on.\n\nA file:\n\n  key: 1\n  list:\n    - 2\n\nThe end.');
});

it('a usage names every alternative once', () => {
  expect(withoutEmpty('user update [-y] [--remove | [--stdin | --file <file>] |  | ] [--key <file> ]')).toBe(
    'user update [-y] [--remove | [--stdin | --file <file>]] [--key <file>]',
  );
});
