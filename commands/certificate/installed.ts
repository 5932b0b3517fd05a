import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, timeoutFlag, withEnv } from '../../src/cli/flags/flags.js';
import { installedList } from '../../src/views/certificate.js';

export default class CertificateInstalled extends FleetCommand<typeof CertificateInstalled> {
  static override summary = 'Ask a station which root certificates it has';
  static override examples = [
    '<%= config.bin %> certificate installed CP001',
    '<%= config.bin %> certificate installed CP001 --type ManufacturerRootCertificate --json',
  ];
  static override args = { station: Args.string({ required: true, description: 'Id of the station' }) };
  static override flags = withEnv({
    type: Flags.option({
      env: 'EVFLEET_INSTALLED_TYPE',
      options: ['CentralSystemRootCertificate', 'ManufacturerRootCertificate'] as const,
      summary: 'Only of this type.',
    })(),
    ...timeoutFlag,
    ...listFlags,
  });

  async run() {
    const { type, timeout: timeoutMs } = this.flags;
    const fleet = await this.fleet();
    const query = { stationId: this.args.station, type, timeoutMs, ...this.listQuery(this.flags) };
    return this.printList(this.flags, await fleet.run('certificate.installed', query), installedList);
  }
}
