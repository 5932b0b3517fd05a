import { Flags } from '@oclif/core';
import { FleetCommand } from '../../../src/cli/base-command.js';
import { writeTextFile } from '../../../src/cli/files/write-text-file.js';
import { withEnv, withOwnEnv } from '../../../src/cli/flags/flags.js';
import { namedFile } from '../../../src/cli/flags/output-flag.js';
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
  static override flags = withEnv({
    output: Flags.string({
      char: 'o',
      helpValue: '<file|->',
      summary: 'File to write; standard output when left out, or -.',
    }),
    ...withOwnEnv('certificate', {
      force: Flags.boolean({ default: false, summary: 'Replace the file when it exists.' }),
    }),
  });

  async run() {
    const { output, force } = this.flags;
    const fleet = await this.fleet();
    const list = await fleet.run('certificate.crl', {});
    const target = namedFile(output);
    if (target === undefined) await this.print(list.pem);
    else {
      const file = await writeTextFile(target, list.pem, { force });
      this.say(`Wrote ${file}: ${plural(list.revoked, 'revoked certificate')}.`);
    }
    return list;
  }
}
