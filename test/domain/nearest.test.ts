import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/domain/nearest.js';

describe('nearest', () => {
  it.each([
    ['CP01', ['CP001', 'DEPOT'], 'CP001'],
    ['Goteborg', ['Göteborg Nord', 'Malmö'], 'Göteborg Nord'],
    ['malmo', ['Göteborg Nord', 'Malmö'], 'Malmö'],
    ['kW', ['id', 'name'], undefined],
    ['x', ['id', 'y'], undefined],
    ['', ['id'], undefined],
    ['expirs', ['tag', 'expires'], 'expires'],
  ])('to %j of %j is %j', (input, candidates, found) => {
    expect(nearest(input, candidates)).toBe(found);
  });
});
