import { describe, expect, it } from 'vitest';
import { FleetError } from '../../src/domain/errors.js';
import { checkName, checkStationId, checkTag } from '../../src/domain/identifiers.js';

function complaint(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    expect(error.code).toBe('USAGE');
    return error.message;
  }
}

describe('checkStationId', () => {
  it.each(['CP1', 'RDAM 123', 'ö', 'a', '...', 'x'.repeat(48), 'CP%2F1', '*#-_.,'])('%s', (id) => {
    expect(complaint(() => checkStationId(id))).toBeUndefined();
  });

  it.each([
    ['', /is empty/],
    ['x'.repeat(49), /is 49 characters long, at most 48/],
    ['a/b', /contains "\/"/],
    ['a:b', /contains ":"/],
    ['a\nb', /control characters/],
    ['a\u0000', /control characters/],
    ['a\u007f', /control characters/],
    ['.', /meaning of its own in a URL/],
    ['..', /meaning of its own in a URL/],
    [' a', /begins or ends with a space/],
    ['a ', /begins or ends with a space/],
  ])('%j is refused', (id, message) => {
    expect(complaint(() => checkStationId(id))).toMatch(message);
  });

  it('shows no more than the beginning of what is far too long', () => {
    expect(complaint(() => checkStationId('x'.repeat(10_000)))?.length).toBeLessThan(200);
  });
});

describe('checkTag', () => {
  it.each(['A1', '04A2B3C4D5E6F7', 'x'.repeat(20), 'a/b:c'])('%s', (tag) => {
    expect(complaint(() => checkTag(tag))).toBeUndefined();
  });

  it.each([
    ['', /is empty/],
    ['x'.repeat(21), /at most 20/],
    ['A\t1', /control characters/],
    [' A1', /space/],
  ])('%j is refused', (tag, message) => {
    expect(complaint(() => checkTag(tag))).toMatch(message);
  });
});

describe('checkName', () => {
  it.each(['Solna', 'Level -1', 'x'.repeat(100), 'Größe / Länge: 5 m'])('%s', (name) => {
    expect(complaint(() => checkName('site name', name))).toBeUndefined();
  });

  it.each([
    ['', /site name "" is empty/],
    ['   ', /is empty/],
    ['x'.repeat(101), /at most 100/],
    ['a\u001b[2J', /control characters/],
    [' Solna', /begins or ends with a space/],
  ])('%j is refused', (name, message) => {
    expect(complaint(() => checkName('site name', name))).toMatch(message);
  });
});
