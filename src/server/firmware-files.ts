import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Clock, NewId } from '../domain/clock.js';
import { FleetError } from '../domain/errors.js';
import type { FirmwareFiles } from '../domain/station/firmware-files.js';

/** An upload of which nothing was heard for so long was given up. */
const abandonedAfterMs = 24 * 3600_000;

const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Images in `files/firmware` of the data directory, named by their uuid: no name that anybody chose becomes a path.
 * What is being uploaded lies beside them until it is whole.
 */
export function createFirmwareFiles(options: {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly newId: NewId;
}): FirmwareFiles {
  const directory = path.join(options.dataDir, 'files', 'firmware');

  function uploadPath(uploadId: string): string {
    if (!uuidForm.test(uploadId)) throw noUpload(uploadId);
    return path.join(directory, `${uploadId}.part`);
  }

  function imagePath(imageUuid: string): string {
    if (!uuidForm.test(imageUuid)) throw new FleetError('USAGE', `${imageUuid} is no id of an image.`);
    return path.join(directory, `${imageUuid}.bin`);
  }

  async function removeAbandoned(): Promise<void> {
    const before = options.clock.now() - abandonedAfterMs;
    for (const name of await fs.readdir(directory)) {
      if (!name.endsWith('.part')) continue;
      const file = path.join(directory, name);
      const stat = await fs.stat(file).catch(() => undefined);
      if (stat && stat.mtimeMs < before) await fs.rm(file, { force: true });
    }
  }

  return {
    async begin() {
      await fs.mkdir(directory, { recursive: true, mode: 0o700 });
      await removeAbandoned();
      const uploadId = options.newId();
      await (await fs.open(uploadPath(uploadId), 'wx', 0o600)).close();
      return uploadId;
    },

    async append(uploadId, offset, piece) {
      const file = await openUpload(uploadPath(uploadId), uploadId);
      try {
        const { size } = await file.stat();
        if (size !== offset) {
          throw new FleetError(
            'CONFLICT',
            `The upload has ${size} bytes, so nothing can be put at ${offset}.`,
          );
        }
        await file.write(piece, 0, piece.byteLength, offset);
        return offset + piece.byteLength;
      } finally {
        await file.close();
      }
    },

    async measure(uploadId) {
      const file = await openUpload(uploadPath(uploadId), uploadId);
      const hash = createHash('sha256');
      let sizeBytes = 0;
      // Closes the file at its end.
      for await (const chunk of file.createReadStream({ start: 0, highWaterMark: 256 * 1024 })) {
        hash.update(chunk as Buffer);
        sizeBytes += (chunk as Buffer).byteLength;
      }
      return { sizeBytes, sha256: hash.digest('hex') };
    },

    async keep(uploadId, imageUuid) {
      const file = await openUpload(uploadPath(uploadId), uploadId);
      await file.sync().finally(() => file.close());
      await fs.rename(uploadPath(uploadId), imagePath(imageUuid));
      const folder = await fs.open(directory, 'r');
      await folder.sync().finally(() => folder.close());
    },

    giveUp: (uploadId) => fs.rm(uploadPath(uploadId), { force: true }),
    remove: (imageUuid) => fs.rm(imagePath(imageUuid), { force: true }),
    pathOf: imagePath,
  };
}

async function openUpload(file: string, uploadId: string): Promise<fs.FileHandle> {
  try {
    return await fs.open(file, 'r+');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw noUpload(uploadId);
    throw error;
  }
}

function noUpload(uploadId: string): FleetError {
  return new FleetError('NOT_FOUND', `There is no upload ${JSON.stringify(uploadId.slice(0, 60))}.`, {
    suggestions: ['Begin again: evfleet firmware upload'],
  });
}
