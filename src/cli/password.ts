import { Flags } from '@oclif/core';
import { FleetError } from '../domain/errors.js';
import { checkPassword } from '../domain/people/password.js';
import { warnIfOpenToOthers } from './files/secret-file.js';
import { readSecret } from './files/stdin.js';
import { readTextFile } from './files/text-file.js';
import { type Asker, askSecret } from './prompt.js';

const fileMaxBytes = 4096;

/** The ways to give somebody a password, none of them in argv. */
export const passwordFlags = {
  'password-stdin': Flags.boolean({
    default: false,
    exclusive: ['password-file', 'ask-password'],
    summary: 'The password is the line on standard input.',
  }),
  'password-file': Flags.string({
    exclusive: ['ask-password'],
    helpValue: '<file>',
    summary: 'The password is the line in this file.',
  }),
  'ask-password': Flags.boolean({ default: false, summary: 'Ask for the password, hidden, twice.' }),
};

export interface PasswordFlagValues {
  readonly 'password-stdin': boolean;
  readonly 'password-file'?: string | undefined;
  readonly 'ask-password': boolean;
}

/**
 * The password that was given; undefined when none was.
 * @throws FleetError USAGE when it cannot be read or is none that anybody may have; INTERRUPTED when the two asked for
 *   differ
 */
export async function givenPassword(
  asker: Asker & { readonly flags: PasswordFlagValues },
  email: string,
): Promise<string | undefined> {
  const { signal, flags } = asker;
  const file = flags['password-file'];
  if (flags['password-stdin']) return readSecret({ reader: '--password-stdin', signal });
  if (file !== undefined) return lineOfFile(file, '--password-file', signal);
  if (!flags['ask-password']) return undefined;
  const password = await askSecret(asker, `New password of ${email}`, '--password-stdin');
  checkPassword(password);
  if ((await askSecret(asker, 'The same again', '--password-stdin')) === password) return password;
  throw new FleetError('USAGE', 'The two passwords differ, nothing was changed.');
}

/** @throws FleetError USAGE when the file that `flag` names cannot be read, or has not exactly one line */
export async function lineOfFile(file: string, flag: string, signal: AbortSignal): Promise<string> {
  const text = await readTextFile(file, { flag, signal, maxBytes: fileMaxBytes });
  if (file !== '-') await warnIfOpenToOthers(file);
  const password = text.replace(/\r?\n$/, '');
  if (password === '' || /[\r\n]/.test(password)) {
    throw new FleetError('USAGE', `${flag} takes a file with one line.`);
  }
  return password;
}
