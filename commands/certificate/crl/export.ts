import { FleetCommand } from '../../../src/cli/base-command.js';
import { pemFlags, printPem } from '../../../src/cli/files/pem-output.js';
import { withEnv } from '../../../src/cli/flags/flags.js';
import { plural } from '../../../src/domain/plural.js';

export default class CertificateCrlExport extends FleetCommand<typeof CertificateCrlExport> {
  static override summary =
    'Write the list of revoked certificates (PEM), for other servers that trust the authority';
  static override description =
    `It is good for seven days. This server needs no list: it knows what was revoked. In the data directory pki/crl.pem is kept,
made anew whenever a certificate is revoked, and every day while the server runs.`;
  static override examples = [
    '<%= config.bin %> certificate crl export --output crl.pem --force',
    '<%= config.bin %> certificate crl export | openssl crl -noout -text',
  ];
  static override flags = withEnv({ ...pemFlags });

  async run() {
    const fleet = await this.fleet();
    const list = await fleet.run('certificate.crl', {});
    await printPem(this, list.pem, plural(list.revoked, 'revoked certificate'));
    return list;
  }
}
