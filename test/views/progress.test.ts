import { expect, test } from 'vitest';
import { renderProgressBar } from '../../src/views/progress.js';
import { textWidth } from '../../src/views/text-width.js';

const state = { done: 620_000, total: 1_000_000, what: 'sessions', elapsedMs: 12_000 };

test('tells share, count, rate and the time that is left', () => {
  expect(renderProgressBar(state, 120)).toBe(
    '███████████████████░░░░░░░░░░░   62 %  620,000 of 1,000,000 sessions  51,667/s  8s left',
  );
});

test.each([120, 79, 60, 40, 20])('fits into %i columns, or is words alone', (columns) => {
  const line = renderProgressBar(state, columns);
  expect(textWidth(line) <= columns || line === '62 %  620,000 of 1,000,000 sessions  8s left').toBe(true);
});

test('foretells nothing from the first moments, or when all is done', () => {
  expect(renderProgressBar({ ...state, elapsedMs: 1_500 }, 120)).not.toContain('left');
  expect(renderProgressBar({ ...state, done: 1_000_000 }, 120)).not.toContain('left');
});

test('bytes are told as such; without a total there is no bar', () => {
  const bytes = { done: 5_000_000, total: undefined, what: 'bytes', elapsedMs: 2_000 };
  expect(renderProgressBar(bytes, 80)).toBe('5.0 MB  2.5 MB/s  2s');
  expect(renderProgressBar({ ...bytes, total: 10_000_000 }, 80)).toContain(
    ' 50 %  5.0 MB of 10.0 MB  2.5 MB/s  2s left',
  );
});
