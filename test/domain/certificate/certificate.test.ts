import { expect, it } from 'vitest';
import { plainHex, plainSerial } from '../../../src/domain/certificate/certificate.js';

it.each([
  ['0A:1b:2C', 'a1b2c'],
  ['0x0A1B', 'a1b'],
  ['0a 1b', 'a1b'],
  ['00', '0'],
])('the number %s is %s', (typed, plain) => {
  expect(plainSerial(typed)).toBe(plain);
});

it('the id of a station is not taken for the number of a certificate', () => {
  expect(plainSerial('CP1')).not.toBe(plainSerial('C1'));
  expect(plainHex('CP1')).not.toBe('c1');
});
