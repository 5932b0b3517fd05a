import { FleetError } from '../errors.js';

/** Which byte of a UID comes first in a hexadecimal tag: the most or the least significant of the printed number. */
export type ByteOrder = 'msb' | 'lsb';

export const byteOrders = ['msb', 'lsb'] as const;

/** ISO/IEC 14443-3: UIDs have 4, 7 or 10 bytes. */
const uidBytes = [4, 7, 10] as const;

/** So many digits has the largest of 10 bytes; cards may print zeros in front. */
const digitsMax = 25;

/**
 * The tag that a reader sends for the number that is printed on a card: upper-case hexadecimal of 4, 7 or 10 bytes,
 * the fewest that hold it, with leading zeros.
 * @throws FleetError USAGE when it is no such number
 */
export function tagOfNumber(text: string, byteOrder: ByteOrder): string {
  const digits = text.trim();
  const shown = JSON.stringify(digits.length > 40 ? `${digits.slice(0, 40)}…` : digits);
  if (!/^\d+$/.test(digits)) throw new FleetError('USAGE', `The number ${shown} is not made of digits only.`);
  const value = digits.length > digitsMax ? undefined : BigInt(digits);
  const bytes = uidBytes.find((size) => value !== undefined && value < 1n << BigInt(size * 8));
  if (value === undefined || bytes === undefined) {
    throw new FleetError('USAGE', `The number ${shown} is more than the 10 bytes of a UID hold.`);
  }
  const hex = value
    .toString(16)
    .toUpperCase()
    .padStart(bytes * 2, '0');
  return byteOrder === 'msb' ? hex : reversed(hex);
}

/** What may be printed on the card of a tag, by byte order; undefined when it does not look like a UID. */
export function numbersOfTag(tag: string): Record<ByteOrder, string> | undefined {
  if (!/^[0-9a-f]+$/i.test(tag) || !uidBytes.some((bytes) => tag.length === bytes * 2)) return undefined;
  return { msb: BigInt(`0x${tag}`).toString(), lsb: BigInt(`0x${reversed(tag)}`).toString() };
}

/** The UID that was written in pairs, as people do (`04:A2:B3:C5`): readers send it without what is in between. */
export function uidOfPairs(text: string): string | undefined {
  const [, separator] = /^[0-9a-f]{2}([ :-])/i.exec(text) ?? [];
  if (separator === undefined) return undefined;
  const pairs = text.split(separator);
  const isUid = uidBytes.some((bytes) => bytes === pairs.length);
  return isUid && pairs.every((pair) => /^[0-9a-f]{2}$/i.test(pair))
    ? pairs.join('').toUpperCase()
    : undefined;
}

function reversed(hex: string): string {
  return (hex.match(/../g) ?? []).reverse().join('');
}
