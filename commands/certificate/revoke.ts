import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv, withOwnEnv, yesFlag } from '../../src/cli/flags/flags.js';
import { confirm } from '../../src/cli/prompt.js';
import { revocationReasons } from '../../src/domain/certificate/certificate.js';

export default class CertificateRevoke extends FleetCommand<typeof CertificateRevoke> {
  static override summary = 'Revoke a certificate: it opens no connection any more';
  static override description =
    `A station that is connected with a certificate is cut off, and comes back only if it has another one. The list of
revoked certificates (pki/crl.pem in the data directory) is written anew. It cannot be taken back.`;
  static override examples = [
    '<%= config.bin %> certificate revoke 57f13b65c27962c6cbfbdd0f0dfaf5b5 --reason key-compromise',
    '<%= config.bin %> certificate revoke 57f13b65c27962c6cbfbdd0f0dfaf5b5 --yes --json',
  ];
  static override args = {
    certificate: Args.string({ required: true, description: 'Serial number or fingerprint (SHA-256)' }),
  };
  static override flags = withEnv({
    ...withOwnEnv('certificate', {
      reason: Flags.option({
        options: revocationReasons,
        default: 'unspecified' as const,
        summary: 'Why it is no longer good.',
      })(),
    }),
    ...yesFlag,
  });

  async run() {
    const { certificate: id } = this.args;
    await confirm(this, `Revoke certificate ${id}? Whoever uses it is not let in any more.`);
    const fleet = await this.fleet();
    const revoked = await fleet.run('certificate.revoke', { id, reason: this.flags.reason });
    this.say(`Revoked certificate ${revoked.serial} of ${revoked.subject}.`);
    return revoked;
  }
}
