import { expect, it } from 'vitest';
import { numbersOfTag, tagOfNumber, uidOfPairs } from '../../../src/domain/charging/tag-number.js';

it.each([
  ['four bytes', '3735928559', 'DEADBEEF', 'EFBEADDE'],
  ['zeros in front of the number', '0077771716', '04A2B3C4', 'C4B3A204'],
  ['many zeros in front', '0000000000000000000000001', '00000001', '01000000'],
  ['nothing but zeros', '0', '00000000', '00000000'],
  ['spaces around it', ' 255 ', '000000FF', 'FF000000'],
  ['the most of four bytes', '4294967295', 'FFFFFFFF', 'FFFFFFFF'],
  ['one more: seven bytes', '4294967296', '00000100000000', '00000000010000'],
  ['seven bytes', '1304911226242432', '04A2CF521A8580', '80851A52CFA204'],
  ['the most of seven bytes', '72057594037927935', 'FFFFFFFFFFFFFF', 'FFFFFFFFFFFFFF'],
  ['one more: ten bytes', '72057594037927936', '00000100000000000000', '00000000000000010000'],
  ['the most of ten bytes', '1208925819614629174706175', 'FFFFFFFFFFFFFFFFFFFF', 'FFFFFFFFFFFFFFFFFFFF'],
])('makes a tag of a printed number: %s', (_, number, msb, lsb) => {
  expect(tagOfNumber(number, 'msb')).toBe(msb);
  expect(tagOfNumber(number, 'lsb')).toBe(lsb);
});

it.each([
  ['', 'digits only'],
  ['04A2B3C4', 'digits only'],
  ['-5', 'digits only'],
  ['1.5', 'digits only'],
  ['1e9', 'digits only'],
  ['٣', 'digits only'],
  ['1208925819614629174706176', 'more than the 10 bytes'],
  ['9'.repeat(100_000), 'more than the 10 bytes'],
])('refuses %.30s as a number', (number, complaint) => {
  expect(() => tagOfNumber(number, 'msb')).toThrow(complaint);
});

it('says which numbers may be printed on a card', () => {
  expect(numbersOfTag('04a2b3c4')).toEqual({ msb: '77771716', lsb: '3300106756' });
  expect(numbersOfTag('04A2CF521A8580')?.msb).toBe('1304911226242432');
  for (const tag of ['04A2B3', 'GUEST', '04A2B3C4X', 'POOL-CAR']) expect(numbersOfTag(tag)).toBeUndefined();
});

it.each([
  ['04:a2:b3:c5', '04A2B3C5'],
  ['04 A2 B3 C5', '04A2B3C5'],
  ['04-A2-CF-52-1A-85-80', '04A2CF521A8580'],
  ['00:01:02:03:04:05:06:07:08:09', '00010203040506070809'],
  ['04A2B3C5', undefined],
  ['04:A2:B3', undefined],
  ['04:A2:B3:C5:D6', undefined],
  ['04:A2-B3:C5', undefined],
  ['04:A2:B3:C5:', undefined],
  ['04::A2:B3:C5', undefined],
  ['04:A2:B3:CX', undefined],
  ['4:A2:B3:C5', undefined],
  ['POOL-CAR-01', undefined],
])('of a UID in pairs, %s, readers send %s', (written, sent) => {
  expect(uidOfPairs(written)).toBe(sent);
});
