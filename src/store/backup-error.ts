import { type ErrorCode, FleetError } from '../domain/errors.js';

const full = 'the disk is full';
const noDirectory = 'what should be a directory on the way there is a file';

/** By what the operating system says; from a worker it comes as text only. */
const reasons: Readonly<Record<string, readonly [code: ErrorCode, why: string]>> = {
  EACCES: ['NOT_ALLOWED', 'the user that the server runs as may not'],
  EPERM: ['NOT_ALLOWED', 'the user that the server runs as may not'],
  EROFS: ['NOT_ALLOWED', 'the file system is read-only'],
  EISDIR: ['NOT_ALLOWED', 'it is a directory'],
  ENOTDIR: ['NOT_ALLOWED', noDirectory],
  EEXIST: ['NOT_ALLOWED', noDirectory],
  ENAMETOOLONG: ['NOT_ALLOWED', 'its name is too long'],
  ELOOP: ['NOT_ALLOWED', 'symbolic links on the way there go in a circle'],
  ENOSPC: ['UNEXPECTED', full],
  EDQUOT: ['UNEXPECTED', full],
};

/** Why a backup could not be written, and what to do about it; any other error as it is. */
export function explainBackupFailure(error: unknown, file: string): unknown {
  if (error instanceof FleetError || !(error instanceof Error)) return error;
  const name = 'code' in error ? String(error.code) : error.message.split(':', 1)[0];
  const reason = reasons[name ?? ''];
  if (!reason) return error;
  const [code, why] = reason;
  const next =
    why === full
      ? 'Make room there, or choose another disk.'
      : 'Choose a file in a directory that the user of the server may write to.';
  return new FleetError(code, `The backup ${file} cannot be written: ${why}.`, {
    cause: error,
    suggestions: [next],
  });
}
