import net, { type Socket } from 'node:net';
import type { Clock } from '../../domain/clock.js';
import type { FtpControl } from './ftp-control.js';
import { PassiveListener, type PassivePorts } from './ftp-data.js';
import type { TlsGate } from './tls-gate.js';
import { TransferRefusal } from './transfer-refusal.js';

export interface DataChannelOptions {
  readonly ports: PassivePorts;
  /** Where the data connections are listened for. */
  readonly host: string;
  /** The IPv4 address that `PASV` tells; undefined: the one that the station connected to. */
  readonly passiveAddress: () => string | undefined;
  /** Undefined: no TLS here. */
  readonly gate: TlsGate | undefined;
  readonly clock: Clock;
}

/** How one control connection comes to its data connections. */
export class FtpDataChannel {
  /** Whether they are to be in TLS (`PROT P`). */
  isSecure: boolean;
  readonly #control: FtpControl;
  readonly #options: DataChannelOptions;
  #passive: PassiveListener | undefined;

  constructor(control: FtpControl, options: DataChannelOptions) {
    this.#control = control;
    this.#options = options;
    // Who began with TLS wants it for everything.
    this.isSecure = control.isSecure;
  }

  /** Waits for one from now on. @returns what to reply */
  async listen(command: 'PASV' | 'EPSV'): Promise<string> {
    const { ports, host, clock, passiveAddress } = this.#options;
    const { peer, localAddress } = this.#control;
    this.close();
    const address = passiveAddress() ?? localAddress;
    if (command === 'PASV' && !net.isIPv4(address)) return '425 No IPv4 address here: EPSV.';
    const passive = await PassiveListener.open(ports, host, { peer, clock });
    if (this.#control.isClosed) {
      passive.close();
      return '426 It is too late for that.';
    }
    this.#passive = passive;
    const { port } = passive;
    if (command === 'EPSV') return `229 Entering Extended Passive Mode (|||${port}|)`;
    const numbers = [...address.split('.'), port >> 8, port & 255].join(',');
    return `227 Entering Passive Mode (${numbers})`;
  }

  /** What was listened for; it is the taker's to close. @throws TransferRefusal when nothing was */
  take(): PassiveListener {
    const passive = this.#passive;
    this.#passive = undefined;
    if (!passive) throw new TransferRefusal('broken', 'PASV or EPSV comes first');
    return passive;
  }

  /** @throws TransferRefusal `broken` when none came in time, or TLS was not agreed on */
  async connection(passive: PassiveListener): Promise<Socket> {
    const { gate } = this.#options;
    const data = await passive.connection();
    return this.isSecure && gate ? gate.secure(data) : data;
  }

  close(): void {
    this.#passive?.close();
    this.#passive = undefined;
  }
}
