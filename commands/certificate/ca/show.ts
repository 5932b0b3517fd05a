import { FleetCommand } from '../../../src/cli/base-command.js';
import { withEnv } from '../../../src/cli/flags/flags.js';
import { certificateRecord } from '../../../src/views/certificate.js';

export default class CertificateCaShow extends FleetCommand<typeof CertificateCaShow> {
  static override summary = 'Show the certificate authority of the fleet';
  static override examples = [
    '<%= config.bin %> certificate ca show',
    '<%= config.bin %> certificate ca show --json | jq -r .notAfter',
  ];
  static override flags = withEnv({});

  async run() {
    const fleet = await this.fleet();
    return this.printRecord(await fleet.run('certificate.ca-show', {}), certificateRecord);
  }
}
