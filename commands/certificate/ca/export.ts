import { Flags } from '@oclif/core';
import { FleetCommand } from '../../../src/cli/base-command.js';
import { writeTextFile } from '../../../src/cli/files/write-text-file.js';
import { withEnv, withOwnEnv } from '../../../src/cli/flags/flags.js';
import { namedFile } from '../../../src/cli/flags/output-flag.js';

export default class CertificateCaExport extends FleetCommand<typeof CertificateCaExport> {
  static override summary =
    "Write the certificate of the fleet's authority (PEM), for stations that are provisioned by hand";
  static override examples = [
    '<%= config.bin %> certificate ca export --output root.pem',
    '<%= config.bin %> certificate ca export | openssl x509 -noout -text',
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
    const { pem, serial, notAfter } = await fleet.run('certificate.ca-show', {});
    const file = namedFile(output);
    if (file === undefined) await this.print(pem);
    else this.say(`Wrote ${await writeTextFile(file, pem, { force })}.`);
    return { serial, notAfter, pem };
  }
}
