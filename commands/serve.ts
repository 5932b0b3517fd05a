import path from 'node:path';
import { Flags } from '@oclif/core';
import { addressesHere } from '../src/cli/addresses-here.js';
import { FleetCommand } from '../src/cli/base-command.js';
import { apiFlags, toApi } from '../src/cli/flags/api-flags.js';
import { fileServerFlags, toFileServers } from '../src/cli/flags/file-server-flags.js';
import { durationFlag, integer, withEnv } from '../src/cli/flags/flags.js';
import { handshakeFlags, stationPortFlags, toStationPorts } from '../src/cli/flags/station-port-flags.js';
import { dataDir } from '../src/cli/paths.js';
import { refuseServer } from '../src/cli/remote/server-choice.js';
import { toSeconds } from '../src/cli/values.js';
import { formatInstant } from '../src/domain/instant.js';
import { atLeast, type Log, logLevels } from '../src/domain/log.js';
import type { ReadyServer } from '../src/server/serve-options.js';
import { renderReady, renderRecovery } from '../src/views/serve.js';

export default class Serve extends FleetCommand<typeof Serve> {
  static override summary = 'Run the central system that stations connect to';
  static override description =
    `Stations connect to ws://<host>:<port>/ocpp/<station id> with subprotocol ocpp1.6. While it runs, all other commands work through it.
It runs until SIGINT or SIGTERM; then it says goodbye to the stations and ends with 0 when everything is on disk. A second signal ends it at once, which loses nothing that was acknowledged either.

With --tls-port they connect to wss://<host>:<tls port>/ocpp/<station id>, in TLS 1.2 or newer; --tls-only leaves out the
plain port. The certificate of --tls-cert also serves for files of stations (diagnostics, logs, firmware) by HTTPS and
FTPS (--ftp-port), and for the API. Renewed files are noticed within a minute, at once on SIGHUP; connections stay.

With --api-port the same commands work from elsewhere: evfleet --server URL, with a key of evfleet api-key create. The
API is described at /api/v1/openapi.json. On other addresses than those of this machine it needs a certificate.`;
  static override examples = [
    '<%= config.bin %> serve',
    '<%= config.bin %> serve --host 0.0.0.0 --ws-insecure --unknown-stations pending',
    '<%= config.bin %> serve --host 0.0.0.0 --tls-only --tls-port 9443 --tls-cert fullchain.pem --tls-key key.pem',
    '<%= config.bin %> serve --tls-port 9443 --tls-cert ecdsa.pem --tls-key ecdsa.key --tls-cert rsa.pem --tls-key rsa.key',
    '<%= config.bin %> serve --host 0.0.0.0 --ws-insecure --port 9220 --data-dir /var/lib/evfleet',
    '<%= config.bin %> serve --host 10.0.0.5 --ws-insecure --file-port 9221 --ftp-port 2121 --ftp-passive-ports 50000-50100',
    '<%= config.bin %> serve --api-host 0.0.0.0 --api-port 9443 --api-tls-cert fullchain.pem --api-tls-key key.pem',
    '<%= config.bin %> serve --unknown-stations accept --ready-file /run/evfleet.ready',
  ];
  static override flags = withEnv({
    ...stationPortFlags,
    'unknown-stations': Flags.option({
      options: ['reject', 'pending', 'accept'] as const,
      default: 'reject' as const,
      summary: 'What becomes of stations that are not in the topology; pending ones wait for station accept.',
    })(),
    'min-security-profile': integer({
      default: 0,
      min: 0,
      max: 3,
      summary:
        'Least that every station must show: 0 nothing, 1 its key, 2 TLS and its key, 3 a client certificate.',
    }),
    'heartbeat-interval': durationFlag({
      default: 300_000,
      minMs: 1000,
      summary: 'Heartbeat of stations that have no interval of their own.',
    }),
    'ping-interval': durationFlag({
      default: 30_000,
      minMs: 1000,
      summary: 'How often stations are pinged; one silent for two of these is cut off.',
    }),
    'max-connections': integer({
      helpGroup: 'LIMITS',
      default: 20_000,
      min: 1,
      max: 1_000_000,
      summary: 'Stations connected at the same time; more are told to come back later.',
    }),
    'max-message-rate': integer({
      helpGroup: 'LIMITS',
      default: 200,
      min: 0,
      max: 1_000_000,
      summary: 'Messages a second of one station in the long run; it is read no faster. 0 for no limit.',
    }),
    ...handshakeFlags,
    ...fileServerFlags,
    ...apiFlags,
    'csr-command': Flags.string({
      helpValue: '<program>',
      // Whoever may change settings from elsewhere must not choose what runs here.
      summary: 'Has certificates for stations signed elsewhere: request on stdin, chain on stdout (PEM).',
    }),
    'ready-file': Flags.string({
      helpValue: '<file>',
      summary: 'Written (JSON) once stations can connect, removed at the end.',
    }),
    'log-level': Flags.option({
      options: logLevels,
      default: 'info' as const,
      summary: 'Least serious things to log on stderr.',
    })(),
    'log-format': Flags.option({
      options: ['text', 'json'] as const,
      summary: 'Form of the log on stderr; text on a terminal, json otherwise.',
    })(),
  });

