/** How a station can move a file. */
export const transferProtocols = ['http', 'https', 'ftp', 'ftps'] as const;
export type TransferProtocol = (typeof transferProtocols)[number];

/** Made anew for every offer; they open this offer and nothing else. */
export interface TransferCredentials {
  readonly user: string;
  readonly password: string;
}

interface NewOffer {
  /** Who it is for: decides the host in the address, and is named in the log. */
  readonly station: { readonly uuid: string; readonly id: string };
  readonly protocol: TransferProtocol;
  /** Milliseconds since the epoch; from then on it is as if it had never been made. */
  readonly expiresAt: number;
  /** Those of an earlier offer, to make the same one again after a restart of the server. */
  readonly credentials?: TransferCredentials;
}

export interface NewDownloadOffer extends NewOffer {
  /** Absolute path of a file that does not change as long as it is offered. */
  readonly path: string;
  readonly size: number;
  /** The last segment of the address; many stations guess the version from it. Letters, digits, `.`, `_` and `-`. */
  readonly fileName: string;
}

export interface NewUploadOffer extends NewOffer {
  readonly maxBytes: number;
  /** The name, without a path, of the file to be made in `files/diagnostics`. */
  readonly storeAs: string;
  /** Called once the whole file is there, before the station is told so. */
  readonly onReceived: (file: ReceivedFile) => Promise<void>;
}

export interface ReceivedFile {
  /** As the station named it; empty when it did not. For people only, never a path. */
  readonly name: string;
  readonly sizeBytes: number;
}

export interface Offer {
  /** What the station is told, credentials included: a secret until it has expired. */
  readonly url: string;
  readonly credentials: TransferCredentials;
  /** Ends it now, and what is being moved by it. */
  withdraw(): void;
}

/**
 * The file servers inside of `serve`, for single files: each offer has credentials of its own.
 *
 * Both reject with FleetError CONFLICT when stations cannot be told an address (no FTP server, or none that could be
 * right), saying which setting or flag helps.
 */
export interface FileExchange {
  /** As often as it likes until it expires, in parts too (HTTP range requests, FTP REST). */
  offerDownload(offer: NewDownloadOffer): Promise<Offer>;
  /** One whole file once; what breaks off may be begun again. */
  offerUpload(offer: NewUploadOffer): Promise<Offer>;
}

/** Files that stations brought, by the names they were stored as. */
export interface StoredFiles {
  /** @throws FleetError NOT_FOUND at the first chunk when it is gone */
  read(name: string): AsyncIterable<Uint8Array>;
  /** Does nothing when it is gone. */
  remove(name: string): Promise<void>;
}
