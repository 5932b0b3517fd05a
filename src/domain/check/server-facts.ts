/** A certificate that the server shows. */
export interface ServerCertificate {
  readonly file: string;
  readonly keyType: 'ecdsa' | 'rsa';
  readonly validFrom: number;
  readonly validTo: number;
}

/** What a running server tells about itself. */
export interface ServerFacts {
  /** Of the program. */
  readonly version: string;
  readonly nodeVersion: string;
  readonly pid: number;
  readonly startedAt: number;
  /** Address that it listens on. */
  readonly host: string;
  /** Stations connect to this with their id appended; `wss` where there is nothing else. */
  readonly url: string;
  readonly stationPort: number;
  /** The same in TLS; null: not at all. */
  readonly tlsUrl: string | null;
  readonly tlsPort: number | null;
  /** What is shown on the port of TLS, and wherever files are moved in TLS. */
  readonly certificates: readonly ServerCertificate[];
  /** Where files of stations are moved by HTTP: the port of the stations, or one of its own; null: not at all. */
  readonly httpPort: number | null;
  /** The same by HTTPS. */
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
