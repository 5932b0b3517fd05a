import { resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { durationFlag, withOwnEnv } from './flags.js';

const dayMs = 86_400_000;

/** Where a certificate and its key are written, and how long it is good. */
export const issueFlags = {
  'out-cert': Flags.string({
    helpValue: '<file>',
    summary: 'File for the certificate; in pki of the data directory when left out.',
  }),
  'out-key': Flags.string({ helpValue: '<file>', summary: 'File for its key (mode 0600).' }),
  validity: durationFlag({
    minMs: 3600_000,
    maxMs: 36_500 * dayMs,
    summary: 'How long it is good; the setting certificates.validity when left out.',
  }),
  // What forces firmware or a setting on stations must not replace keys.
  ...withOwnEnv('certificate', {
    force: Flags.boolean({ default: false, summary: 'Replace files that exist.' }),
  }),
};

interface IssueFlagValues {
  readonly 'out-cert'?: string | undefined;
  readonly 'out-key'?: string | undefined;
  readonly validity?: number | undefined;
  readonly force: boolean;
}

/**
 * As the operations take them.
 * @param suffix set before the ends of the names, where there is more than one of them
 */
export function issueInput(flags: IssueFlagValues, suffix = '') {
  return {
    certFile: named(flags['out-cert'], suffix),
    keyFile: named(flags['out-key'], suffix),
    validityMs: flags.validity,
    replace: flags.force,
  };
}

function named(file: string | undefined, suffix: string): string | undefined {
  if (file === undefined) return undefined;
  return resolve(suffix === '' ? file : file.replace(/(\.[^./\\]+)?$/, (end) => `-${suffix}${end}`));
}
