import { once } from 'node:events';
import fs from 'node:fs/promises';
import net, { type Socket } from 'node:net';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Store } from '../../../src/domain/repositories.js';
import type {
  ReceivedFile,
  TransferCredentials,
  TransferProtocol,
} from '../../../src/domain/station/file-exchange.js';
import { FileServers } from '../../../src/server/files/file-servers.js';
import { diagnosticsDirectory } from '../../../src/server/files/stored-files.js';
import type { TransferLimits } from '../../../src/server/files/transfer-limits.js';
import { TlsKeeper } from '../../../src/server/tls/tls-keeper.js';
import type { TestIdentity } from '../../helpers/certificates.js';
import { FakeClock } from '../../helpers/fake-clock.js';
import { RecordingLog } from '../../helpers/recording-log.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { until } from '../../helpers/until.js';

const station = { uuid: 'station-CP1', id: 'CP1' };

/** The file servers alone, over real sockets. */
export class FileBench {
  readonly clock: FakeClock;
  readonly log: WaitingLog;
  readonly directory: string;
  readonly #dataDir: string;
  readonly #servers: FileServers;
  readonly #exchange: Awaited<ReturnType<FileServers['open']>>;

  private constructor(
    dataDir: string,
    parts: {
      clock: FakeClock;
      log: WaitingLog;
      servers: FileServers;
      exchange: Awaited<ReturnType<FileServers['open']>>;
    },
  ) {
    this.#dataDir = dataDir;
    this.directory = diagnosticsDirectory(dataDir);
    this.clock = parts.clock;
    this.log = parts.log;
    this.#servers = parts.servers;
    this.#exchange = parts.exchange;
  }

  static async begin(
    transferLimits: Partial<TransferLimits> = {},
    options: {
      settings?: Record<string, string>;
      host?: string;
      stationHost?: string;
      /** HTTPS and FTPS too. */
      tls?: TestIdentity;
    } = {},
  ): Promise<FileBench> {
    const dataDir = await temporaryDirectory();
    const clock = new FakeClock();
    const log = new WaitingLog();
    const host = options.host ?? '127.0.0.1';
    const tls =
      options.tls &&
      (await TlsKeeper.open({ files: [await writeIdentity(dataDir, options.tls)], clock, log }));
    onTestFinished(() => tls?.close());
    const servers = new FileServers({
      ...{ host, filePort: 0, ftpPort: 0, transferLimits, clock, log },
      ...(tls && { tls, fileTlsPort: 0 }),
    });
    onTestFinished(() => servers.close());
    await servers.listen();
    const settings = new Map(Object.entries(options.settings ?? {}));
    const store = { read: async () => settings } as unknown as Store;
    const exchange = await servers.open({
      store,
      dataDir,
      hostOf: () =>
        options.stationHost === undefined ? undefined : { host: options.stationHost, isEncrypted: false },
      changed: () => undefined,
    });
    return new FileBench(dataDir, { clock, log, servers, exchange });
  }

  get httpUrl(): string {
    return `http://127.0.0.1:${this.#servers.ports.http}/`;
  }

  get ports() {
    return this.#servers.ports;
  }

  close(): Promise<void> {
    return this.#servers.close();
  }

  /** The same offer at the port that really listens. */
  ftpUrl(url: string): string {
    const { username, password } = new URL(url);
    return `ftp://${username}:${password}@127.0.0.1:${this.#servers.ports.ftp}/`;
  }

  async offerUpload({
    protocol = 'http',
    maxBytes = 100_000,
    validMs = 3_600_000,
    storeAs = 'file1',
  }: {
    protocol?: TransferProtocol;
    maxBytes?: number;
    validMs?: number;
    storeAs?: string;
  } = {}) {
    const received: ReceivedFile[] = [];
    const offer = await this.#exchange.offerUpload({
      station,
      protocol,
      maxBytes,
      storeAs,
      expiresAt: this.clock.now() + validMs,
      onReceived: async (file) => {
        received.push(file);
      },
    });
    return { ...offer, received };
  }

  async offerDownload(
    fileName: string,
    content: Buffer,
    {
      protocol = 'http',
      credentials,
    }: { protocol?: TransferProtocol; credentials?: TransferCredentials } = {},
  ) {
    const file = path.join(this.#dataDir, 'image');
    await fs.writeFile(file, content);
    return this.#exchange.offerDownload({
      station,
      protocol,
      path: file,
      size: content.byteLength,
      fileName,
      expiresAt: this.clock.now() + 3_600_000,
      ...(credentials && { credentials }),
    });
  }

  /** Whole files, by the names they are stored as. */
  async stored(): Promise<Record<string, Buffer>> {
    const names = (await this.everything()).filter((name) => !name.startsWith('.'));
    const entries = names.map(async (name) => [name, await fs.readFile(path.join(this.directory, name))]);
    return Object.fromEntries(await Promise.all(entries));
  }

  /** Names of all files, half ones included. */
  async everything(): Promise<string[]> {
    return fs.readdir(this.directory).catch(() => []);
  }

  /** Sends text as it is, and gives all that is answered. */
  async raw(text: string): Promise<string> {
    const socket = await this.#connect(Number(this.#servers.ports.http));
    socket.end(text);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    return answer;
  }

  /** Begins an upload of `length` bytes and sends the first of them. */
  async begin(url: string, length: number, first: Buffer): Promise<Socket> {
    const { port, pathname } = new URL(url);
    const socket = await this.#connect(Number(port));
    socket.resume();
    socket.write(`PUT ${pathname} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`);
    socket.write(first);
    return socket;
  }

  /** Something has arrived. */
  untilRunning(): Promise<void> {
    return this.untilSize(1);
  }

  async untilSize(bytes: number): Promise<void> {
    await this.until(async () => {
      const [name] = await this.everything();
      if (name === undefined) return false;
      const stats = await fs.stat(path.join(this.directory, name)).catch(() => undefined);
      return (stats?.size ?? 0) >= bytes;
    });
  }

  until(check: () => boolean | Promise<boolean>): Promise<void> {
    return until(async () => check());
  }

  async closed(socket: Socket): Promise<void> {
    if (!socket.destroyed) await once(socket, 'close');
  }

  async #connect(port: number): Promise<Socket> {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }
}

/** As a person keeps them. */
export async function writeIdentity(directory: string, { cert, key }: TestIdentity) {
  const files = { cert: path.join(directory, 'cert.pem'), key: path.join(directory, 'key.pem') };
  await fs.writeFile(files.cert, cert);
  await fs.writeFile(files.key, key, { mode: 0o600 });
  return files;
}

class WaitingLog extends RecordingLog {
  get text(): string {
    return JSON.stringify(this.lines);
  }

  waitFor(text: string): Promise<void> {
    return until(async () => this.text.includes(text));
  }
}
