import fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import CertificateCaCreate from '../../../commands/certificate/ca/create.js';
import CertificateCaExport from '../../../commands/certificate/ca/export.js';
import CertificateCaShow from '../../../commands/certificate/ca/show.js';
import CertificateCrlExport from '../../../commands/certificate/crl/export.js';
import CertificateIssueServer from '../../../commands/certificate/issue/server.js';
import CertificateIssueStation from '../../../commands/certificate/issue/station.js';
import CertificateList from '../../../commands/certificate/list.js';
import CertificateRevoke from '../../../commands/certificate/revoke.js';
import CertificateShow from '../../../commands/certificate/show.js';
import { runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { TestServer } from '../../helpers/test-server.js';
import { dayMs, presentClock } from '../../pki/fixture.js';

const commands = {
  'ca create': CertificateCaCreate,
  'ca export': CertificateCaExport,
  'ca show': CertificateCaShow,
  'crl export': CertificateCrlExport,
  'issue server': CertificateIssueServer,
  'issue station': CertificateIssueStation,
  list: CertificateList,
  revoke: CertificateRevoke,
  show: CertificateShow,
};

type Verb = keyof typeof commands;

/** Commands against a running server, as in another terminal. */
async function withServer({ hasAuthority = true } = {}) {
  const server = await TestServer.start({ clock: presentClock(), pingIntervalMs: 400 * dayMs });
  const directory = await temporaryDirectory();
  const env = { EVFLEET_DATA_DIR: server.dataDir, NO_COLOR: '1' };
  const told: string[] = [];
  const runWith = async (columns: number | undefined, verb: Verb, ...argv: string[]) => {
    const id = `certificate:${verb.replace(' ', ':')}`;
    const result = await runCommand(commands[verb], argv, { env, id, ...(columns && { columns }) });
    told.push(result.stdout, result.stderr);
    return result;
  };
  const run = (verb: Verb, ...argv: string[]) => runWith(undefined, verb, ...argv);
  if (hasAuthority) await run('ca create', '--organization', 'Acme');
  const pki = path.join(server.dataDir, 'pki');
  const file = (name: string) => path.join(directory, name);
  return { server, run, runWith, told, pki, file };
}

async function modeOf(file: string): Promise<string> {
  return ((await fs.stat(file)).mode & 0o777).toString(8);
}

/** Of a station CP1, as its serial number. */
async function issued({ server, run }: Awaited<ReturnType<typeof withServer>>): Promise<string> {
  await server.fleet.run('station.create', { id: 'CP1' });
  return String(((await run('issue station', 'CP1', '--json')).json as { serial: string }).serial);
}

const pem = expect.stringMatching(/^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n$/);

describe('certificate ca', () => {
  it('is made once, shown and exported', async () => {
    const { run, pki, file } = await withServer({ hasAuthority: false });
    const made = await run('ca create', '--name', 'Acme CA', '--organization', 'Acme', '--json');
    expect(made.exitCode).toBe(0);
    const authority = { kind: 'ca', subject: 'O=Acme, CN=Acme CA', state: 'valid', pem };
    expect(made.json).toMatchObject(authority);
    expect([await modeOf(pki), await modeOf(path.join(pki, 'ca.key'))]).toEqual(['700', '600']);
    expect((await run('ca show', '--json')).json).toEqual(made.json);
    const exported = await run('ca export');
    expect(exported.stdout).toEqual(pem);
    expect((await run('ca export', '--output', file('root.pem'))).stderr).toBe(
      `Wrote ${file('root.pem')}.\n`,
    );
    expect(await fs.readFile(file('root.pem'), 'utf8')).toBe(exported.stdout);
    const again = await run('ca create');
    expect([again.exitCode, again.stderr]).toEqual([6, expect.stringContaining('already')]);
  });

  it.each([['ca show'], ['ca export'], ['crl export'], ['issue server', '--host', 'localhost']] as [
    Verb,
    ...string[],
  ][])('%s without one says how to make it', async (verb, ...argv) => {
    const { run } = await withServer({ hasAuthority: false });
    const { exitCode, stderr } = await run(verb, ...argv);
    expect(exitCode).toBe(5);
    expect(stderr).toContain('evfleet certificate ca create --organization "Name of the operator"');
  });
});

describe('certificate issue', () => {
  it('server makes an ECDSA and an RSA certificate, and says how to use them', async () => {
    const { run, file } = await withServer();
    const names = ['--out-cert', file('cert.pem'), '--out-key', file('key.pem')];
    const argv = ['--host', 'localhost', '--host', '192.0.2.7', '--key-type', 'both', ...names];
    const made = await run('issue server', ...argv);
    expect(made.exitCode).toBe(0);
    expect(made.stderr).toContain(`--tls-cert ${file('cert-ecdsa.pem')} --tls-key ${file('key-ecdsa.pem')}`);
    expect(made.stderr).toContain(`--tls-cert ${file('cert-rsa.pem')} --tls-key ${file('key-rsa.pem')}`);
    expect(await modeOf(file('key-rsa.pem'))).toBe('600');
    expect((await run('issue server', ...argv)).exitCode, 'files are there').toBe(6);
    const { json } = await run('issue server', ...argv, '--force', '--json');
    expect(json).toMatchObject({
      certificates: [
        { kind: 'server', hosts: ['localhost', '192.0.2.7'], keyFile: file('key-ecdsa.pem'), pem },
        { kind: 'server', hosts: ['localhost', '192.0.2.7'], keyFile: file('key-rsa.pem'), pem },
      ],
    });
  });

  it('server has one shape of JSON, however many it makes', async () => {
    const { run } = await withServer();
    const { json } = await run('issue server', '--host', 'localhost', '--json');
    expect(json).toMatchObject({ certificates: [{ subject: 'O=Acme, CN=localhost' }] });
  });

  it.each([
    [['--host', 'no host'], '"no host" is neither the name of a host nor an address.'],
    [['--host', 'localhost', '--out-cert', 'x.pem'], 'Name the files of both or of none'],
    [[], '--host'],
  ])('server %j is a mistake', async (argv, complaint) => {
    const { run } = await withServer();
    const { exitCode, stderr } = await run('issue server', ...argv);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(complaint)]);
  });

  it('station is for one that is known', async () => {
    const { run, server, pki } = await withServer();
    expect((await run('issue station', 'CP1')).exitCode).toBe(5);
    await server.fleet.run('station.create', { id: 'CP1' });
    const { stdout, stderr } = await run('issue station', 'CP1');
    expect([stdout, stderr]).toEqual(['', expect.stringMatching(/^Certificate .+, good until .+\nIts key /)]);
    const keys = (await fs.readdir(pki)).filter((name) => name.includes('CP1') && name.endsWith('.key'));
    expect(await Promise.all(keys.map((name) => modeOf(path.join(pki, name))))).toEqual(['600']);
  });
});

