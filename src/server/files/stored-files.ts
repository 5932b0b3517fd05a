import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { FleetError } from '../../domain/errors.js';
import type { StoredFiles } from '../../domain/station/file-exchange.js';

const chunkBytes = 256 * 1024;

/** What stations uploaded, in `files/diagnostics` of the data directory. Not a part of backups. */
export function diagnosticsDirectory(dataDir: string): string {
  return path.join(dataDir, 'files', 'diagnostics');
}

export function filesIn(directory: string): StoredFiles {
  const at = (name: string) => path.join(directory, path.basename(name));
  return {
    async *read(name) {
      try {
        yield* createReadStream(at(name), { highWaterMark: chunkBytes }) as AsyncIterable<Uint8Array>;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
        throw new FleetError('NOT_FOUND', 'This file is not in the data directory any more.', {
          cause: error,
        });
      }
    },
    remove: (name) => fs.rm(at(name), { force: true }),
  };
}

/** Half uploads that a server left behind when it was killed. */
export async function removeLeftovers(directory: string): Promise<void> {
  const names = await fs.readdir(directory).catch(() => []);
  for (const name of names) {
    if (/^\..*\.part$/.test(name)) await fs.rm(path.join(directory, name), { force: true });
  }
}
