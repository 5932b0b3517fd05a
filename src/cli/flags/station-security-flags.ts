import { Flags } from '@oclif/core';
import { FleetError } from '../../domain/errors.js';
import { readSecret } from '../files/stdin.js';
import { integer } from './flags.js';

/** How a station proves who it is; the key is never in argv. */
export const securityFlags = {
  'security-profile': integer({
    helpGroup: 'SECURITY',
    min: 0,
    max: 3,
    summary:
      'Least that it must show: 0 nothing, 1 its key, 2 TLS and its key, 3 TLS and a client certificate.',
  }),
  'auth-key-stdin': Flags.boolean({
    helpGroup: 'SECURITY',
    default: false,
    exclusive: ['generate-auth-key'],
    // A variable must not change a key.
    env: '',
    summary:
      'Its AuthorizationKey is the line on standard input: 40 hexadecimal digits, or 16 to 40 characters.',
  }),
  'generate-auth-key': Flags.boolean({
    helpGroup: 'SECURITY',
    default: false,
    env: '',
    summary: 'Make it a key, print it once, keep only its hash.',
  }),
};

export const removeKeyFlag = {
  'remove-auth-key': Flags.boolean({
    helpGroup: 'SECURITY',
    default: false,
    exclusive: ['auth-key-stdin', 'generate-auth-key'],
    env: '',
    summary: 'It has no key any more; needs --security-profile 0 or 3.',
  }),
};

interface SecurityFlagValues {
  readonly 'security-profile'?: number | undefined;
  readonly 'auth-key-stdin': boolean;
  readonly 'generate-auth-key': boolean;
  readonly 'remove-auth-key'?: boolean;
}

/** As the operations take them. @throws FleetError USAGE when the key is no key */
export async function securityInput(flags: SecurityFlagValues, signal: AbortSignal) {
  const reader = '--auth-key-stdin';
  const typed = flags['auth-key-stdin'] ? await readSecret({ reader, signal }) : undefined;
  if (typed !== undefined) {
    const { readAuthorizationKey } = await import('../../domain/station/authorization-key.js');
    readAuthorizationKey(typed);
  }
  if (flags['remove-auth-key'] && (flags['security-profile'] === 1 || flags['security-profile'] === 2)) {
    throw new FleetError('USAGE', `--security-profile ${flags['security-profile']} needs a key.`);
  }
  return {
    securityProfile: flags['security-profile'],
    authKey: flags['remove-auth-key'] ? null : typed,
    generateAuthKey: flags['generate-auth-key'] || undefined,
  };
}

interface Printer {
  print(text: string): Promise<void>;
  say(line: string): void;
}

interface Secured {
  readonly id: string;
  readonly securityProfile: number;
  readonly hasAuthKey: boolean;
  readonly authKey?: string | undefined;
}

/** The key that was made, alone on stdout, so that it can go into a file. */
export async function printKey(printer: Printer, { id, authKey, securityProfile }: Secured): Promise<void> {
  if (authKey === undefined) return;
  // Before the key: it may go into a file, and then nothing must seem to be missing.
  printer.say(`Its security profile is ${securityProfile}.`);
  printer.say(`Its key is shown only now; type it into ${id}, as its AuthorizationKey or password.`);
  await printer.print(`${authKey}\n`);
}
