import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { readTextFile } from '../../src/cli/files/text-file.js';
import { timeoutFlag, withEnv, withOwnEnv, yesFlag } from '../../src/cli/flags/flags.js';

export default class CertificateInstall extends FleetCommand<typeof CertificateInstall> {
  static override summary = 'Install a root certificate on stations';
  static override description =
    `Stations trust servers by a CentralSystemRootCertificate, and firmware by a ManufacturerRootCertificate. Without --file
it is the certificate of the fleet's own authority. Install it before the server shows a certificate of that authority.`;
  static override examples = [
    '<%= config.bin %> certificate install CP001',
    '<%= config.bin %> certificate install --site Depot --yes',
    '<%= config.bin %> certificate install CP001 --type ManufacturerRootCertificate --file acme-root.pem',
  ];
  static override usage = 'certificate install [STATION...]';
  static override args = { station: Args.string({ description: 'Id of a station; more may follow' }) };
  static override strict = false;
  static override flags = withEnv({
    ...withOwnEnv('certificate', {
      type: Flags.option({
        options: ['CentralSystemRootCertificate', 'ManufacturerRootCertificate'] as const,
        default: 'CentralSystemRootCertificate' as const,
        summary: 'What it is for.',
      })(),
      file: Flags.string({
        char: 'f',
        helpValue: '<file|->',
        summary: "Certificate (PEM); the fleet's own when left out.",
      }),
    }),
    ...timeoutFlag,
    ...bulkFlags,
    ...yesFlag,
  });

  async run() {
    const { timeout: timeoutMs, type, file } = this.flags;
    const options = { flag: '--file', signal: this.signal, maxBytes: 65_536 };
    const certificate = file === undefined ? undefined : await readTextFile(file, options);
    return runBulk(this, {
      stationIds: this.words,
      run: (fleet, bulk) => fleet.batches('certificate.install', { ...bulk, type, certificate, timeoutMs }),
      question: (stations) => `Install a root certificate on ${stations}?`,
      done: 'installed',
    });
  }
}
