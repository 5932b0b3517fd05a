import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv } from '../../src/cli/flags/flags.js';
import { certificateRecord } from '../../src/views/certificate.js';

export default class CertificateShow extends FleetCommand<typeof CertificateShow> {
  static override summary = 'Show a certificate';
  static override description =
    'With --json there is also the certificate itself, as pem. No key is ever shown.';
  static override examples = [
    '<%= config.bin %> certificate show 57f13b65c27962c6cbfbdd0f0dfaf5b5',
    '<%= config.bin %> certificate show 57f13b65c27962c6cbfbdd0f0dfaf5b5 --json | jq -r .pem | openssl x509 -text',
  ];
  static override args = {
    certificate: Args.string({ required: true, description: 'Serial number or fingerprint (SHA-256)' }),
  };
  static override flags = withEnv({});

  async run() {
    const fleet = await this.fleet();
    const certificate = await fleet.run('certificate.show', { id: this.args.certificate });
    return this.printRecord(certificate, certificateRecord);
  }
}
