import { quoteForShell } from '../domain/shell.js';
import type { Terminal } from './terminal.js';

export interface Ready {
  /** Stations append their id to it. */
  readonly url: string;
  readonly dataDir: string;
  /** Where stations' files are moved; `ftp` is null without. */
  readonly filePorts: { readonly http: number; readonly ftp: number | null };
  /** Other commands find this data directory by themselves. */
  readonly isDefaultDir: boolean;
}

const defaultUrl = 'ws://127.0.0.1:9220/ocpp/';

/** Where stations connect and what to type next. */
export function renderReady(
  { url, dataDir, filePorts, isDefaultDir }: Ready,
  { program, terminal }: { program: string; terminal: Terminal },
): string {
  const { paint } = terminal;
  const next = [
    ['site create Solna', 'a place for stations'],
    ['station create CP001 --site Solna --connectors 2', 'a station that may connect'],
    ['tag create 04A2B3C4', 'a tag that may charge'],
    [
      `simulate --stations 20 --speed 60 --create${url === defaultUrl ? '' : ` --url ${url}`}`,
      'virtual stations',
    ],
    ['status --watch', 'what is going on'],
  ] as const;
  const width = Math.max(...next.map(([command]) => command.length));
  return [
    paint.bold('evfleet is ready.'),
    '',
    `  Stations connect to  ${paint.cyanBright(`${url}${paint.dim('<station id>')}`)}  (subprotocol ocpp1.6)`,
    `  Their files come by  ${fileServers(filePorts)}`,
    `  The fleet is kept in ${dataDir}`,
    '',
    'In another terminal:',
    '',
    ...(isDefaultDir ? [] : [`  export EVFLEET_DATA_DIR=${quoteForShell(dataDir)}`]),
    ...next.map(
      ([command, purpose]) => `  ${program} ${command.padEnd(width)}  ${paint.dim(`# ${purpose}`)}`,
    ),
    '',
    'Ctrl-C stops the server.',
    '',
    '',
  ].join('\n');
}

/** At which host depends on the station, unless a setting says it: hence only the ports. */
function fileServers({ http, ftp }: Ready['filePorts']): string {
  const servers = `HTTP on port ${http}, ${ftp === null ? 'no FTP (--ftp-port)' : `FTP on port ${ftp}`}`;
  return `${servers}; to hosts by server.public-url or as they connect`;
}

/** What had to be put right at the start, if anything. */
export function renderRecovery({ tornBytes }: { readonly tornBytes: number }): string | undefined {
  if (tornBytes === 0) return undefined;
  return `Warning: the last run ended in the middle of a write; ${tornBytes} bytes that nobody had been told of were cut off.`;
}
