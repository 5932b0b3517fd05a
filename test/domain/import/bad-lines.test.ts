import { describe, expect, it } from 'vitest';
import { badLines } from '../../../src/domain/import/bad-lines.js';
import type { LineFault } from '../../../src/domain/import/import-file.js';
import { stationTable } from '../../../src/domain/import/station-import.js';

const fault = (line: number, message = 'it is empty', column = 'id'): LineFault => ({
  line,
  column,
  message,
});
const told = (faults: readonly LineFault[], count = faults.length) => badLines(faults, count).suggestions;
const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 2);

describe('bad lines', () => {
  it('are told in their order, a single one in the message itself', () => {
    expect(badLines([fault(2)], 1)).toMatchObject({
      message: 'Nothing was imported: line 2: id: it is empty',
      suggestions: [],
    });
    expect(badLines([fault(3, 'a', ''), fault(2, 'b')], 2)).toMatchObject({
      message: 'Nothing was imported: 2 things are wrong.',
      suggestions: ['Line 2: id: b.', 'Line 3: a.'],
    });
  });

  it('are told once when the same is wrong with them', () => {
    const floors = numbers(400).map((line) =>
      fault(line, `there is no floor "P${line % 2}" in Solna`, 'Floor'),
    );
    expect(told([...floors, fault(51, 'it takes a number, not "two"', 'Outlets')])).toEqual([
      'Lines 2, 4, 6, 8, 10 and 195 more: Floor: there is no floor "P0" in Solna.',
      'Lines 3, 5, 7, 9, 11 and 195 more: Floor: there is no floor "P1" in Solna.',
      'Line 51: Outlets: it takes a number, not "two".',
    ]);
    expect(told([5, 6, 2, 8, 9, 10].map((line) => fault(line)))).toEqual([
      'Lines 2, 5, 6 and 8–10: id: it is empty.',
    ]);
  });

  it('that differ in a name only are told of ten, and how many there are', () => {
    const there = numbers(5000).map((line) => fault(line, `there is a tag T${line} already`, 'tag'));
    const text = told([...there, fault(9, 'there is no user "x"', 'user')]);
    expect(text).toHaveLength(14);
    expect(text[10]).toBe('Line 11: tag: there is a tag T11 already.');
    expect(text[7]).toBe('Line 9: tag: there is a tag T9 already.');
    expect(text).toContain('Line 9: user: there is no user "x".');
    expect(text).toContain('Lines 12–5001: tag: 4,990 more like these.');
  });

  it('are never more than a hundred, and of those that were not kept the number is told', () => {
    const different = numbers(150).map((line) =>
      fault(line, 'it is wrong', `column ${String.fromCodePoint(line + 300)}`),
    );
    const text = told(different, 1234);
    expect(text).toHaveLength(101);
    expect(text.at(-1)).toBe('And 1,134 more.');
  });

  it('say what helps', () => {
    const { suggestions } = badLines(
      [fault(2, 'there is a station CP1 already'), fault(3, 'there is no site "X"')],
      2,
      stationTable.hints,
    );
    expect(suggestions.slice(2).map((one) => one.split(',')[0])).toEqual([
      '--if-exists skip',
      '--if-exists update',
      '--create-missing',
    ]);
  });
});
