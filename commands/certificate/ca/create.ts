import { Flags } from '@oclif/core';
import { FleetCommand } from '../../../src/cli/base-command.js';
import { durationFlag, withEnv, withOwnEnv } from '../../../src/cli/flags/flags.js';
import { quoteForShell } from '../../../src/domain/shell.js';
import { certificateRecord } from '../../../src/views/certificate.js';

const dayMs = 86_400_000;

export default class CertificateCaCreate extends FleetCommand<typeof CertificateCaCreate> {
  static override summary = 'Make a certificate authority of the fleet';
  static override description =
    `For fleets without one. Its key lies in the directory pki of the data directory, readable by nobody else, and is in no
backup of the store: keep a copy of that directory in a safe place. Stations old enough to know RSA only need --key-type rsa.`;
  static override examples = [
    '<%= config.bin %> certificate ca create --organization "Acme Charging"',
    '<%= config.bin %> certificate ca create --name "Acme CA" --key-type rsa --validity 7300d',
  ];
  static override flags = withEnv({
    // Stations have names too, and what is issued is good for less long than what signs it.
    ...withOwnEnv('ca', {
      name: Flags.string({ default: 'evfleet CA', summary: 'Its name (CN).' }),
      validity: durationFlag({
        default: 3650 * dayMs,
        minMs: dayMs,
        maxMs: 36_500 * dayMs,
        summary: 'How long it is good.',
      }),
      'key-type': Flags.option({
        options: ['ecdsa', 'rsa'] as const,
        default: 'ecdsa' as const,
        summary: 'ECDSA on P-256, or RSA with 3072 bits.',
      })(),
    }),
    organization: Flags.string({
      summary: 'The operator (O); the setting security.organization unless given.',
    }),
  });

  async run() {
    const { name, organization, validity: validityMs, 'key-type': keyType } = this.flags;
    const fleet = await this.fleet();
    const authority = await fleet.run('certificate.ca-create', { name, organization, validityMs, keyType });
    this.say(
      'The authority is made. Keep a copy of the directory pki of the data directory in a safe place.',
    );
    this.say('Next: evfleet certificate issue server --host csms.example.org');
    if (organization !== undefined) {
      const setting = quoteForShell(`security.organization=${organization}`);
      this.say(
        `To take certificates of stations that name this operator only: evfleet settings set ${setting}`,
      );
    }
    return this.printRecord(authority, certificateRecord);
  }
}
