import { Flags } from '@oclif/core';
import { FleetError } from '../../domain/errors.js';
import { integer } from './flags.js';

interface PortRange {
  readonly first: number;
  readonly last: number;
}

const defaultRange: PortRange = { first: 50_000, last: 50_100 };

/** `50000-50100`, one port, or 0 for any free one. */
const portRangeFlag = Flags.custom<PortRange>({
  helpValue: '<from-to>',
  parse: async (input, _context, { name }) => {
    const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(input) ?? [];
    const [first, last] = [Number(from), Number(to)];
    const isRange = first >= 1 && first <= last && last <= 65_535;
    if (isRange || (first === 0 && last === 0)) return { first, last };
    throw new FleetError(
      'USAGE',
      `--${name} takes a range of ports such as 50000-50100, or 0 for any free one.`,
    );
  },
});

/** Where stations move files: diagnostics, logs, firmware. */
export const fileServerFlags = {
  'file-port': integer({
    helpGroup: 'FILES',
    min: 0,
    max: 65_535,
    summary: 'Port for files by HTTP; --port when left out, 0 takes any free one.',
  }),
  'file-tls-port': integer({
    helpGroup: 'FILES',
    min: 0,
    max: 65_535,
    dependsOn: ['tls-cert'],
    summary: 'Port for files by HTTPS; --tls-port when left out, 0 takes any free one. Needs --tls-cert.',
  }),
  'ftp-port': integer({
    helpGroup: 'FILES',
    min: 0,
    max: 65_535,
    summary: 'Port for files by FTP; no FTP when left out, 0 takes any free one. With --tls-cert also FTPS.',
  }),
  'ftp-passive-ports': portRangeFlag({
    helpGroup: 'FILES',
    default: defaultRange,
    defaultHelp: async () => '50000-50100',
    summary: 'Ports for the data connections of FTP; 0 takes any free one.',
  }),
};

/** The flags as `serve` takes them. */
export function toFileServers(flags: {
  readonly 'file-port'?: number | undefined;
  readonly 'file-tls-port'?: number | undefined;
  readonly 'ftp-port'?: number | undefined;
  readonly 'ftp-passive-ports': PortRange;
}) {
  return {
    fileTlsPort: flags['file-tls-port'],
    filePort: flags['file-port'],
    ftpPort: flags['ftp-port'],
    ftpPassivePorts: flags['ftp-passive-ports'],
  };
}
