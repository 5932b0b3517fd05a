import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { readTextFile } from '../../src/cli/files/text-file.js';
import { ignoreNotFoundFlag, timeoutFlag, withEnv, withOwnEnv, yesFlag } from '../../src/cli/flags/flags.js';
import { confirm } from '../../src/cli/prompt.js';
import type { HashData } from '../../src/domain/certificate/certificate-authority.js';
import { FleetError } from '../../src/domain/errors.js';

export default class CertificateDelete extends FleetCommand<typeof CertificateDelete> {
  static override summary = 'Remove a root certificate from a station';
  static override description =
    `The station is asked what it has, and told to remove what matches, in its own words. With --hash it is told exactly that,
whether it says that it has it or not. A station refuses to remove what it needs to connect.`;
  static override examples = [
    '<%= config.bin %> certificate delete CP001 --serial 57f13b65c27962c6cbfbdd0f0dfaf5b5',
    '<%= config.bin %> certificate delete CP001 --file old-root.pem --yes',
    '<%= config.bin %> certificate delete CP001 --hash SHA256:1f3a…:90cc…:4a',
  ];
  static override args = { station: Args.string({ required: true, description: 'Id of the station' }) };
  static override flags = withEnv({
    serial: Flags.string({ summary: 'Its serial number, as in certificate installed.' }),
    ...withOwnEnv('certificate', {
      file: Flags.string({
        char: 'f',
        helpValue: '<file|->',
        summary: 'The certificate (PEM); behind it that of its issuer, unless that is itself.',
      }),
    }),
    hash: Flags.string({
      helpValue: '<algorithm:name:key:serial>',
      summary: 'Algorithm, hashes of name and key of the issuer, and serial number.',
    }),
    ...timeoutFlag,
    ...yesFlag,
    ...ignoreNotFoundFlag,
  });

  async run() {
    const { station: stationId } = this.args;
    const { serial, file, hash, timeout: timeoutMs } = this.flags;
    if ([serial, file, hash].filter((one) => one !== undefined).length !== 1) {
      throw new FleetError('USAGE', 'Which certificate? Say one of --serial, --file and --hash.', {
        suggestions: ['evfleet certificate installed STATION'],
      });
    }
    const options = { flag: '--file', signal: this.signal, maxBytes: 65_536 };
    const certificate = file === undefined ? undefined : await readTextFile(file, options);
    const hashData = hash === undefined ? undefined : parseHash(hash);
    await confirm(this, `Remove this root certificate from ${stationId}?`);
    const fleet = await this.fleet();
    const which = { serial, certificate, hashData };
    const ignoreNotFound = this.flags['ignore-not-found'];
    const removed = await fleet.run('certificate.delete', { stationId, ...which, ignoreNotFound, timeoutMs });
    if (removed.deleted) await this.print(`${stationId} has removed certificate ${removed.serialNumber}.\n`);
    else this.say(`Nothing to do: ${stationId} has no such certificate.`);
    return removed;
  }
}

function parseHash(text: string): HashData {
  const [algorithm = '', issuerNameHash = '', issuerKeyHash = '', serialNumber = '', ...more] =
    text.split(':');
  const hashAlgorithm = (['SHA256', 'SHA384', 'SHA512'] as const).find((name) => name === algorithm);
  const isHex = [issuerNameHash, issuerKeyHash, serialNumber].every((part) => /^[0-9a-f]+$/i.test(part));
  if (hashAlgorithm === undefined || !isHex || more.length > 0) {
    throw new FleetError('USAGE', '--hash takes SHA256, SHA384 or SHA512 and three hexadecimal parts.', {
      suggestions: ['--hash SHA256:<issuer name hash>:<issuer key hash>:<serial number>'],
    });
  }
  return { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber };
}
