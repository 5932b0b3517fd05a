import { Flags } from '@oclif/core';
import { withOwnEnv } from '../flags/flags.js';
import { namedFile } from '../flags/output-flag.js';
import { writeTextFile } from './write-text-file.js';

/** Where a certificate, or a list of revoked ones, goes. */
export const pemFlags = {
  output: Flags.string({
    char: 'o',
    helpValue: '<file|->',
    summary: 'File to write; standard output when left out, or -.',
  }),
  ...withOwnEnv('certificate', {
    force: Flags.boolean({ default: false, summary: 'Replace the file when it exists.' }),
  }),
};

/** What of a command is needed here. */
interface Command {
  readonly flags: { readonly output?: string | undefined; readonly force: boolean };
  print(text: string): Promise<void>;
  say(line: string): void;
}

/**
 * Prints it, or writes the file that the flags name and says so.
 * @param what is in the file, for people: `3 revoked certificates`
 * @throws FleetError as writeTextFile
 */
export async function printPem(command: Command, pem: string, what?: string): Promise<void> {
  const { output, force } = command.flags;
  const target = namedFile(output);
  if (target === undefined) return command.print(pem);
  const file = await writeTextFile(target, pem, { force });
  command.say(what === undefined ? `Wrote ${file}.` : `Wrote ${file}: ${what}.`);
}
