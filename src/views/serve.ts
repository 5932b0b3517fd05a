import { quoteForShell } from '../domain/shell.js';
import type { Terminal } from './terminal.js';

export interface Ready {
  /** Stations append their id to it. */
  readonly url: string;
  /** The same in TLS; null: not at all. */
  readonly tlsUrl: string | null;
  /** Where the fleet is administered from elsewhere; null: nowhere. */
  readonly apiUrl: string | null;
  readonly dataDir: string;
  /** Where stations' files are moved; `https` and `ftp` are null without. */
  readonly filePorts: {
    readonly http: number | null;
    readonly https: number | null;
    readonly ftp: number | null;
    readonly isFtps: boolean;
    readonly httpUrl: string | null;
    readonly ftpUrl: string | null;
  };
  /** Addresses of this machine in its networks, for a server that listens on all of them. */
  readonly addresses: readonly string[];
  /** Other commands find this data directory by themselves. */
  readonly isDefaultDir: boolean;
}

const allAddresses = /\/\/(0\.0\.0\.0|\[::\]):/;

const defaultUrl = 'ws://127.0.0.1:9220/ocpp/';

/** Where stations connect and, on a terminal, what to type next: in the journal of a service nobody types. */
export function renderReady(
  { url, tlsUrl, apiUrl, dataDir, filePorts, isDefaultDir, addresses }: Ready,
  { program, terminal }: { program: string; terminal: Terminal },
): string {
  const { paint } = terminal;
  const endpoint = (to: string) => paint.cyanBright(`${to}${paint.dim('<station id>')}`);
  const [first, ...others] = atAddresses(url, addresses);
  return [
    paint.bold('evfleet is ready.'),
    '',
    `  Stations connect to  ${endpoint(first)}  (subprotocol ocpp1.6)`,
    ...others.map((other) => `                   or  ${endpoint(other)}`),
    ...(tlsUrl === null || tlsUrl === url
      ? []
      : atAddresses(tlsUrl, addresses).map((other) => `  and in TLS to        ${endpoint(other)}`)),
    `  Their files come by  ${fileServers(filePorts)}`,
    ...(apiUrl === null
      ? []
      : [`  The API is at        ${apiUrl}/api/v1/  (evfleet --server ${reachable(apiUrl)})`]),
    `  The fleet is kept in ${dataDir}`,
    '',
    ...(terminal.isTTY ? whatNext({ url, dataDir, isDefaultDir }, { program, terminal }) : []),
  ].join('\n');
}

function whatNext(
  { url, dataDir, isDefaultDir }: Pick<Ready, 'url' | 'dataDir' | 'isDefaultDir'>,
  { program, terminal: { paint } }: { program: string; terminal: Terminal },
): string[] {
  const next = [
    ['site create Solna', 'a place for stations'],
    ['station create CP001 --site Solna --connectors 2', 'a station that may connect'],
    ['tag create 04A2B3C4', 'a tag that may charge'],
    [
      `simulate --stations 20 --speed 60 --create${url === defaultUrl ? '' : simulated(url)}`,
      'virtual stations',
    ],
    ['status --watch', 'what is going on'],
  ] as const;
  const width = Math.max(...next.map(([command]) => command.length));
  return [
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
  ];
}

/** Where virtual stations find the server, and over TLS whom they trust. */
function simulated(url: string): string {
  const here = url.replace(allAddresses, '//127.0.0.1:');
  return ` --url ${here}${here.startsWith('wss:') ? ' --ca CA.pem' : ''}`;
}

/** What to type into a station: where a server that listens on all addresses is reached. */
function atAddresses(url: string, addresses: readonly string[]): readonly [string, ...string[]] {
  const [first, ...others] = addresses.map((address) => url.replace(allAddresses, `//${address}:`));
  return allAddresses.test(url) && first !== undefined ? [first, ...others] : [url];
}

/** What listens on all addresses is reached by one of them. */
function reachable(url: string): string {
  return url.replace(allAddresses, '//<this machine>:');
}

/** A setting says where, else the host is the one that the station itself connects to. */
function fileServers({ http, https, ftp, isFtps, httpUrl, ftpUrl }: Ready['filePorts']): string {
  const at = (url: string | null) => (url === null ? 'of the host that they connect to' : `as ${url}`);
  const ftpServer =
    ftp === null ? 'no FTP (--ftp-port)' : `FTP${isFtps ? ' and FTPS' : ''} on port ${ftp} ${at(ftpUrl)}`;
  const httpServer = http === null ? 'no HTTP (--file-port)' : `HTTP on port ${http} ${at(httpUrl)}`;
  const httpsServer = https === null ? '' : `HTTPS on port ${https}; `;
  return `${httpServer}; ${httpsServer}${ftpServer}`;
}

/** What had to be put right at the start, if anything. */
export function renderRecovery({ tornBytes }: { readonly tornBytes: number }): string | undefined {
  if (tornBytes === 0) return undefined;
  return `Warning: the last run ended in the middle of a write; ${tornBytes} bytes that nobody had been told of were cut off.`;
}
