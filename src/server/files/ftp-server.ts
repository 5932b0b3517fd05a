import net, { type AddressInfo, type Socket } from 'node:net';
import type { Clock } from '../../domain/clock.js';
import { FleetError } from '../../domain/errors.js';
import type { KeptTls } from '../tls/tls-keeper.js';
import { PassivePorts, type PortRange } from './ftp-data.js';
import { FtpSession } from './ftp-session.js';
import { TlsGate } from './tls-gate.js';
import type { TransferDesk } from './transfer-desk.js';

/** Control connections; beyond them a station is told to come back. */
const sessionsMax = 256;

/** What TLS begins with, and no command of FTP. */
const tlsRecord = 0x16;
/** How long a station is waited for that begins with TLS; it does so with its first packet. */
const implicitTlsWaitMs = 200;

export interface FtpOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly passivePorts: PortRange;
  /** Undefined: no TLS. */
  readonly tls?: KeptTls | undefined;
}

/**
 * A file server for stations that only know FTP: of RFC 959, 2428 and 3659 what moving one file takes, in passive
 * mode, with a login per file.
 *
 * Of our own, because what there is for Node brings many packages that nobody maintains, one of which is compiled
 * when it is installed, and limits neither commands nor transfers.
 */
export class FtpServer {
  readonly port: number;
  readonly hasTls: boolean;
  /** What `PASV` tells where it is not the address that the station connected to. */
  passiveAddress: string | undefined;
  readonly #server: net.Server;
  readonly #sockets: ReadonlySet<Socket>;

  private constructor(server: net.Server, sockets: ReadonlySet<Socket>, hasTls: boolean) {
    this.#server = server;
    this.hasTls = hasTls;
    this.#sockets = sockets;
    this.port = (server.address() as AddressInfo).port;
  }

  /** @throws FleetError PORT_IN_USE and others that say what is wrong with the port */
  static async listen(desk: TransferDesk, { host, port, passivePorts, tls }: FtpOptions): Promise<FtpServer> {
    const ports = new PassivePorts(passivePorts);
    const gate = tls && new TlsGate(tls);
    const sockets = new Set<Socket>();
    let ftp: FtpServer | undefined;
    const server = net.createServer((socket) => {
      const address = socket.remoteAddress;
      socket.once('close', () => sockets.delete(socket));
      if (sockets.size >= sessionsMax) {
        desk.log.warn('file transfer refused: too many FTP connections', { address });
        socket.on('error', () => undefined);
        socket.write('421 Too many connections.\r\n');
        socket.destroySoon();
        return;
      }
      sockets.add(socket);
      const options = { desk, ports, host, gate, passiveAddress: () => ftp?.passiveAddress };
      if (!gate) {
        new FtpSession(socket, { ...options, isSecure: false });
        return;
      }
      void secured(socket, gate, desk)
        .then(({ socket, isSecure }) => {
          if (!socket.destroyed) new FtpSession(socket, { ...options, isSecure });
        })
        .catch((error: unknown) => desk.refused(error, { protocol: 'ftps', address }));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
      server.listen({ port, host }, resolve);
    });
    server.on('error', (error) => desk.log.warn(`an FTP connection could not be accepted: ${error.message}`));
    ftp = new FtpServer(server, sockets, gate !== undefined);
    return ftp;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }
}

/**
 * Some take `ftps://` to mean that TLS comes first, others that it is asked for (`AUTH TLS`), and stations cannot be told
 * which: who begins with TLS, before the greeting, gets it.
 */
async function secured(
  socket: Socket,
  gate: TlsGate,
  { clock }: TransferDesk,
): Promise<{ socket: Socket; isSecure: boolean }> {
  socket.on('error', () => undefined);
  const isSecure = await beginsWithTls(socket, clock);
  return { socket: isSecure ? await gate.secure(socket) : socket, isSecure };
}

function beginsWithTls(socket: Socket, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const look = () => {
      cancel();
      socket.off('readable', look);
      const first: Buffer | null = socket.read();
      if (first) socket.unshift(first);
      resolve(first?.[0] === tlsRecord);
    };
    const cancel = clock.schedule(implicitTlsWaitMs, look);
    // Also when it ends.
    socket.once('readable', look);
    socket.once('close', look);
  });
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new FleetError('PORT_IN_USE', `Port ${port} on ${host} (FTP) is in use by another program.`, {
      cause: error,
      suggestions: [`evfleet serve --ftp-port ${port + 1}`],
    });
  }
  if (error.code === 'EACCES') {
    return new FleetError('NOT_ALLOWED', `This user may not listen on port ${port} (FTP).`, {
      cause: error,
      suggestions: ['Choose a port above 1023 with --ftp-port.'],
    });
  }
  return error;
}