it('certificate list and show tell of what was made; the list fits into 80 columns', async () => {
  const fleet = await withServer();
  const serial = await issued(fleet);
  const { run, runWith } = fleet;
  const { stdout } = await runWith(80, 'list');
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^SERIAL +KIND +STATION +STATE +UNTIL *$/);
  expect(lines).toHaveLength(3);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  expect(stdout).toContain(serial);
  const list = (await run('list', 'CP1', '--json')).json;
  expect(list).toMatchObject([{ serial, kind: 'station', stationId: 'CP1', state: 'valid', reason: null }]);
  expect((await run('list', '--state', 'revoked', '--json')).json).toEqual([]);
  expect((await run('list', 'NOBODY')).exitCode).toBe(5);
  expect((await run('show', serial, '--json')).json).toMatchObject({ serial, pem });
  expect((await run('show', serial)).stdout).not.toContain('BEGIN');
  const nobody = await run('show', 'abc');
  expect([nobody.exitCode, nobody.stderr]).toEqual([5, expect.stringContaining('evfleet certificate list')]);
});

describe('certificate revoke', () => {
  it('asks, unless --yes; it cannot be taken back', async () => {
    const fleet = await withServer();
    const serial = await issued(fleet);
    const { run, file } = fleet;
    const asked = await run('revoke', serial);
    expect([asked.exitCode, asked.stderr]).toEqual([2, expect.stringContaining('--yes')]);
    const revoked = await run('revoke', serial, '--reason', 'key-compromise', '--yes');
    expect(revoked.stderr).toBe(`Revoked certificate ${serial} of O=Acme, CN=CP1.\n`);
    expect((await run('show', serial, '--json')).json).toMatchObject({
      state: 'revoked',
      reason: 'key-compromise',
    });
    expect((await run('revoke', serial, '--yes')).exitCode).toBe(6);
    const list = await run('crl export', '--output', file('crl.pem'));
    expect(list.stderr).toBe(`Wrote ${file('crl.pem')}: 1 revoked certificate.\n`);
    expect((await run('crl export', '--output', file('crl.pem'))).exitCode).toBe(6);
    expect((await run('crl export', '--json')).json).toEqual({
      revoked: 1,
      pem: expect.stringMatching(/^-----BEGIN X509 CRL-----/),
    });
  });

  it('does not take the authority, nor what is not there', async () => {
    const { run } = await withServer();
    const { serial } = (await run('ca show', '--json')).json as { serial: string };
    expect((await run('revoke', serial, '--yes')).exitCode).toBe(6);
    expect((await run('revoke', 'abc', '--yes')).exitCode).toBe(5);
    expect((await run('revoke', serial, '--reason', 'boredom', '--yes')).exitCode).toBe(2);
  });
});

it('no key is ever told, only where it lies', async () => {
  const fleet = await withServer();
  const serial = await issued(fleet);
  const { run, told, pki } = fleet;
  for (const form of [['--json'], []]) {
    await run('issue server', '--host', 'localhost', '--force', ...form);
    await run('ca show', ...form);
    await run('ca export', ...form);
    await run('list', ...form);
    await run('show', serial, ...form);
    await run('crl export', ...form);
  }
  const keys = (await fs.readdir(pki)).filter((name) => name.endsWith('.key'));
  expect(keys).toHaveLength(3);
  for (const name of keys) {
    const text = await fs.readFile(path.join(pki, name), 'utf8');
    expect(text).toContain('PRIVATE KEY');
    for (const said of told) expect(said).not.toContain(text.split('\n')[1]);
  }
  for (const said of told) expect(said).not.toContain('PRIVATE KEY');
});

it('every command has two examples', () => {
  for (const [verb, { examples }] of Object.entries(commands)) {
    expect(examples.length, verb).toBeGreaterThanOrEqual(2);
  }
});
