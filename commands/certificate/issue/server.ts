import { Flags } from '@oclif/core';
import { FleetCommand } from '../../../src/cli/base-command.js';
import { issueFlags, issueInput } from '../../../src/cli/flags/certificate-flags.js';
import { withEnv, withOwnEnv } from '../../../src/cli/flags/flags.js';
import { FleetError } from '../../../src/domain/errors.js';
import { quoteForShell } from '../../../src/domain/shell.js';
import { issuedLines } from '../../../src/views/certificate.js';

export default class CertificateIssueServer extends FleetCommand<typeof CertificateIssueServer> {
  static override summary = "Make a key and a certificate for a server, signed by the fleet's authority";
  static override description =
    `The first host is its name (CN), all of them are alternative names. OCPP asks a server for two certificates, ECDSA and RSA:
--key-type both makes them, with -ecdsa and -rsa in the names of the files. While serve runs they are renewed in their
files before they end (setting certificates.renew-before).`;
  static override examples = [
    '<%= config.bin %> certificate issue server --host csms.example.org --host 192.0.2.7 --key-type both',
    '<%= config.bin %> certificate issue server --host localhost --out-cert cert.pem --out-key key.pem',
  ];
  static override flags = withEnv({
    // serve has a flag of this name too, for the address on which it listens.
    ...withOwnEnv('certificate', {
      host: Flags.string({
        required: true,
        multiple: true,
        helpValue: '<name|address>',
        summary: 'Name or address that stations connect to; may be repeated.',
      }),
    }),
    'key-type': Flags.option({
      env: 'EVFLEET_SERVER_KEY_TYPE',
      options: ['ecdsa', 'rsa', 'both'] as const,
      default: 'ecdsa' as const,
      summary: 'ECDSA on P-256, RSA with 2048 bits, or one of each.',
    })(),
    ...issueFlags,
  });

  async run() {
    const { host: hosts, 'key-type': type } = this.flags;
    checkPair(this.flags['out-cert'], this.flags['out-key']);
    const fleet = await this.fleet();
    const made = [];
    for (const keyType of type === 'both' ? (['ecdsa', 'rsa'] as const) : [type]) {
      const input = issueInput(this.flags, type === 'both' ? keyType : '');
      made.push(await fleet.run('certificate.issue-server', { hosts, keyType, ...input }));
    }
    for (const certificate of made) {
      for (const line of issuedLines(certificate, this.terminal)) this.say(line);
    }
    const flags = made.map(({ certFile, keyFile }) =>
      ['--tls-cert', certFile ?? '', '--tls-key', keyFile ?? ''].map((word) => quoteForShell(word)).join(' '),
    );
    this.say(`Use them: evfleet serve --tls-port 9443 ${flags.join(' ')}`);
    return { certificates: made };
  }
}

function checkPair(cert: string | undefined, key: string | undefined): void {
  if ((cert === undefined) === (key === undefined)) return;
  throw new FleetError('USAGE', 'Name the files of both or of none: --out-cert and --out-key.');
}
