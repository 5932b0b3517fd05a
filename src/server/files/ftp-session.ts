import type { Socket } from 'node:net';
import type { TransferCredentials } from '../../domain/station/file-exchange.js';
import { FtpCommands } from './ftp-commands.js';
import { FtpControl } from './ftp-control.js';
import type { PassiveListener } from './ftp-data.js';
import { type DataChannelOptions, FtpDataChannel } from './ftp-data-channel.js';
import {
  featureReply,
  fixedReplies,
  fixedRepliesInside,
  isProtection,
  protectionReply,
  refusalReplies,
  refusedAuth,
  tlsFirst,
} from './ftp-replies.js';
import { isOfConnection, listing, sendFrom } from './ftp-transfer.js';
import type { Slot, SlotOffer, TransferDesk } from './transfer-desk.js';
import { TransferRefusal } from './transfer-refusal.js';
import type { TransferWatch } from './transfer-watch.js';

export interface FtpSessionOptions extends Omit<DataChannelOptions, 'clock'> {
  readonly desk: TransferDesk;
  /** TLS came before the greeting. */
  readonly isSecure: boolean;
}

const loginAttemptsMax = 3;
/** From the greeting on, whatever is said meanwhile: a stranger cannot keep a connection. */
const loginTimeoutMs = 20_000;
/** Between two commands, and after a transfer. */
const idleTimeoutMs = 60_000;

/** One control connection (RFC 959): logs in to one offer, moves its file, sees nothing else. */
export class FtpSession {
  readonly #control: FtpControl;
  readonly #data: FtpDataChannel;
  readonly #options: FtpSessionOptions;
  readonly #commands: FtpCommands;
  #user = '';
  #failedLogins = 0;
  #loginBy: number;
  #offer: SlotOffer | undefined;
  #restAt = 0;
  #watch: TransferWatch | undefined;
  #cancelIdle = (): void => undefined;

