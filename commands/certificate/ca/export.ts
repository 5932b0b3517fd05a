import { FleetCommand } from '../../../src/cli/base-command.js';
import { pemFlags, printPem } from '../../../src/cli/files/pem-output.js';
import { withEnv } from '../../../src/cli/flags/flags.js';

export default class CertificateCaExport extends FleetCommand<typeof CertificateCaExport> {
  static override summary =
    "Write the certificate of the fleet's authority (PEM), for stations that are provisioned by hand";
  static override examples = [
    '<%= config.bin %> certificate ca export --output root.pem',
    '<%= config.bin %> certificate ca export | openssl x509 -noout -text',
  ];
  static override flags = withEnv({ ...pemFlags });

  async run() {
    const fleet = await this.fleet();
    const { pem, serial, notAfter } = await fleet.run('certificate.ca-show', {});
    await printPem(this, pem);
    return { serial, notAfter, pem };
  }
}
