/** What a running server tells about itself. */
export interface ServerFacts {
  /** Of the program. */
  readonly version: string;
  readonly nodeVersion: string;
  readonly pid: number;
  readonly startedAt: number;
  /** Address that it listens on. */
  readonly host: string;
  /** Stations connect to this with their id appended. */
  readonly url: string;
  readonly stationPort: number;
  /** Where files of stations are moved by HTTP: the same port, or one of its own. */
  readonly httpPort: number;
  /** The same by HTTPS; null: not at all. */
  readonly httpsPort: number | null;
  /** Null: no FTP. */
  readonly ftpPort: number | null;
  /** Ports of data connections; 0 in both is any free one. Null: no FTP. */
  readonly ftpPassivePorts: { readonly first: number; readonly last: number } | null;
  /** Where the fleet is administered from elsewhere; null: nowhere. */
  readonly apiUrl: string | null;
  readonly maxConnections: number;
  /** Null where it cannot be known, or there is none. */
  readonly openFilesLimit: number | null;
}
