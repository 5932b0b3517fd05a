import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import FirmwareCancel from '../../../commands/firmware/cancel.js';
import FirmwareDelete from '../../../commands/firmware/delete.js';
import FirmwareList from '../../../commands/firmware/list.js';
import FirmwareStatus from '../../../commands/firmware/status.js';
import FirmwareUpdate from '../../../commands/firmware/update.js';
import FirmwareUpload from '../../../commands/firmware/upload.js';
import { connected, install, lapse } from '../../firmware/fixture.js';
import { runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { TestServer } from '../../helpers/test-server.js';

const commands: Record<string, Command.Class> = {
  cancel: FirmwareCancel,
  delete: FirmwareDelete,
  list: FirmwareList,
  status: FirmwareStatus,
  update: FirmwareUpdate,
  upload: FirmwareUpload,
};

const named = ['--vendor', 'Acme', '--model', 'Box', '--version', '2.0.0'];

function runner(dataDir: string) {
  return (verb: string, ...argv: string[]) => {
    const command = commands[verb];
    if (!command) throw new Error(`no command ${verb}`);
    return runCommand(command, argv, { env: { EVFLEET_DATA_DIR: dataDir }, id: `firmware:${verb}` });
  };
}

async function imageFile(bytes: Buffer = randomBytes(100)): Promise<string> {
  const file = path.join(await temporaryDirectory(), 'acme-2.0.0.bin');
  await writeFile(file, bytes);
  return file;
}

describe('firmware upload', () => {
  it('takes an image without a server, in pieces, and shows what it kept', async () => {
    const run = runner(await temporaryDirectory());
    const bytes = randomBytes(2_500_000);
    const { stdout, stderr, exitCode } = await run('upload', await imageFile(bytes), ...named);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('Uploaded firmware 2.0.0 for Acme Box.\n');
    expect(stdout).toContain('file\tacme-2.0.0.bin\nsizeBytes\t2500000\nsha256\t');
    const listed = await run('list', '--json');
    expect(listed.json).toMatchObject([{ vendor: 'Acme', model: 'Box', version: '2.0.0', signed: false }]);
    expect(Object.keys((listed.json as object[])[0] ?? {}).join()).toBe(
      'vendor,model,version,file,sizeBytes,sha256,signed,createdAt,id',
    );
    expect((await run('upload', await imageFile(), ...named)).exitCode).toBe(6);
    expect((await run('delete', ...named, '--yes')).stderr).toContain('Deleted firmware 2.0.0 for Acme Box');
    expect((await run('delete', ...named, '--yes')).exitCode).toBe(5);
  });

  it.each([
    ['a file that is not there', 'none.bin', /^Error: FILE cannot read .*none\.bin: it does not exist\./],
    ['a directory', '.', /^Error: The image .* is no file\./],
  ])('refuses %s', async (_, name, message) => {
    const run = runner(await temporaryDirectory());
    const { stderr, exitCode } = await run('upload', path.join(await temporaryDirectory(), name), ...named);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('refuses a certificate that is none', async () => {
    const run = runner(await temporaryDirectory());
    const file = await imageFile();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signature = path.join(path.dirname(file), 'sig');
    await writeFile(signature, sign('sha256', randomBytes(10), privateKey));
    const files = ['--signature-file', signature, '--certificate-file', signature];
    const { stderr, exitCode } = await run('upload', file, ...named, ...files);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^Error: --certificate-file .* is no certificate in PEM\./);
  });
});

describe('firmware update', () => {
  async function withStation() {
    const server = await TestServer.start({ pingIntervalMs: 86_400_000 });
    const run = runner(server.dataDir);
    await run('upload', await imageFile(), ...named);
    await server.add('CP1');
    return { server, run };
  }

  const update = ['update', 'CP1', '--version', '2.0.0'] as const;

  it('of one station ends with what became of it', async () => {
    const { server, run } = await withStation();
    const station = await connected(server, 'CP1');
    const updated = run(...update, '--wait');
    await lapse(server, station.received('UpdateFirmware'));
    await install(server, station, 'CP1');
    const { stdout, stderr, exitCode } = await lapse(server, updated);
    expect([stdout, stderr, exitCode]).toEqual(['CP1 runs 2.0.0 now, before it was 1.0.0.\n', '', 0]);
    const status = await run('status');
    expect(status.stdout.split('\n')[0]).toBe(
      'rollout\tversion\tstate\twave\twaiting\tunderWay\tsucceeded\tfailed\tleft',
    );
    expect((await run('status', 'CP1', '--json')).json).toMatchObject([
      { rollout: 1, stationId: 'CP1', state: 'succeeded', status: 'Installed', version: '2.0.0' },
    ]);
    expect((await run('status', '7')).exitCode).toBe(5);
  });

  it('exits 7 when the station is offline, 10 when it refuses, 8 when it says nothing', async () => {
    const { server, run } = await withStation();
    const station = await connected(server, 'CP1');
    station.on('UpdateFirmware', () => ({ error: 'NotSupported' }));
    const refused = await lapse(server, run(...update));
    expect(refused.stderr).toMatch(/^Error: CP1 was not updated: CP1 refused UpdateFirmware/);
    expect(refused.exitCode).toBe(10);
    station.on('UpdateFirmware', () => 'silence');
    expect((await lapse(server, run(...update, '--timeout', '1s'))).exitCode).toBe(8);
    const typo = await run('cancel', 'two');
    expect([typo.stderr, typo.exitCode]).toEqual([
      'Error: The number of a rollout is a whole number from 1, not "two".\n',
      2,
    ]);
    const cancelled = await run('cancel', '2');
    expect(cancelled.stderr).toBe(
      'Rollout 2 is cancelled: nobody was left to be told, 1 under way goes on.\n',
    );
    await station.leave();
    expect((await lapse(server, run(...update, '--force'))).exitCode).toBe(7);
  });

  it('of many exits 9 when some failed, with a line for each', async () => {
    const { server, run } = await withStation();
    await connected(server, 'CP1');
    await server.add('CP2');
    const { stdout, stderr, exitCode } = await lapse(
      server,
      run('update', 'CP1', 'CP2', '--version', '2.0.0', '--yes'),
    );
    expect(exitCode).toBe(9);
    expect(stdout).toContain('CP1\tok\tAccepted\tCP1 was told to install 2.0.0.\n');
    expect(stdout).toMatch(/^CP2\tfailed\t/m);
    expect(stderr).toBe('1 of 2 accepted, 1 failed\n');
  });

  it('needs a server', async () => {
    const run = runner(await temporaryDirectory());
    expect((await run(...update)).exitCode).toBe(7);
  });
});
