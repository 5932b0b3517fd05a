import { expect, it } from 'vitest';
import { sparkline } from '../../src/views/sparkline.js';

it.each<[number[], string]>([
  [[], ''],
  [[0, 0], '▁▁'],
  [[3], '█'],
  [[0, 1, 2, 3, 4, 5, 6, 7], '▁▂▃▄▅▆▇█'],
  [[1000, 1], '█▁'],
  [[-5, 10], '▁█'],
])('%j', (values, drawn) => {
  expect(sparkline(values)).toBe(drawn);
});
