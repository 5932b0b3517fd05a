import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FleetError } from '../../src/domain/errors.js';
import { isSelected, parseSelector, type Traits } from '../../src/domain/selector.js';

const station: Traits = {
  vendor: ['Acme'],
  model: ['Box 22'],
  firmware: ['1.4.2'],
  status: ['online', 'available', 'charging'],
  registration: ['accepted'],
  site: ['Solna, North'],
  id: ['CP*1'],
};

function usage(text: string): FleetError {
  try {
    parseSelector(text);
  } catch (error) {
    if (error instanceof FleetError && error.code === 'USAGE') return error;
    throw error;
  }
  throw new Error(`${text} was understood`);
}

describe('a selector', () => {
  it.each([
    ['vendor=Acme', true],
    ['vendor=acme', true],
    ['vendor=Acm', false],
    ['vendor!=Acme', false],
    ['vendor!=Other', true],
    ['VENDOR = Acme', true],
    ['model=Box*', true],
    ['model=*22', true],
    ['model=B*x*2', true],
    ['model=***', true],
    ['model!=Box*', false],
    ['firmware=1.4.2', true],
    ['firmware=1x4x2', false],
    ['status=online', true],
    ['status=charging', true],
    ['status=faulted', false],
    ['status!=faulted', true],
    ['status!=charging', false],
    ['status=Online,status=available', true],
    ['registration=pending', false],
    ['site=Solna\\, North', true],
    ['site=Solna*', true],
    ['id=CP\\*1', true],
    ['id=cp\\*1', false],
    ['vendor=Acme,model!=Box*,status=offline', false],
    ['vendor=', false],
    ['vendor!=', true],
  ])('%s: %s', (text, expected) => {
    expect(isSelected(station, parseSelector(text))).toBe(expected);
  });

  it('finds what a station has not', () => {
    const bare = { ...station, vendor: [] };
    expect(isSelected(bare, parseSelector('vendor='))).toBe(true);
    expect(isSelected(bare, parseSelector('vendor!=Acme'))).toBe(true);
    expect(isSelected(bare, parseSelector('vendor=*'))).toBe(false);
  });

  it.each([
    ['', /^"" in the selector is no condition\.$/, /vendor=Acme/],
    ['vendor', /"vendor" in the selector is no condition/, /vendor=Acme/],
    ['=x', /is no condition/, /vendor=Acme/],
    ['vendor=a,,model=b', /^"" in the selector/, /vendor=Acme/],
    ['vndor=a', /cannot be selected by "vndor"/, /--selector vendor=…/],
    ['colour=red', /cannot be selected by "colour"/, /The fields are: vendor, model/],
    ['status=ofline', /no status "ofline"/, /--selector status=o/],
    ['registration=Fine', /no registration "Fine"/, /accepted, pending, rejected/],
  ])('%s is a mistake that it explains', (text, message, suggestion) => {
    const error = usage(text);
    expect(error.message).toMatch(message);
    expect(error.suggestions[0]).toMatch(suggestion);
  });

  it('is no longer than it may be', () => {
    expect(parseSelector(`id=${'x'.repeat(9_997)}`)).toHaveLength(1);
    usage(`id=${'x'.repeat(9_998)}`);
  });

  it('takes any value as it is when it is escaped', () => {
    const escaped = (value: string) => value.replace(/[\\,*]/g, '\\$&');
    const value = fc.string({ unit: 'grapheme' }).filter((text) => text.trim() === text && text !== '');
    fc.assert(
      fc.property(value, value, (wanted, other) => {
        const conditions = parseSelector(`model=${escaped(wanted)}`);
        expect(isSelected({ ...station, model: [wanted] }, conditions)).toBe(true);
        const isSame = wanted.toLowerCase() === other.toLowerCase();
        expect(isSelected({ ...station, model: [other] }, conditions)).toBe(isSame);
      }),
    );
  });

  it('reads or refuses whatever is typed, in time', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        try {
          isSelected(station, parseSelector(text));
        } catch (error) {
          expect(error).toBeInstanceOf(FleetError);
        }
      }),
    );
    const evil = parseSelector(`id=${'*a'.repeat(4000)}b`);
    expect(isSelected({ ...station, id: ['a'.repeat(10_000)] }, evil)).toBe(false);
  });
});
