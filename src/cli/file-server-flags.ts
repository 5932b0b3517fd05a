import { Flags } from '@oclif/core';
import { FleetError } from '../domain/errors.js';
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

/** Where stations move files: diagnostics, logs, firmware. Stations themselves still connect in plain. */
export const fileServerFlags = {
  'file-port': integer({
    min: 0,
    max: 65_535,
    summary: 'Port for files by HTTP; that of the stations when left out, 0 takes any free one.',
  }),
  'file-tls-port': integer({
    min: 0,
    max: 65_535,
    dependsOn: ['tls-cert'],
    summary: 'Port for files by HTTPS; no HTTPS when left out, 0 takes any free one. Needs --tls-cert.',
  }),
  'tls-cert': Flags.string({
    helpValue: '<file>',
    dependsOn: ['tls-key'],
    summary:
      'Certificate (PEM, with those between it and the root) for files by HTTPS and FTPS, and for the API. Stations still connect without TLS.',
  }),
  'tls-key': Flags.string({
    helpValue: '<file>',
    dependsOn: ['tls-cert'],
    summary: 'Key of the certificate (PEM, without a passphrase, nobody else may read it).',
  }),
  'ftp-port': integer({
    min: 0,
    max: 65_535,
    summary: 'Port for files by FTP; no FTP when left out, 0 takes any free one. With --tls-cert also FTPS.',
  }),
  'ftp-passive-ports': portRangeFlag({
    default: defaultRange,
    defaultHelp: async () => '50000-50100',
    summary: 'Ports for the data connections of FTP; 0 takes any free one.',
  }),
};

/** The flags as `serve` takes them. */
export function toFileServers(flags: {
  readonly 'file-port'?: number | undefined;
  readonly 'file-tls-port'?: number | undefined;
  readonly 'tls-cert'?: string | undefined;
  readonly 'tls-key'?: string | undefined;
  readonly 'ftp-port'?: number | undefined;
  readonly 'api-port'?: number | undefined;
  readonly 'ftp-passive-ports': PortRange;
}) {
  const { 'tls-cert': cert, 'tls-key': key, 'file-tls-port': fileTlsPort, 'ftp-port': ftpPort } = flags;
  const tls = cert !== undefined && key !== undefined ? { cert, key } : undefined;
  // Else somebody could take stations to be connecting in TLS now.
  if (tls && fileTlsPort === undefined && ftpPort === undefined && flags['api-port'] === undefined) {
    throw new FleetError(
      'USAGE',
      '--tls-cert is for files of stations and for the API, and there is no port that would use it.',
      { suggestions: ['--file-tls-port 9443', '--ftp-port 2121', '--api-port 9222'] },
    );
  }
  return {
    tls,
    fileTlsPort,
    filePort: flags['file-port'],
    ftpPort,
    ftpPassivePorts: flags['ftp-passive-ports'],
  };
}