  async run(): Promise<void> {
    // One that variables or a file name is for the other commands.
    if (this.server?.isTyped) refuseServer(this.server, 'serve runs here; it has no use for --server.');
    const { startServer } = await import('../src/server/serve.js');
    const readyFile = this.flags['ready-file'];
    const csrCommand = this.flags['csr-command'];
    const server = await startServer({
      dataDir: this.dataDir,
      lockTimeoutMs: this.lockTimeoutMs,
      ...toStationPorts(this.flags),
      unknownStations: this.flags['unknown-stations'],
      minSecurityProfile: this.flags['min-security-profile'],
      heartbeatIntervalS: toSeconds(this.flags['heartbeat-interval']),
      pingIntervalMs: this.flags['ping-interval'],
      maxConnections: this.flags['max-connections'],
      maxMessageRate: this.flags['max-message-rate'],
      ...toFileServers(this.flags),
      ...toApi(this.flags),
      onReady: (ready) => this.#announce(ready),
      ...(readyFile !== undefined && { readyFile }),
      ...(csrCommand !== undefined && { csrCommand: path.resolve(csrCommand) }),
      log: atLeast(this.flags['log-level'], await this.#createLog()),
      signal: this.signal,
      version: this.config.version,
    });
    const reload = () => void server.reload();
    process.on('SIGHUP', reload);
    const failure = await Promise.race([server.failed, this.#interrupted()]);
    if (!failure && this.terminal.isTTY) this.say('Stopping…');
    try {
      await server.close();
    } catch (error) {
      // After a failure of the disk, that it cannot be closed properly is no news.
      if (!failure) throw error;
    } finally {
      process.off('SIGHUP', reload);
    }
    if (failure) throw failure;
  }

  /** Being told to stop is how a server ends. */
  protected override exitCodeAfter(): undefined {
    return undefined;
  }

  async #announce(server: ReadyServer): Promise<void> {
    const { url, tlsUrl, apiUrl, controlSocket, filePorts, recovery, stations } = server;
    const notice = renderRecovery(recovery);
    if (notice !== undefined) this.say(notice);
    const ready = { url, tlsUrl, apiUrl, controlSocket, dataDir: this.dataDir, pid: process.pid };
    const isDefaultDir = this.dataDir === dataDir(undefined, process.env);
    if (this.jsonEnabled()) await this.streamJsonLines([ready]);
    else
      await this.print(
        renderReady(
          { ...ready, filePorts, isDefaultDir, addresses: addressesHere(), stations, takesIn: this.#takesIn },
          { program: this.#program, terminal: this.terminal },
        ),
      );
  }

  /** Whether stations that nobody has created may come, and wait. */
  get #takesIn(): boolean {
    return this.flags['unknown-stations'] === 'pending';
  }

  #interrupted(): Promise<undefined> {
    const { signal } = this;
    return new Promise((resolve) => {
      if (signal.aborted) resolve(undefined);
      else signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
  }

  async #createLog(): Promise<Log> {
    const { createJsonLog, createTextLog } = await import('../src/server/log.js');
    const format = this.flags['log-format'] ?? (process.stderr.isTTY ? 'text' : 'json');
    if (format === 'json') return createJsonLog();
    const { paint, utc, now } = this.terminal;
    const levels = { info: (text: string) => text, warn: paint.yellow, error: paint.redBright };
    return createTextLog((line) => this.say(line), {
      now: () => formatInstant(now(), utc ? 'utc' : 'local').slice(11),
      dim: paint.dim,
      bold: paint.bold,
      level: (level, text) => levels[level](text),
    });
  }

  /** How the program was called, so that the commands shown can be typed as they are. */
  get #program(): string {
    const script = process.argv[1] ?? 'evfleet';
    if (path.basename(script) === 'evfleet') return 'evfleet';
    const relative = path.relative(process.cwd(), script);
    return relative.startsWith('..') ? script : `./${relative}`;
  }
}
