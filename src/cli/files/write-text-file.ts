import fs from 'node:fs/promises';
import path from 'node:path';
import { FleetError } from '../../domain/errors.js';
import { whyUnreadable } from './text-file.js';

/**
 * Writes a small file that is no secret.
 * @returns its path
 * @throws FleetError EXISTS when there is one and `force` is not given, USAGE when it cannot be written
 */
export async function writeTextFile(
  file: string,
  text: string,
  { force }: { readonly force: boolean },
): Promise<string> {
  const target = path.resolve(file);
  try {
    await fs.writeFile(target, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new FleetError('EXISTS', `There is a file ${target} already.`, {
        suggestions: ['--force writes over it.'],
      });
    }
    throw new FleetError('USAGE', `${target} cannot be written: ${whyUnreadable(error)}.`, { cause: error });
  }
  return target;
}
