import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { Store } from '../../domain/repositories.js';
import { effectiveSettings } from '../../domain/settings.js';
import type { FileExchange } from '../../domain/station/file-exchange.js';
import type { KeptTls } from '../tls/tls-keeper.js';
import { LocalFileExchange, type StationHost } from './file-exchange.js';
import { FileListener } from './file-listener.js';
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
  /** Unless given nothing speaks TLS; with them the FTP server does, for those who ask. */
  readonly tls?: KeptTls | undefined;
  /** HTTPS on a port of its own; unless given, on that of stations in TLS. Needs `tls`. 0 takes any free one. */
  readonly fileTlsPort?: number | undefined;
  readonly ftpPassivePorts?: PortRange | undefined;
  readonly transferLimits?: Partial<TransferLimits> | undefined;
}

export interface FilePorts {
  /** Null: no HTTP. */
  readonly http: number | null;
  /** Null: no HTTPS. */
  readonly https: number | null;
  /** Null: no FTP. */
  readonly ftp: number | null;
  /** Whether the port of FTP also speaks TLS. */
  readonly isFtps: boolean;
  /** What stations are told instead of the host that they connect to, where a setting says it at the start. */
  readonly httpUrl: string | null;
  readonly ftpUrl: string | null;
}

/** Any free port. */
const anyPort: PortRange = { first: 0, last: 0 };

/** The servers for files of stations; those that share the port of the stations get their requests from there. */
export class FileServers {
  readonly http: HttpFiles;
  /** Those of the stations, to be told once they are known. */
  stationPort: number | undefined;
  tlsPort: number | undefined;
  readonly #desk: TransferDesk;
  readonly #options: FileServerOptions & { host: string };
  #own: FileListener | undefined;
  #tls: FileListener | undefined;
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
    const { host, filePort, fileTlsPort, ftpPort, ftpPassivePorts = anyPort, tls } = this.#options;
    const { log } = this.#desk;
    const common = { files: this.http, host, log };
    if (filePort !== undefined) this.#own = await FileListener.listen({ ...common, port: filePort });
    if (fileTlsPort !== undefined && tls) {
      this.#tls = await FileListener.listen({ ...common, port: fileTlsPort, tls });
    }
    if (ftpPort !== undefined) {
      const options = { host, port: ftpPort, passivePorts: ftpPassivePorts, tls };
      this.#ftp = await FtpServer.listen(this.#desk, options);
    }
  }

  /** Ports of data connections; null: no FTP. */
  get passivePorts(): PortRange | null {
    return this.#ftp ? (this.#options.ftpPassivePorts ?? anyPort) : null;
  }

  get ports(): FilePorts {
    const ftp = this.#ftp;
    return {
      http: this.#own?.port ?? this.stationPort ?? null,
      https: this.#tls?.port ?? this.tlsPort ?? null,
      ftp: ftp?.port ?? null,
      isFtps: ftp?.hasTls ?? false,
      ...this.#told,
    };
  }

  /** Stations can be offered files from now on. */
  async open(options: {
    store: Store;
    dataDir: string;
    hostOf: (stationUuid: string) => StationHost | undefined;
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
      listeners: () => {
        const { http, https } = this.ports;
        return {
          http: http === null ? undefined : { host, port: http, isStationPort: this.#own === undefined },
          https: https === null ? undefined : { host, port: https, isStationPort: this.#tls === undefined },
        };
      },
      ftp: this.#ftp && { host, server: this.#ftp },
      hostOf,
      changed,
    });
  }

  /** What is being moved ends. */
  async close(): Promise<void> {
    await this.#desk.close();
    await this.#ftp?.close();
    await this.#own?.close();
    await this.#tls?.close();
  }
}
