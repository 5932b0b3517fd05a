import fs from 'node:fs/promises';
import path from 'node:path';
import { FleetError } from '../../domain/errors.js';
import { quoteForShell } from '../../domain/shell.js';
import { sayOnStderr } from '../report.js';
import { whyUnreadable } from './text-file.js';

/** A file that is made before there is a secret: one that could not be written down would be lost. */
export interface SecretFile {
  /** Absolute. */
  readonly file: string;
  /** To be called once. */
  write(text: string): Promise<void>;
  /** When there is no secret after all: what was there before is there again. */
  discard(): Promise<void>;
}

/**
 * A file that nobody but its user can read.
 * @throws FleetError EXISTS when there is one and `force` is not given, USAGE when it cannot be written
 */
export async function newSecretFile(
  name: string,
  { force }: { readonly force: boolean },
): Promise<SecretFile> {
  const file = path.resolve(name);
  const draft = force ? `${file}.${process.pid}.new` : file;
  const cannot = (error: unknown) =>
    new FleetError('USAGE', `${file} cannot be written: ${whyUnreadable(error)}.`, { cause: error });
  const handle = await fs.open(draft, 'wx', 0o600).catch((error: unknown) => {
    if (!force && error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new FleetError('EXISTS', `There is a file ${file} already.`, {
        suggestions: ['--force writes over it.'],
      });
    }
    throw cannot(error);
  });
  return {
    file,
    async write(text) {
      try {
        await handle.writeFile(text).finally(() => handle.sync().finally(() => handle.close()));
        if (force) await fs.rename(draft, file);
      } catch (error) {
        await fs.rm(draft, { force: true });
        throw cannot(error);
      }
    },
    async discard() {
      await handle.close();
      await fs.rm(draft, { force: true });
    },
  };
}

/** Says so when others can read, or write, a file with a secret. What is no file, such as a pipe, has no such mode. */
export async function warnIfOpenToOthers(file: string): Promise<void> {
  const stat = await fs.stat(file).catch(() => undefined);
  if (!stat?.isFile() || (stat.mode & 0o066) === 0) return;
  sayOnStderr(`Warning: ${file} is open to others, and holds a secret: chmod 600 ${quoteForShell(file)}`);
}
