import { inMiB } from '../bytes.js';
import { plural } from '../plural.js';
import { quoteForShell } from '../shell.js';
import { type CheckResult, ok, problem, warning } from './check-result.js';

/** What lies at the place of the data directory. */
export type DirectoryFacts =
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'no-directory'; readonly path: string }
  | { readonly kind: 'unreachable'; readonly path: string; readonly reason: string }
  | FoundDirectory;

export interface FoundDirectory {
  readonly kind: 'directory';
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  readonly ownerId: number;
  /** Who runs this; null where users have no numbers. */
  readonly userId: number | null;
  readonly isWritable: boolean;
  readonly hasStore: boolean;
  /** Of the snapshot and the journal. */
  readonly storeBytes: number;
  /** For this user, on the same file system. */
  readonly freeBytes: number;
  /** Paths inside that group or others may read or write by their own mode. */
  readonly openToOthers: readonly string[];
  /** Paths inside that belong to somebody else than the directory does. */
  readonly foreign: readonly string[];
  /** Paths that could not be looked at, or were too many to be. */
  readonly unseen: number;
}

const MiB = 1024 * 1024;
/** Without this much a server cannot even go on for long. */
const freeLeastBytes = 64 * MiB;
/** Less than this is told early enough to do something about it. */
const freeComfortBytes = 1024 * MiB;
/** A compaction writes a second snapshot before it removes the first; a backup in the directory is a third. */
const comfortableCopies = 3;

const names = 3;

export function checkDirectory(facts: DirectoryFacts): CheckResult {
  const check = 'data-directory';
  const { path } = facts;
  switch (facts.kind) {
    case 'missing':
      return warning(
        check,
        `${path} does not exist yet; the first command makes it.`,
        'evfleet serve, or name the directory of an existing fleet with --data-dir.',
      );
    case 'no-directory':
      return problem(check, `${path} is no directory.`, 'Name a directory with --data-dir.');
    case 'unreachable':
      return problem(
        check,
        `${path} cannot be looked at: ${facts.reason}.`,
        'Run this as the user of the server.',
      );
    case 'directory':
      return checkOwner(facts);
  }
}

function checkOwner({ path, isWritable, ownerId, userId }: FoundDirectory): CheckResult {
  const check = 'data-directory';
  const asOwner = `sudo -u '#${ownerId}' evfleet doctor`;
  if (!isWritable) return problem(check, `${path} cannot be written by this user.`, asOwner);
  if (userId !== null && userId !== ownerId) {
    const message = `${path} belongs to user ${ownerId}, this runs as user ${userId}: what one makes the other may not open.`;
    return warning(check, message, asOwner);
  }
  return ok(check, path);
}

/** Secrets are in the store, its backups and the log of messages: nobody else is to read them. */
export function checkPermissions(facts: FoundDirectory): CheckResult {
  const check = 'permissions';
  const { path, mode, ownerId, openToOthers, foreign, unseen } = facts;
  const directory = quoteForShell(path);
  const close = `chmod -R go-rwx ${directory}`;
  if (foreign.length > 0) {
    const message = `${some(foreign)} belong${foreign.length === 1 ? 's' : ''} to another user than the directory does.`;
    return problem(check, message, `sudo chown -R ${ownerId} ${directory}`);
  }
  const isEnterable = (mode & 0o011) !== 0;
  if ((mode & 0o022) !== 0) {
    return problem(check, `Other users may change the directory (mode ${octal(mode)}).`, close);
  }
  if (openToOthers.length > 0) {
    const message = `Other users may read or change ${some(openToOthers)}`;
    if (isEnterable) return problem(check, `${message}.`, close);
    return warning(check, `${message}, were it not for the mode of the directory (${octal(mode)}).`, close);
  }
  if ((mode & 0o077) !== 0) {
    return warning(check, `Other users may look into the directory (mode ${octal(mode)}).`, close);
  }
  if (unseen > 0)
    return warning(check, `${plural(unseen, 'path')} could not be looked at.`, `ls -lR ${directory}`);
  return ok(check, 'Only its owner may read or change what is in the directory.');
}

export function checkSpace({ path, storeBytes, freeBytes }: FoundDirectory): CheckResult {
  const check = 'disk-space';
  const message = `${inMiB(freeBytes)} are free, the store takes ${inMiB(storeBytes)}`;
  const advice = `Make room on the file system of ${path}: df -h ${quoteForShell(path)}`;
  if (freeBytes < storeBytes + freeLeastBytes) {
    return problem(check, `${message}: too little to fold the journal into a new snapshot.`, advice);
  }
  if (freeBytes < comfortableCopies * storeBytes + freeComfortBytes) {
    return warning(check, `${message}: that will not do for long.`, advice);
  }
  return ok(check, `${message}.`);
}

function some(paths: readonly string[]): string {
  const shown = paths.slice(0, names).join(', ');
  return paths.length > names ? `${shown} and ${paths.length - names} more` : shown;
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}
