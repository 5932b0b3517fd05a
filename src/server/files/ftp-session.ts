import net, { type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { DownloadSlot } from './download-slot.js';
import { PassiveListener, type PassivePorts } from './ftp-data.js';
import { fixedReplies, fixedRepliesInside, refusalReplies } from './ftp-replies.js';
import type { SlotOffer, TransferDesk } from './transfer-desk.js';
import { TransferRefusal } from './transfer-refusal.js';
import type { TransferWatch } from './transfer-watch.js';
import type { UploadSlot } from './upload-slot.js';

export interface FtpSessionOptions {
  readonly desk: TransferDesk;
  readonly ports: PassivePorts;
  /** Where the data connections are listened for. */
  readonly host: string;
  /** The IPv4 address that `PASV` tells; undefined: the one that the station connected to. */
  readonly passiveAddress: () => string | undefined;
}

const lineMaxBytes = 1024;
/** Commands that wait while another is being carried out. */
const queueMax = 32;
const loginAttemptsMax = 3;
const loginTimeoutMs = 20_000;
/** Between two commands, and after a transfer. */
const idleTimeoutMs = 60_000;

/** One control connection (RFC 959): logs in to one offer, moves its file, sees nothing else. */
export class FtpSession {
  readonly #socket: Socket;
  readonly #options: FtpSessionOptions;
  readonly #peer: string;
  readonly #commands: string[] = [];
  #received = '';
  #isBusy = false;
  #user = '';
  #failedLogins = 0;
  #offer: SlotOffer | undefined;
  #passive: PassiveListener | undefined;
  #restAt = 0;
  #watch: TransferWatch | undefined;
  #cancelIdle = (): void => undefined;

  constructor(socket: Socket, options: FtpSessionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#peer = socket.remoteAddress ?? '';
    socket.setEncoding('latin1');
    socket.on('data', (text) => this.#receive(String(text)));
    socket.on('error', () => undefined);
    socket.once('close', () => this.#end());
    this.#armIdle(loginTimeoutMs);
    this.#reply('220 evfleet');
  }

  #end(): void {
    this.#cancelIdle();
    this.#watch?.end(new TransferRefusal('broken', 'the control connection ended in the middle of it'));
    this.#passive?.close();
  }

  #receive(text: string): void {
    this.#received += text;
    const lines = this.#received.split('\n');
    this.#received = lines.pop() ?? '';
    for (const line of lines) {
      const command = Buffer.from(line.replace(/\r$/, ''), 'latin1').toString('utf8');
      // The one command that does not wait for its turn; Telnet signals may stand before it.
      if (this.#watch && /ABOR\s*$/i.test(command)) {
        this.#watch.end(new TransferRefusal('broken', 'the station broke it off'));
      }
      this.#commands.push(command);
    }
    if (this.#received.length > lineMaxBytes || this.#commands.length > queueMax) {
      this.#refuse(new TransferRefusal('broken', 'more commands, or longer ones, than FTP has'));
      this.#socket.end('500 Too much.\r\n');
      this.#socket.destroySoon();
      return;
    }
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let line = this.#commands.shift(); line !== undefined; line = this.#commands.shift()) {
      this.#cancelIdle();
      try {
        await this.#obey(line);
      } catch (error) {
        const { kind, message } = this.#refuse(error);
        this.#reply(`${refusalReplies[kind]} ${message}.`);
      }
    }
    this.#isBusy = false;
    if (!this.#socket.destroyed) this.#armIdle(this.#offer ? idleTimeoutMs : loginTimeoutMs);
  }

  async #obey(line: string): Promise<void> {
    const [, verb = '', argument = ''] = /^\W*([A-Za-z]{3,4})(?: (.*))?$/s.exec(line) ?? [];
    const command = verb.toUpperCase();
    switch (command) {
      case 'USER':
        this.#user = argument;
        this.#offer = undefined;
        this.#reply('331 Password, please.');
        return;
      case 'PASS':
        this.#login(argument);
        return;
      case 'QUIT':
        this.#socket.end('221 Goodbye.\r\n');
        return;
    }
    const fixed = Object.hasOwn(fixedReplies, command) ? fixedReplies[command] : undefined;
    if (fixed !== undefined) this.#reply(fixed);
    else if (!this.#offer) this.#reply('530 Log in first.');
    else await this.#obeyInside(this.#offer, command, argument);
  }

  async #obeyInside(offer: SlotOffer, command: string, argument: string): Promise<void> {
    const { slot } = offer;
    const inside = Object.hasOwn(fixedRepliesInside, command) ? fixedRepliesInside[command] : undefined;
    switch (command) {
      case 'CWD':
      case 'XCWD':
        this.#reply(/^[/.]?$/.test(argument) ? '250 OK' : '550 There is no such directory.');
        return;
      case 'PASV':
      case 'EPSV':
        return this.#listen(command);
      case 'REST':
        this.#restAt = /^\d{1,15}$/.test(argument) ? Number(argument) : 0;
        this.#reply(`350 From byte ${this.#restAt}.`);
        return;
      case 'SIZE':
        if (slot.direction === 'upload') this.#reply('550 There is no file here.');
        else {
          slot.check(argument);
          this.#reply(`213 ${slot.size}`);
        }
        return;
      case 'LIST':
      case 'NLST':
        return this.#list(slot, command);
      case 'STOR':
        return this.#store(offer, argument);
      case 'RETR':
        return this.#retrieve(offer, argument);
      case 'ABOR':
        this.#passive?.close();
        this.#reply('226 Nothing is running.');
        return;
      default:
        this.#reply(inside ?? '502 Not known here.');
    }
  }

  #login(password: string): void {
    try {
      this.#offer = this.#options.desk.find('ftp', { user: this.#user, password });
      this.#reply('230 One file, please.');
    } catch (error) {
      this.#refuse(error);
      this.#failedLogins += 1;
      if (this.#failedLogins < loginAttemptsMax) this.#reply('530 Wrong user or password.');
      else this.#socket.end('421 Too many attempts.\r\n');
    }
  }

  async #listen(command: 'PASV' | 'EPSV'): Promise<void> {
    const { ports, host, desk, passiveAddress } = this.#options;
    this.#passive?.close();
    this.#passive = undefined;
    const address = passiveAddress() ?? (this.#socket.localAddress ?? '').replace(/^::ffff:/i, '');
    if (command === 'PASV' && !net.isIPv4(address)) {
      this.#reply('425 No IPv4 address here: EPSV.');
      return;
    }
    const passive = await PassiveListener.open(ports, host, { peer: this.#peer, clock: desk.clock });
    if (this.#socket.destroyed) {
      passive.close();
      return;
    }
    this.#passive = passive;
    const { port } = passive;
    if (command === 'EPSV') this.#reply(`229 Entering Extended Passive Mode (|||${port}|)`);
    else {
      const numbers = [...address.split('.'), port >> 8, port & 255].join(',');
      this.#reply(`227 Entering Passive Mode (${numbers})`);
    }
  }

  async #list(slot: UploadSlot | DownloadSlot, command: 'LIST' | 'NLST'): Promise<void> {
    const passive = this.#takePassive();
    this.#reply('150 What is there for you.');
    const data = await passive.connection();
    const entry = slot.direction === 'upload' ? undefined : slot;
    const line = command === 'LIST' ? `-r--r--r-- 1 evfleet evfleet ${entry?.size} Jan  1 2026 ` : '';
    data.end(entry ? `${line}${entry.fileName}\r\n` : '');
    data.resume();
    this.#reply('226 That is all.');
  }

  async #store({ credentials }: SlotOffer, name: string): Promise<void> {
    const { desk } = this.#options;
    // Again, because it may have expired since.
    const offer = desk.find('ftp', credentials);
    const { slot } = offer;
    const passive = this.#takePassive();
    try {
      if (slot.direction !== 'upload') throw new TransferRefusal('name', 'nothing can be stored here');
      slot.check(name);
      const { sizeBytes } = await this.#move(offer, passive, (data, watch) =>
        slot.receive(name, data, watch),
      );
      desk.log.info('file received', { station: offer.stationId, bytes: sizeBytes, protocol: 'ftp' });
      this.#reply('226 Thank you.');
    } finally {
      passive.close();
    }
  }

  async #retrieve({ credentials }: SlotOffer, name: string): Promise<void> {
    const offer = this.#options.desk.find('ftp', credentials);
    const { slot } = offer;
    const start = this.#restAt;
    this.#restAt = 0;
    const passive = this.#takePassive();
    try {
      if (slot.direction !== 'download') throw new TransferRefusal('name', 'nothing can be fetched here');
      slot.check(name);
      if (start > slot.size) throw new TransferRefusal('name', 'the file is shorter than that');
      await this.#move(offer, passive, (data, watch) => sendFrom(slot, start, data, watch));
      this.#reply('226 That is all.');
    } finally {
      passive.close();
    }
  }

  #move<T>(
    offer: SlotOffer,
    passive: PassiveListener,
    move: (data: Socket, watch: TransferWatch) => Promise<T>,
  ): Promise<T> {
    return this.#options.desk.transfer(offer, async (watch) => {
      this.#watch = watch;
      const stop = () => passive.close();
      watch.signal.addEventListener('abort', stop);
      try {
        this.#reply('150 Go ahead.');
        const data = await passive.connection();
        return await move(data, watch);
      } catch (error) {
        const isRefusal = error instanceof TransferRefusal || !isOfConnection(error);
        throw isRefusal ? error : new TransferRefusal('broken', 'the connection ended in the middle of it');
      } finally {
        this.#watch = undefined;
        watch.signal.removeEventListener('abort', stop);
      }
    });
  }

  /** @throws TransferRefusal when neither PASV nor EPSV came before */
  #takePassive(): PassiveListener {
    const passive = this.#passive;
    this.#passive = undefined;
    if (!passive) throw new TransferRefusal('broken', 'PASV or EPSV comes first');
    return passive;
  }

  #refuse(error: unknown): TransferRefusal {
    const station = this.#offer?.stationId;
    const about = { protocol: 'ftp', address: this.#peer, ...(station !== undefined && { station }) };
    return this.#options.desk.refused(error, about);
  }

  #reply(line: string): void {
    if (this.#socket.writable) this.#socket.write(`${line}\r\n`);
  }

  #armIdle(delayMs: number): void {
    this.#cancelIdle();
    this.#cancelIdle = this.#options.desk.clock.schedule(delayMs, () => {
      this.#socket.end('421 Too slow.\r\n');
      this.#socket.destroySoon();
    });
  }
}

function isOfConnection(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED'].includes(code);
}

async function sendFrom(
  slot: DownloadSlot,
  start: number,
  data: Socket,
  watch: TransferWatch,
): Promise<void> {
  data.resume();
  if (start === slot.size) {
    data.end();
    return;
  }
  await pipeline(
    slot.open({ start, end: slot.size - 1 }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        yield chunk;
        watch.moved();
      }
    },
    data,
    { signal: watch.signal },
  );
}
