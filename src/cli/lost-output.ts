import { FleetError } from '../domain/errors.js';

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the share of the disk is used up',
  EFBIG: 'the file may not become larger',
  EIO: 'the disk failed',
};

/** What to say when a disk takes no more of what a command writes; undefined for any other error. */
export function lostOutput(error: unknown): FleetError | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = reasons[code];
  if (reason === undefined) return undefined;
  return new FleetError('UNEXPECTED', `The output could not be written to its end: ${reason} (${code}).`, {
    cause: error,
    suggestions: ['Make room, or write to another disk, then run the command again.'],
  });
}
