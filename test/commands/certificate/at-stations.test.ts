import { expect, it } from 'vitest';
import CertificateDelete from '../../../commands/certificate/delete.js';
import CertificateInstall from '../../../commands/certificate/install.js';
import CertificateInstalled from '../../../commands/certificate/installed.js';
import CertificateRenew from '../../../commands/certificate/renew.js';
import { runCommand } from '../../helpers/run-command.js';
import { accepted, secureFleet } from '../../security/secure-fleet.js';

const commands = {
  delete: CertificateDelete,
  install: CertificateInstall,
  installed: CertificateInstalled,
  renew: CertificateRenew,
};

/** A station that is connected with its key. */
async function withStation({ columns }: { readonly columns?: number } = {}) {
  const { server, url, ca } = await secureFleet();
  const input = { id: 'CP1', generateAuthKey: true, securityProfile: 1 };
  const { item } = await server.fleet.run('station.create', input);
  await accepted({ url, ca, password: item.authKey ?? '', configuration: { CpoName: 'Acme' } });
  const env = { EVFLEET_DATA_DIR: server.dataDir, NO_COLOR: '1' };
  return (verb: keyof typeof commands, ...argv: string[]) =>
    runCommand(commands[verb], argv, { env, id: `certificate:${verb}`, ...(columns && { columns }) });
}

it('a root is installed, listed and deleted', async () => {
  const run = await withStation();
  const installed = await run('install', 'CP1', '--json');
  expect(installed.exitCode).toBe(0);
  expect(installed.json).toMatchObject({ stationId: 'CP1', ok: true, status: 'Accepted' });
  const { json } = await run('installed', 'CP1', '--json');
  const own = { type: 'CentralSystemRootCertificate', isOwn: true, hashAlgorithm: 'SHA256' };
  expect(json).toEqual([expect.objectContaining(own)]);
  const [{ serialNumber }] = json as [{ serialNumber: string }];
  const sheet = await run('installed', 'CP1');
  expect(sheet.stdout).toContain(serialNumber);

  const asked = await run('delete', 'CP1', '--serial', serialNumber);
  expect([asked.exitCode, asked.stderr]).toEqual([2, expect.stringContaining('--yes')]);
  const deleted = await run('delete', 'CP1', '--serial', serialNumber, '--yes', '--json');
  expect(deleted.json).toMatchObject({ stationId: 'CP1', status: 'Accepted', serialNumber });
  expect((await run('installed', 'CP1', '--json')).json).toEqual([]);
  expect((await run('delete', 'CP1', '--serial', serialNumber, '--yes')).exitCode).toBe(5);
});

it('a station makes a new key and has its certificate before the command ends', async () => {
  const run = await withStation();
  const { exitCode, json } = await run('renew', 'CP1', '--wait', '--wait-timeout', '20s', '--json');
  expect(exitCode).toBe(0);
  expect(json).toMatchObject({ stationId: 'CP1', ok: true });
  expect(JSON.stringify(json)).not.toContain('PRIVATE');
});

it.each([
  ['a station', []],
  ['a fleet', ['-l', 'id=CP1']],
])('a person who renews %s reads when the certificate ends as in lists', async (_, selection) => {
  const run = await withStation({ columns: 200 });
  const stations = selection.length === 0 ? ['CP1'] : selection;
  const { stdout } = await run('renew', ...stations, '--wait', '--wait-timeout', '20s', '--utc');
  expect(stdout).toMatch(/has taken certificate [0-9a-f]+, good until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
  expect(stdout).not.toMatch(/\dT\d/);
});

it.each([
  ['delete', ['CP1', '--yes'], 2, 'Which certificate? Say one of --serial, --file and --hash.'],
  ['delete', ['CP1', '--serial', 'a', '--hash', 'b', '--yes'], 2, 'Which certificate?'],
  ['delete', ['CP1', '--hash', 'MD5:a:b:c', '--yes'], 2, '--hash takes SHA256, SHA384 or SHA512'],
  ['install', ['CP1', '--type', 'Other'], 2, '--type'],
  ['install', ['CP1', '--file', '/nowhere.pem'], 2, '/nowhere.pem'],
  ['installed', ['NOBODY'], 5, 'NOBODY'],
  ['renew', [], 2, ''],
] as const)('%s %j is a mistake', async (verb, argv, exitCode, complaint) => {
  const run = await withStation();
  const result = await run(verb, ...argv);
  expect(result.exitCode).toBe(exitCode);
  expect(result.stderr).toContain(complaint);
});

it('every command has two examples', () => {
  for (const [verb, { examples }] of Object.entries(commands)) {
    expect(examples.length, verb).toBeGreaterThanOrEqual(2);
  }
});