  constructor(socket: Socket, options: FtpSessionOptions) {
    this.#options = options;
    this.#loginBy = options.desk.clock.now() + loginTimeoutMs;
    this.#commands = new FtpCommands({
      obey: (line) => this.#obey(line),
      failed: (error) => {
        const { kind, message } = this.#refuse(error);
        this.#reply(`${refusalReplies[kind]} ${message}.`);
      },
      busy: () => this.#cancelIdle(),
      idle: () => {
        if (!this.#control.isClosed)
          this.#armIdle(this.#offer ? idleTimeoutMs : this.#loginBy - options.desk.clock.now());
      },
    });
    this.#control = new FtpControl(socket, {
      isSecure: options.isSecure,
      commands: (lines) => this.#receive(lines),
      tooLong: () => this.#tooMuch(),
      closed: () => this.#end(),
    });
    this.#data = new FtpDataChannel(this.#control, { ...options, clock: options.desk.clock });
    this.#armIdle(loginTimeoutMs);
    this.#control.reply('220 evfleet');
  }

  #end(): void {
    this.#cancelIdle();
    this.#watch?.end(new TransferRefusal('broken', 'the control connection ended in the middle of it'));
    this.#data.close();
  }

  #receive(lines: readonly string[]): void {
    // The one command that does not wait for its turn; Telnet signals may stand before it.
    if (this.#watch && lines.some((line) => /ABOR\s*$/i.test(line))) {
      this.#watch.end(new TransferRefusal('broken', 'the station broke it off'));
    }
    if (!this.#commands.add(lines)) this.#tooMuch();
  }

  #tooMuch(): void {
    this.#commands.clear();
    this.#refuse(new TransferRefusal('broken', 'more commands, or longer ones, than FTP has'));
    this.#control.end('500 Too much.');
  }

  async #obey(line: string): Promise<void> {
    const [, verb = '', argument = ''] = /^\W*([A-Za-z]{3,4})(?: (.*))?$/s.exec(line) ?? [];
    const command = verb.toUpperCase();
    switch (command) {
      case 'USER':
        if (this.#offer) this.#loginBy = this.#options.desk.clock.now() + loginTimeoutMs;
        this.#user = argument;
        this.#offer = undefined;
        this.#reply('331 Password, please.');
        return;
      case 'PASS':
        this.#login(argument);
        return;
      case 'QUIT':
        this.#control.goodbye('221 Goodbye.');
        return;
      case 'FEAT':
        this.#reply(featureReply({ hasTls: this.#options.gate !== undefined }));
        return;
      case 'AUTH':
        return this.#secure(argument);
      case 'PBSZ':
        this.#reply(this.#control.isSecure ? '200 PBSZ=0' : tlsFirst);
        return;
      case 'PROT':
        if (this.#control.isSecure && isProtection(argument)) this.#data.isSecure = /p/i.test(argument);
        this.#reply(protectionReply(argument, this.#control));
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
        this.#reply(await this.#data.listen(command));
        return;
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
        this.#data.close();
        this.#reply('226 Nothing is running.');
        return;
      default:
        this.#reply(inside ?? '502 Not known here.');
    }
  }

  /** `AUTH` (RFC 4217): from here on in TLS, and as if nothing had been said before. */
  async #secure(mechanism: string): Promise<void> {
    const { gate } = this.#options;
    const { isSecure } = this.#control;
    const refused = refusedAuth(mechanism, { hasTls: gate !== undefined, isSecure });
    if (refused !== undefined || !gate) {
      this.#reply(refused ?? '502 Not here.');
      return;
    }
    // Sent in plain, perhaps by somebody in between, to be obeyed in TLS.
    if (this.#commands.waiting > 0 || this.#control.hasRest) {
      this.#tooMuch();
      return;
    }
    this.#data.close();
    this.#user = '';
    this.#offer = undefined;
    this.#reply('234 TLS from here on.');
    await this.#control.secure(gate);
  }

  #login(password: string): void {
    try {
      this.#offer = this.#find({ user: this.#user, password });
      this.#reply('230 One file, please.');
    } catch (error) {
      const { kind } = this.#refuse(error);
      this.#failedLogins += 1;
      if (this.#failedLogins >= loginAttemptsMax) this.#control.goodbye('421 Too many attempts.');
      else this.#reply(kind === 'plain' ? '530 AUTH TLS comes first.' : '530 Wrong user or password.');
    }
  }

  #find(credentials: TransferCredentials): SlotOffer {
    return this.#options.desk.find({ server: 'ftp', isSecure: this.#control.isSecure }, credentials);
  }

  async #list(slot: Slot, command: 'LIST' | 'NLST'): Promise<void> {
    const passive = this.#data.take();
    this.#reply('150 What is there for you.');
    const data = await this.#data.connection(passive);
    data.end(listing(slot, command));
    data.resume();
    this.#reply('226 That is all.');
  }

  async #store({ credentials }: SlotOffer, name: string): Promise<void> {
    const { desk } = this.#options;
    // Again, because it may have expired since.
    const offer = this.#find(credentials);
    const { slot } = offer;
    const passive = this.#data.take();
    try {
      if (slot.direction !== 'upload') throw new TransferRefusal('name', 'nothing can be stored here');
      slot.check(name);
      const { sizeBytes } = await this.#move(offer, passive, (data, watch) =>
        slot.receive(name, data, watch),
      );
      const about = { station: offer.stationId, protocol: this.#control.protocol };
      desk.log.info('file received', { ...about, bytes: sizeBytes });
      this.#reply('226 Thank you.');
    } finally {
      passive.close();
    }
  }

  async #retrieve({ credentials }: SlotOffer, name: string): Promise<void> {
    const offer = this.#find(credentials);
    const { slot } = offer;
    const start = this.#restAt;
    this.#restAt = 0;
    const passive = this.#data.take();
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
        if (offer.needsTls && !this.#data.isSecure) {
          throw new TransferRefusal('plain', 'this file is moved in TLS only: PROT P');
        }
        this.#reply('150 Go ahead.');
        const data = await this.#data.connection(passive);
        return await move(data, watch);
      } catch (error) {
        if (!isOfConnection(error)) throw error;
        throw new TransferRefusal('broken', 'the connection ended in the middle of it');
      } finally {
        this.#watch = undefined;
        watch.signal.removeEventListener('abort', stop);
      }
    });
  }

  #refuse(error: unknown): TransferRefusal {
    const station = this.#offer?.stationId;
    const about = {
      protocol: this.#control.protocol,
      address: this.#control.peer,
      ...(station !== undefined && { station }),
    };
    return this.#options.desk.refused(error, about);
  }

  #reply(line: string): void {
    this.#control.reply(line);
  }

  #armIdle(delayMs: number): void {
    const { clock } = this.#options.desk;
    this.#cancelIdle();
    this.#cancelIdle = clock.schedule(Math.max(0, delayMs), () => this.#control.end('421 Too slow.'));
  }
}
