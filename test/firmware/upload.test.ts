import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFirmwareFiles } from '../../src/server/firmware-files.js';
import { failure } from '../helpers/failure.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { openOperations } from '../helpers/test-operations.js';
import { TestServer } from '../helpers/test-server.js';
import { fleetOf, imageName, update, upload } from './fixture.js';

const sha256 = '0'.repeat(64);

describe('an image', () => {
  it('lies in the data directory under a name that nobody chose, with its size and checksum', async () => {
    const server = await TestServer.start();
    const bytes = randomBytes(5000);
    const image = await upload(server.fleet, { bytes, fileName: '../../etc/passwd 1.5.bin' });
    expect(image).toMatchObject({ ...imageName, sizeBytes: 5000, file: 'etc-passwd-1.5.bin', signed: false });
    const directory = path.join(server.dataDir, 'files', 'firmware');
    expect(await readdir(directory)).toEqual([`${image.id}.bin`]);
    expect(await readFile(path.join(directory, `${image.id}.bin`))).toEqual(bytes);
    expect((await server.fleet.run('firmware.list', { vendor: 'ACME' })).items).toEqual([image]);
    expect((await server.fleet.run('firmware.list', { model: 'Tower' })).items).toEqual([]);
  });

  it('comes in pieces, each once and in its place', async () => {
    const { fleet } = await openOperations();
    const { uploadId } = await fleet.run('firmware.begin', imageName);
    const data = Buffer.from('abc').toString('base64');
    await fleet.run('firmware.append', { uploadId, offset: 0, data });
    const twice = await failure(fleet.run('firmware.append', { uploadId, offset: 0, data }), 'CONFLICT');
    expect(twice.message).toBe('The upload has 3 bytes, so nothing can be put at 0.');
    await failure(fleet.run('firmware.append', { uploadId, offset: 9, data }), 'CONFLICT');
    expect(await fleet.run('firmware.append', { uploadId, offset: 3, data })).toEqual({ sizeBytes: 6 });
  });

  it('that did not arrive as it was sent is not kept', async () => {
    const { fleet } = await openOperations();
    const { uploadId } = await fleet.run('firmware.begin', imageName);
    const finish = { uploadId, ...imageName, fileName: 'x.bin', sha256 };
    expect((await failure(fleet.run('firmware.finish', finish), 'USAGE')).message).toBe('x.bin is empty.');
    await fleet.run('firmware.append', { uploadId, offset: 0, data: 'AAAA' });
    const changed = await failure(fleet.run('firmware.finish', finish), 'CONFLICT');
    expect(changed.message).toBe('x.bin did not arrive as it was sent: its SHA-256 differs.');
    expect((await fleet.run('firmware.list', {})).items).toEqual([]);
  });

  it.each(['../../etc/passwd', '00000000-0000-4000-8000-000000000000', ''])(
    'cannot be put anywhere by an upload that was never begun: %s',
    async (uploadId) => {
      const { fleet } = await openOperations();
      await failure(fleet.run('firmware.append', { uploadId, offset: 0, data: 'AAAA' }), 'NOT_FOUND');
    },
  );

  it('is refused before a byte of it moves when there is one for that version already', async () => {
    const { fleet } = await openOperations();
    await upload(fleet);
    const again = { ...imageName, vendor: 'ACME' };
    const error = await failure(fleet.run('firmware.begin', again), 'EXISTS');
    expect(error.message).toBe('There is firmware 2.0.0 for Acme Box already.');
    expect(error.suggestions[0]).toBe('evfleet firmware delete --vendor Acme --model Box --version 2.0.0');
  });

  it('has a signature and a certificate, or neither', async () => {
    const { fleet } = await openOperations();
    expect(await upload(fleet, { signed: true })).toMatchObject({ signed: true });
    const name = { ...imageName, version: '3.0.0' };
    const { uploadId } = await fleet.run('firmware.begin', name);
    const half = { uploadId, ...name, fileName: 'x', sha256, signature: 'AAAA' };
    await failure(fleet.run('firmware.finish', half), 'USAGE');
  });

  it('is deleted with its file, but not while stations are being updated with it', async () => {
    const { server } = await fleetOf(['CP1']);
    await update(server, ['CP1']);
    const inUse = await failure(server.fleet.run('firmware.delete', imageName), 'HAS_CHILDREN');
    expect(inUse.message).toBe('1 station is being updated with this image.');
    const old = { ...imageName, version: '1.0.0' };
    await upload(server.fleet, { version: '1.0.0' });
    expect(await server.fleet.run('firmware.delete', old)).toEqual({ deleted: true });
    expect(await readdir(path.join(server.dataDir, 'files', 'firmware'))).toHaveLength(1);
    await failure(server.fleet.run('firmware.delete', old), 'NOT_FOUND');
    expect(await server.fleet.run('firmware.delete', { ...old, ignoreNotFound: true })).toEqual({
      deleted: false,
    });
  });
});

it('an upload that was given up long ago is removed when the next one begins', async () => {
  const dataDir = await temporaryDirectory();
  const clock = new FakeClock();
  clock.jump(Date.now() - clock.now());
  const files = createFirmwareFiles({ dataDir, clock, newId: () => crypto.randomUUID() });
  const first = await files.begin();
  const second = await files.begin();
  const names = () => readdir(path.join(dataDir, 'files', 'firmware'));
  expect((await names()).sort()).toEqual([`${first}.part`, `${second}.part`].sort());
  clock.jump(25 * 3600_000);
  const third = await files.begin();
  expect(await names()).toEqual([`${third}.part`]);
});
