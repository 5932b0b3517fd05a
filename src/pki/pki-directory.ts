import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { FleetError } from '../domain/errors.js';

/** What the authority keeps in the data directory: nobody but its user may look into it. */
export interface PkiPaths {
  readonly directory: string;
  /** The authority's certificate (PEM): what stations and this server trust. */
  readonly authorityCert: string;
  readonly authorityKey: string;
  /** The list of revoked certificates (PEM). */
  readonly revoked: string;
}

export function pkiPaths(dataDir: string): PkiPaths {
  const directory = path.join(dataDir, 'pki');
  return {
    directory,
    authorityCert: path.join(directory, 'ca.pem'),
    authorityKey: path.join(directory, 'ca.key'),
    revoked: path.join(directory, 'crl.pem'),
  };
}

export async function makePkiDirectory({ directory }: PkiPaths): Promise<void> {
  await fs.mkdir(directory, { recursive: true, mode: 0o700 });
  // It may be there already, made by hand.
  await fs.chmod(directory, 0o700);
}

/** Undefined when there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw unreadable(file, error);
  }
}

export interface NewFile {
  readonly file: string;
  readonly text: string;
  readonly isSecret: boolean;
}

/**
 * Writes files that belong together, each whole or not at all, and on the disk when this resolves.
 * @throws FleetError EXISTS when one is there and must not be replaced; then nothing was written
 */
export async function writeFiles(
  files: readonly NewFile[],
  { replace }: { replace: boolean },
): Promise<void> {
  for (const { file } of replace ? [] : files) {
    if (await fs.access(file, constants.F_OK).then(...yesOrNo)) throw exists(file);
  }
  const written: string[] = [];
  try {
    for (const { file, text, isSecret } of files) {
      const temporary = `${file}.new`;
      await fs.rm(temporary, { force: true });
      const handle = await fs.open(temporary, 'wx', isSecret ? 0o600 : 0o644);
      written.push(temporary);
      await handle.writeFile(text).finally(() => handle.sync().finally(() => handle.close()));
    }
    for (const { file } of files) {
      // A link takes nobody's place, should one have come in between.
      if (replace) await fs.rename(`${file}.new`, file);
      else await fs.link(`${file}.new`, file);
    }
  } catch (error) {
    if (isCode(error, 'EEXIST'))
      throw exists(error instanceof Error && 'dest' in error ? String(error.dest) : '');
    const place = path.dirname(files[0]?.file ?? '.');
    throw new FleetError('USAGE', `Nothing can be written to ${place}: ${messageOf(error)}.`, {
      cause: error,
    });
  } finally {
    for (const temporary of written) await fs.rm(temporary, { force: true });
  }
  for (const directory of new Set(files.map(({ file }) => path.dirname(file))))
    await syncDirectory(directory);
}

const yesOrNo = [() => true, () => false] as const;

async function syncDirectory(directory: string): Promise<void> {
  const handle = await fs.open(directory, 'r');
  await handle.sync().finally(() => handle.close());
}

function exists(file: string): FleetError {
  return new FleetError('EXISTS', `There is a file ${file} already; keys are not written over.`, {
    suggestions: ['Name other files, or say --force once nothing needs the old ones.'],
  });
}

function unreadable(file: string, error: unknown): FleetError {
  return new FleetError('CONFLICT', `The file ${file} cannot be read: ${messageOf(error)}.`, {
    cause: error,
  });
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
