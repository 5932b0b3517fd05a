import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../../src/cli/base-command.js';
import { issueFlags, issueInput } from '../../../src/cli/flags/certificate-flags.js';
import { withEnv } from '../../../src/cli/flags/flags.js';
import { issuedLines } from '../../../src/views/certificate.js';

export default class CertificateIssueStation extends FleetCommand<typeof CertificateIssueStation> {
  static override summary = 'Make a key and a certificate for a station that is provisioned by hand';
  static override description =
    `Better let the station make its own key, which never leaves it: evfleet certificate renew. This is for those that cannot.
Bring both files to the station, then remove the key here.`;
  static override examples = [
    '<%= config.bin %> certificate issue station CP001',
    '<%= config.bin %> certificate issue station CP001 --out-cert cp001.pem --out-key cp001.key --key-type rsa',
  ];
  static override args = { station: Args.string({ required: true, description: 'Id of the station' }) };
  static override flags = withEnv({
    'key-type': Flags.option({
      options: ['ecdsa', 'rsa'] as const,
      default: 'ecdsa' as const,
      summary: 'ECDSA on P-256, or RSA with 2048 bits.',
    })(),
    ...issueFlags,
  });

  async run() {
    const { 'key-type': keyType } = this.flags;
    const fleet = await this.fleet();
    const input = { stationId: this.args.station, keyType, ...issueInput(this.flags) };
    const made = await fleet.run('certificate.issue-station', input);
    for (const line of issuedLines(made, this.terminal)) this.say(line);
    return made;
  }
}
