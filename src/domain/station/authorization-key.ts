import { FleetError } from '../errors.js';

/** Bytes of a key that is told as hexadecimal (OCPP 1.6 security white paper, A00.FR.205). */
const bytesMin = 16;
const bytesMax = 20;

/** What ChangeConfiguration is sent is at most 40 characters. */
const textMaxBytes = 40;

/**
 * What a key stands for, in the one form that is hashed and compared. Stations do not agree on what they show: some the
 * bytes, some the hexadecimal text by which these were set. So a text that reads as the hexadecimal of a key is that
 * key, and everything else is itself.
 */
export function canonicalKey(shown: Buffer): Buffer {
  const { length } = shown;
  if (length < 2 * bytesMin || length > 2 * bytesMax || length % 2 !== 0) return shown;
  const text = shown.toString('latin1');
  return /^[0-9a-f]+$/i.test(text) ? Buffer.from(text, 'hex') : shown;
}

/**
 * A key as a person types it: 32 to 40 hexadecimal digits, or a text of 16 to 40 bytes. In the form that is compared.
 * @throws FleetError USAGE that says what a key needs; never the key
 */
export function readAuthorizationKey(typed: string): Buffer {
  const bytes = Buffer.from(typed, 'utf8');
  const complaint = complaintOf(typed, bytes.length);
  if (complaint === undefined) return canonicalKey(bytes);
  throw new FleetError('USAGE', `The authorization key ${complaint}.`, {
    suggestions: [
      'Take 40 hexadecimal digits, or a text of 16 to 40 characters.',
      '--generate-auth-key makes one that nobody can guess.',
    ],
  });
}

function complaintOf(typed: string, length: number): string | undefined {
  if (/\p{Cc}/u.test(typed)) return 'contains control characters';
  if (typed.trim() !== typed) return 'begins or ends with a space';
  if (length < bytesMin) return `is ${length} bytes long, at least ${bytesMin} are needed`;
  if (length > textMaxBytes)
    return `is ${length} bytes long, and stations take at most ${textMaxBytes} of them`;
  if (new Set(typed.toLowerCase()).size < 4) return 'is the same few characters again and again';
  return undefined;
}

/** A key that nobody can guess, as it is typed into a station: 40 hexadecimal digits. */
export function spellKey(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Random bytes of a key that is made here. */
export const generatedKeyBytes = bytesMax;
