import { Flags } from '@oclif/core';

/** Where an export goes. */
export const outputFlag = Flags.string({
  char: 'o',
  helpValue: '<file|->',
  summary: 'File to write, replaced when it exists; standard output when left out, or -.',
});

/** The file that was named; undefined for standard output. */
export function namedFile(output: string | undefined): string | undefined {
  return output === '-' ? undefined : output;
}
