import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { durationFlag, timeoutFlag, withEnv } from '../../src/cli/flags/flags.js';
import { renewedWords } from '../../src/views/certificate.js';

export default class CertificateRenew extends FleetCommand<typeof CertificateRenew> {
  static override summary = 'Have stations make new keys and ask for certificates';
  static override description =
    `By ExtendedTriggerMessage of the security extension. Certificates that end within the setting certificates.renew-before
are renewed like this without a command. Stations are signed for that show their key or a certificate, by the authority
of the fleet or by serve --csr-command.`;
  static override examples = [
    '<%= config.bin %> certificate renew CP001 --wait',
    '<%= config.bin %> certificate renew --site Depot --concurrency 20',
  ];
  static override usage = 'certificate renew [STATION...]';
  static override args = { station: Args.string({ description: 'Id of a station; more may follow' }) };
  static override strict = false;
  static override flags = withEnv({
    wait: Flags.boolean({
      default: false,
      allowNo: true,
      summary: 'Wait until the station has taken its new certificate.',
    }),
    'wait-timeout': durationFlag({ default: 300_000, minMs: 1000, summary: 'How long to wait for that.' }),
    ...timeoutFlag,
    ...bulkFlags,
  });

  async run() {
    const { timeout: timeoutMs, wait } = this.flags;
    const waitMs = wait ? this.flags['wait-timeout'] : undefined;
    return runBulk(this, {
      stationIds: this.words,
      run: (fleet, bulk) => fleet.batches('certificate.renew', { ...bulk, timeoutMs, waitMs }),
      ...(wait && { done: 'renewed' }),
      words: (outcome) => renewedWords(outcome, this.terminal),
    });
  }
}
