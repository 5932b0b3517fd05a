import fs from 'node:fs/promises';
import { FleetError } from '../../domain/errors.js';

/** A chain of certificates takes a few kilobytes, a long list of revoked ones some more. */
const fileMaxBytes = 4 * 1024 * 1024;

/** @throws FleetError USAGE that names the file and the flag it was given with */
export async function readPem(file: string, flag: string): Promise<{ text: string; mode: number }> {
  try {
    const { mode, size } = await fs.stat(file);
    if (size > fileMaxBytes) throw new Error('it is too large for that');
    return { text: await fs.readFile(file, 'utf8'), mode };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FleetError('USAGE', `The file of ${flag}, ${file}, cannot be read: ${reason}.`, {
      cause: error,
      suggestions: ['It is PEM; look whether the path is right, and the user of the server may read it.'],
    });
  }
}
