import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../domain/clock.js';
import { FleetError } from '../../domain/errors.js';
import type { FileExchange } from '../../domain/file-exchange.js';
import type { Log } from '../../domain/log.js';
import type { Store } from '../../domain/repositories.js';
import { effectiveSettings } from '../../domain/settings.js';
import { LocalFileExchange } from './file-exchange.js';
import type { PortRange } from './ftp-data.js';
import { FtpServer } from './ftp-server.js';
import { HttpFiles } from './http-files.js';
import { diagnosticsDirectory, removeLeftovers } from './stored-files.js';
import { TransferDesk } from './transfer-desk.js';
import { defaultTransferLimits, type TransferLimits } from './transfer-limits.js';

/** Which file servers there are. */
export interface FileServerOptions {
  /** HTTP on a port of its own; unless given, on the port of the stations. 0 takes any free one. */
  readonly filePort?: number | undefined;
  /** Unless given there is no FTP. 0 takes any free one. */
  readonly ftpPort?: number | undefined;
  readonly ftpPassivePorts?: PortRange | undefined;
  readonly transferLimits?: Partial<TransferLimits> | undefined;
}

export interface FilePorts {
  readonly http: number;
  /** Null: no FTP. */
  readonly ftp: number | null;
  /** What stations are told instead of the host that they connect to, where a setting says it at the start. */
  readonly httpUrl: string | null;
  readonly ftpUrl: string | null;
}

/** Any free port. */
const anyPort: PortRange = { first: 0, last: 0 };

const requestTimeoutMs = 10_000;

/** The servers for files of stations; those that share the port of the stations get their requests from there. */
export class FileServers {
  readonly http: HttpFiles;
  /** To be told once it is known. */
  stationPort = 0;
  readonly #desk: TransferDesk;
  readonly #options: FileServerOptions & { host: string };
  #own: http.Server | undefined;
  #ftp: FtpServer | undefined;
  #told: Pick<FilePorts, 'httpUrl' | 'ftpUrl'> = { httpUrl: null, ftpUrl: null };

  constructor({ clock, log, ...options }: FileServerOptions & { host: string; clock: Clock; log: Log }) {
    this.#options = options;
    this.#desk = new TransferDesk({
      limits: { ...defaultTransferLimits, ...options.transferLimits },
      clock,
      log,
    });
    this.http = new HttpFiles(this.#desk);
  }

  /** @throws FleetError when a port cannot be listened on */
  async listen(): Promise<void> {
    const { host, filePort, ftpPort, ftpPassivePorts = anyPort } = this.#options;
    if (filePort !== undefined) this.#own = await listenForFiles(this.http, host, filePort);
    if (ftpPort !== undefined) {
      this.#ftp = await FtpServer.listen(this.#desk, { host, port: ftpPort, passivePorts: ftpPassivePorts });
    }
  }

  get ports(): FilePorts {
    const own = this.#own?.address() as AddressInfo | undefined;
    return { http: own?.port ?? this.stationPort, ftp: this.#ftp?.port ?? null, ...this.#told };
  }

  /** Stations can be offered files from now on. */
  async open(options: {
    store: Store;
    dataDir: string;
    hostOf: (stationUuid: string) => string | undefined;
    changed: (stationUuid: string) => void;
  }): Promise<FileExchange> {
    const { store, dataDir, hostOf, changed } = options;
    const { host } = this.#options;
    const directory = diagnosticsDirectory(dataDir);
    await removeLeftovers(directory);
    const settings = effectiveSettings(await store.read((r) => r.settings.list()));
    const { 'server.public-url': httpUrl = null, 'server.ftp-url': ftpUrl = null } = settings;
    this.#told = { httpUrl, ftpUrl };
    return new LocalFileExchange({
      desk: this.#desk,
      store,
      directory,
      http: () => ({ host, port: this.ports.http, isStationPort: this.#own === undefined }),
      ftp: this.#ftp && { host, server: this.#ftp },
      hostOf,
      changed,
    });
  }

  /** What is being moved ends. */
  async close(): Promise<void> {
    await this.#desk.close();
    await this.#ftp?.close();
    const own = this.#own;
    if (!own) return;
    const closed = new Promise<void>((resolve) => own.close(() => resolve()));
    own.closeAllConnections();
    await closed;
  }
}

/** Lets a server answer requests for files; the others are left to `otherwise`. */
export function serveFiles(
  files: HttpFiles | undefined,
  otherwise: (request: IncomingMessage, response: ServerResponse) => void,
): {
  onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  onCheckContinue: (request: IncomingMessage, response: ServerResponse) => void;
} {
  const answer = (request: IncomingMessage, response: ServerResponse, greenLight?: () => undefined): void => {
    if (files?.handles(request)) void files.handle(request, response, greenLight);
    else otherwise(request, response);
  };
  return {
    onRequest: (request, response) => answer(request, response),
    onCheckContinue: (request, response) => answer(request, response, () => void response.writeContinue()),
  };
}

async function listenForFiles(files: HttpFiles, host: string, port: number): Promise<http.Server> {
  const { onRequest, onCheckContinue } = serveFiles(files, (_request, response) => {
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
    response.end('Files of charging stations are moved here.\n');
  });
  // How long a file may take is counted by the transfer itself.
  const options = { headersTimeout: requestTimeoutMs, requestTimeout: 0, maxHeaderSize: 16 * 1024 };
  const server = http.createServer(options, onRequest);
  server.on('checkContinue', onCheckContinue);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      const message = `Port ${port} on ${host} (files) cannot be listened on: ${error.message}.`;
      const suggestions = [`evfleet serve --file-port ${port + 1}`];
      reject(new FleetError(isTaken ? 'PORT_IN_USE' : 'USAGE', message, { cause: error, suggestions }));
    });
    server.listen({ port, host }, resolve);
  });
  server.on('error', () => undefined);
  return server;
}
