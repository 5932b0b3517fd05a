import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { certificateList } from '../../src/views/certificate.js';

export default class CertificateList extends FleetCommand<typeof CertificateList> {
  static override summary = 'List certificates that were made here or for stations, newest first';
  static override description =
    'A certificate is expiring when it ends within the setting certificates.renew-before; it is renewed by itself then.';
  static override examples = [
    '<%= config.bin %> certificate list',
    '<%= config.bin %> certificate list CP001 --columns serial,notAfter,installedAt',
    '<%= config.bin %> certificate list --kind station --state expiring --json',
  ];
  static override args = { station: Args.string({ description: 'Only of this station' }) };
  static override flags = withEnv({
    kind: Flags.option({
      env: 'EVFLEET_CERTIFICATE_KIND',
      options: ['ca', 'server', 'station'] as const,
      summary: 'Only of this kind.',
    })(),
    state: Flags.option({
      env: 'EVFLEET_CERTIFICATE_STATE',
      options: ['valid', 'expiring', 'expired', 'revoked'] as const,
      summary: 'Only in this state.',
    })(),
    ...listFlags,
  });

  async run() {
    const { kind, state } = this.flags;
    const fleet = await this.fleet();
    const query = { stationId: this.args.station, kind, state, ...this.listQuery(this.flags) };
    return this.printList(this.flags, await fleet.run('certificate.list', query), certificateList);
  }
}
