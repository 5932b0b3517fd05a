import { expect, it } from 'vitest';
import CertificateCaCreate from '../../../commands/certificate/ca/create.js';
import CertificateDelete from '../../../commands/certificate/delete.js';
import CertificateInstall from '../../../commands/certificate/install.js';
import CertificateInstalled from '../../../commands/certificate/installed.js';
import CertificateIssueServer from '../../../commands/certificate/issue/server.js';
import CertificateIssueStation from '../../../commands/certificate/issue/station.js';
import { runCommand } from '../../helpers/run-command.js';
import { TestServer } from '../../helpers/test-server.js';
import { presentClock } from '../../pki/fixture.js';

it('where serve listens is not the host of a certificate', async () => {
  const server = await TestServer.start({ clock: presentClock() });
  await server.fleet.run('certificate.ca-create', { name: 'Acme CA' });
  const run = (env: Record<string, string>) =>
    runCommand(CertificateIssueServer, ['--json'], {
      env: { EVFLEET_DATA_DIR: server.dataDir, ...env },
      id: 'certificate:issue:server',
    });
  expect(await run({ EVFLEET_HOST: '0.0.0.0' })).toMatchObject({ exitCode: 2 });
  const made = await run({ EVFLEET_HOST: '0.0.0.0', EVFLEET_CERTIFICATE_HOST: 'csms.example.org' });
  expect(made.json).toMatchObject({ certificates: [{ hosts: ['csms.example.org'] }] });
});

it.each([
  ['ca create', CertificateCaCreate, { name: 'CA_NAME', validity: 'CA_VALIDITY', 'key-type': 'CA_KEY_TYPE' }],
  ['issue server', CertificateIssueServer, { force: 'CERTIFICATE_FORCE' }],
  ['issue station', CertificateIssueStation, { force: 'CERTIFICATE_FORCE' }],
  ['install', CertificateInstall, { file: 'CERTIFICATE_FILE', type: 'CERTIFICATE_TYPE' }],
  ['installed', CertificateInstalled, { type: 'INSTALLED_TYPE' }],
  ['delete', CertificateDelete, { file: 'CERTIFICATE_FILE' }],
])('certificate %s does not heed what is meant for other commands', (_, command, names) => {
  const flags = command.flags as Record<string, { readonly env?: string }>;
  const heeded = Object.fromEntries(Object.keys(names).map((flag) => [flag, flags[flag]?.env]));
  expect(heeded).toEqual(
    Object.fromEntries(Object.entries(names).map(([flag, name]) => [flag, `EVFLEET_${name}`])),
  );
});
