import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { readSecret } from '../../src/cli/files/stdin.js';
import { timeoutFlag, withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { FleetError } from '../../src/domain/errors.js';
import { isSecretName } from '../../src/domain/secret-names.js';
import {
  authorizationKeyNotSet,
  isAuthorizationKey,
  standardKey,
} from '../../src/domain/station/configuration-keys.js';

interface Assignment {
  readonly key: string;
  readonly value: string;
  readonly secret?: boolean;
}

export default class ConfigSet extends FleetCommand<typeof ConfigSet> {
  static override summary = 'Give configuration keys of stations a value';
  static override description =
    `The values of standard keys are checked before anything is sent. Each key is told apart: in force
now, after the next reboot, refused, or not there; when one was refused, the exit code is 10. What the station accepted
is read back. Passwords and keys come from standard input, never from the command line.`;
  static override examples = [
    '<%= config.bin %> config set CP001 HeartbeatInterval=300 MeterValueSampleInterval=60',
    '<%= config.bin %> config set CP001 StopTxnSampledData=',
    '<%= config.bin %> config set CP001 --secret-stdin AcmeWifiPassword < password.txt',
    '<%= config.bin %> config set -l vendor=Acme,status=online WebSocketPingInterval=60',
  ];
  static override args = {
    station: Args.string({ description: 'Id of the station; more may follow' }),
    setting: Args.string({ description: 'KEY=VALUE; more may follow' }),
  };
  static override strict = false;
  static override flags = withEnv({
    ...withOwnEnv('config', {
      force: Flags.boolean({ default: false, summary: 'Also send what a standard key does not take.' }),
      'secret-stdin': Flags.string({
        helpValue: '<key>',
        summary: 'Give this key the line on standard input; no output shows it.',
      }),
    }),
    ...timeoutFlag,
    ...bulkFlags,
  });

  async run() {
    const { force, timeout: timeoutMs, 'secret-stdin': secretKey, 'from-file': file } = this.flags;
    const stationIds = this.words.filter((word) => !word.includes('='));
    const values = this.words.filter((word) => word.includes('=')).map((word) => toAssignment(word, force));
    if (secretKey !== undefined) {
      if (file === '-') {
        throw new FleetError('USAGE', '--secret-stdin and --from-file - both read standard input.');
      }
      if (isAuthorizationKey(secretKey)) throw authorizationKeyNotSet();
      if (standardKey(secretKey) !== undefined && !isSecretName(secretKey)) {
        throw new FleetError('USAGE', `--secret-stdin: ${secretKey} is no secret.`, {
          suggestions: [`${secretKey}=VALUE, as an argument`],
        });
      }
      const value = await readSecret({ reader: '--secret-stdin', signal: this.signal });
      values.push({ key: secretKey, value, secret: true });
    }
    if (values.length === 0) {
      throw new FleetError('USAGE', 'Nothing to set was given.', {
        suggestions: [
          'evfleet config set CP001 HeartbeatInterval=300',
          ...(stationIds.length > 1 ? ['What has no = is taken for the id of a station.'] : []),
        ],
      });
    }
    return runBulk(this, {
      stationIds,
      run: (fleet, input) => fleet.batches('config.set', { ...input, values, timeoutMs, force }),
      done: 'set',
    });
  }
}

function toAssignment(word: string, force: boolean): Assignment {
  const at = word.indexOf('=');
  const key = word.slice(0, at);
  if (key === '') throw new FleetError('USAGE', 'A value without a key: give KEY=VALUE.');
  // Names of vendors' keys may only sound like a secret.
  if (isSecretName(key) && !(force && standardKey(key) === undefined)) {
    throw new FleetError('USAGE', `${key} is a secret: on the command line others can see it.`, {
      suggestions: [
        isAuthorizationKey(key)
          ? 'evfleet station rotate-key STATION, which gives it a new key that the server knows'
          : `--secret-stdin ${key}, with the value on standard input`,
        ...(standardKey(key) === undefined ? ['--force, when it only sounds like a secret'] : []),
      ],
    });
  }
  return { key, value: word.slice(at + 1) };
}
