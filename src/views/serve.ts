import { quoteForShell } from '../domain/shell.js';
import type { Terminal } from './terminal.js';
import { textWidth } from './text-width.js';
import { wrap } from './wrap.js';

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
  /** In the topology: whoever has some needs no first steps. */
  readonly stations: number;
  /** Whether unknown stations may come and wait until they are accepted. */
  readonly takesIn: boolean;
}

const allAddresses = /\/\/(0\.0\.0\.0|\[::\]):/;

const defaultUrl = 'ws://127.0.0.1:9220/ocpp/';

/** Where stations connect and, on a terminal, what to type next: in the journal of a service nobody types. */
export function renderReady(
  ready: Ready,
  { program, terminal }: { program: string; terminal: Terminal },
): string {
  const { url, tlsUrl, apiUrl, dataDir, filePorts, addresses } = ready;
  const { paint } = terminal;
  const endpoint = (to: string) => paint.cyanBright(`${to}${paint.dim('<station id>')}`);
  const [first, ...others] = atAddresses(url, addresses);
  return [
    paint.bold('evfleet is ready.'),
    '',
    beside(`  Stations connect to  ${endpoint(first)}`, '(subprotocol ocpp1.6)', terminal),
    ...others.map((other) => `                   or  ${endpoint(other)}`),
    ...(tlsUrl === null || tlsUrl === url
      ? []
      : atAddresses(tlsUrl, addresses).map((other) => `  and in TLS to        ${endpoint(other)}`)),
    fitting(`  Their files come by  ${fileServers(filePorts)}`, terminal),
    ...(apiUrl === null
      ? []
      : [
          beside(
            `  The API is at        ${apiUrl}/api/v1/`,
            `(evfleet --server ${reachable(apiUrl)})`,
            terminal,
          ),
        ]),
    `  The fleet is kept in ${dataDir}`,
    '',
    ...(terminal.isTTY ? whatNext(ready, { program, terminal }) : []),
  ].join('\n');
}

/** Where the values of these lines begin. */
const valuesAt = 23;

/** A remark stands behind, or below where there is no room for it. */
function beside(line: string, remark: string, { isTTY, columns }: Terminal): string {
  const whole = `${line}  ${remark}`;
  return isTTY && textWidth(whole) > columns ? `${line}\n${' '.repeat(valuesAt)}${remark}` : whole;
}

function fitting(line: string, { isTTY, columns }: Terminal): string {
  return isTTY ? wrap(line, columns, { indent: valuesAt, begun: 0 }) : line;
}

function whatNext(
  { url, dataDir, isDefaultDir, stations, takesIn }: Ready,
  { program, terminal: { paint, columns } }: { program: string; terminal: Terminal },
): string[] {
  const first = [
    ['site create Solna', 'a place for stations'],
    takesIn
      ? ['station accept <station id> --site Solna', 'a station that has called']
      : ['station create CP001 --site Solna', 'a station that may connect'],
    ['tag create 04A2B3C4', 'a tag that may charge'],
    [`simulate --stations 20 --speed 60 --create${simulated(url)}`, 'virtual stations'],
  ];
  const next = [...(stations === 0 ? first : []), ['status --watch', 'what is going on']].map(
    ([command = '', purpose = '']) => ({ command: `  ${program} ${command}`, purpose: `# ${purpose}` }),
  );
  const width = Math.max(...next.map(({ command }) => command.length));
  const isBeside = next.every(({ purpose }) => width + 2 + purpose.length <= columns);
  return [
    'In another terminal:',
    '',
    ...(isDefaultDir ? [] : [`  export EVFLEET_DATA_DIR=${quoteForShell(dataDir)}`]),
    ...next.flatMap(({ command, purpose }) =>
      isBeside ? [`${command.padEnd(width)}  ${paint.dim(purpose)}`] : [`  ${paint.dim(purpose)}`, command],
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
  return here === defaultUrl ? '' : ` --url ${here}${here.startsWith('wss:') ? ' --ca CA.pem' : ''}`;
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
