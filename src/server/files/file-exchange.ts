import net from 'node:net';
import path from 'node:path';
import type { Store } from '../../domain/repositories.js';
import { effectiveSettings } from '../../domain/settings.js';
import type {
  FileExchange,
  NewDownloadOffer,
  NewUploadOffer,
  Offer,
  TransferProtocol,
} from '../../domain/station/file-exchange.js';
import { DownloadSlot } from './download-slot.js';
import type { FtpServer } from './ftp-server.js';
import { httpPathOf } from './http-files.js';
import { isHttps, type ListenAddress, publicAddress } from './public-address.js';
import type { SlotOffer, TransferDesk } from './transfer-desk.js';
import { UploadSlot } from './upload-slot.js';

/** What a station's present connection says of where it reaches this server. */
export interface StationHost {
  readonly host: string;
  /** Whether that is the port of TLS. */
  readonly isEncrypted: boolean;
}

interface HttpAddress extends ListenAddress {
  /** Whether stations connect there. */
  readonly isStationPort: boolean;
}

export interface ExchangeOptions {
  readonly desk: TransferDesk;
  readonly store: Store;
  /** Where uploads are kept. */
  readonly directory: string;
  /** Undefined: not at all. */
  readonly listeners: () => Readonly<Record<'http' | 'https', HttpAddress | undefined>>;
  readonly ftp: { readonly host: string; readonly server: FtpServer } | undefined;
  /** Undefined: it is not connected, or named none. */
  readonly hostOf: (stationUuid: string) => StationHost | undefined;
  /** Wakes whoever waits for the station. */
  readonly changed: (stationUuid: string) => void;
}

/** Makes offers: a slot at the desk, and the address by which a station finds it. */
export class LocalFileExchange implements FileExchange {
  readonly #options: ExchangeOptions;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  offerDownload(offer: NewDownloadOffer): Promise<Offer> {
    const { path: file, size, fileName } = offer;
    return this.#offer(offer, new DownloadSlot({ path: file, size, fileName }));
  }

  offerUpload(offer: NewUploadOffer): Promise<Offer> {
    const { directory, desk, changed } = this.#options;
    const { storeAs, maxBytes, station } = offer;
    if (storeAs !== path.basename(storeAs)) throw new Error(`${storeAs} is no name of a file`);
    const slot = new UploadSlot({
      directory,
      storeAs,
      maxBytes,
      maxAttempts: desk.limits.maxAttempts,
      onReceived: async (file) => {
        await offer.onReceived(file);
        changed(station.uuid);
      },
    });
    return this.#offer(offer, slot);
  }

  async #offer(
    { station, protocol, expiresAt, credentials }: NewDownloadOffer | NewUploadOffer,
    slot: UploadSlot | DownloadSlot,
  ): Promise<Offer> {
    const { desk } = this.#options;
    const { address, needsTls } = await this.#address(protocol, station.uuid);
    const server = protocol === 'http' || protocol === 'https' ? 'http' : 'ftp';
    const offer = desk.add({ slot, stationId: station.id, server, needsTls, expiresAt, credentials });
    const url = server === 'http' ? address + httpPathOf(offer) : ftpUrl(address, offer);
    return { url, credentials: offer.credentials, withdraw: () => desk.withdraw(offer) };
  }

  async #address(
    protocol: TransferProtocol,
    stationUuid: string,
  ): Promise<{ address: string; needsTls: boolean }> {
    const { store, ftp, hostOf } = this.#options;
    const settings = effectiveSettings(await store.read((r) => r.settings.list()));
    const connected = hostOf(stationUuid);
    const stationHost = connected?.host;
    if (protocol === 'http' || protocol === 'https') {
      const listener = this.#options.listeners()[protocol];
      const configured = settings['server.public-url'];
      const isPlain = protocol === 'http';
      const address = publicAddress(protocol, {
        configured,
        listener,
        stationHost,
        isStationPort: listener?.isStationPort === true && connected?.isEncrypted === !isPlain,
      });
      // Where a setting says https, a reverse proxy may speak TLS and come to us in plain.
      return { address, needsTls: !isPlain && !isHttps(configured) };
    }
    const configured = settings['server.ftp-url'];
    const needsTls = protocol === 'ftps';
    const canDo = ftp !== undefined && (!needsTls || ftp.server.hasTls);
    const listener = canDo ? { host: ftp.host, port: ftp.server.port } : undefined;
    if (ftp) {
      const hostname = configured === undefined ? '' : new URL(configured).hostname;
      ftp.server.passiveAddress = net.isIPv4(hostname) ? hostname : undefined;
    }
    const sources = { configured, listener, stationHost, isStationPort: false };
    return { address: publicAddress(protocol, sources), needsTls };
  }
}

function ftpUrl(address: string, { slot, credentials: { user, password } }: SlotOffer): string {
  const name = slot.direction === 'download' ? slot.fileName : '';
  return `${address.replace('://', `://${user}:${password}@`)}/${name}`;
}
