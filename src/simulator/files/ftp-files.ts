import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { finished } from 'node:stream/promises';

/** Longest line, or longest answer, that a server may give. */
const MAX_REPLY_CHARS = 8_192;
const DEFAULT_PORT = 21;

/** Uploads a text into the directory that `location` is. @throws Error when the server refuses it, or the signal's reason */
export function ftpUpload(
  location: string,
  fileName: string,
  text: string,
  signal: AbortSignal,
): Promise<void> {
  return withControl(location, signal, async (control) => {
    const directory = pathOf(location).replace(/\/+$/, '');
    if (directory !== '') await control.ask(`CWD ${directory}`, 2);
    const data = await control.openData(signal);
    try {
      await control.ask(`STOR ${fileName}`, 1);
      data.resume();
      data.end(text);
      await finished(data);
    } finally {
      data.destroy();
    }
    await control.answer(2);
  });
}

/** Downloads a file and throws it away. @returns its size in bytes @throws Error, or the signal's reason */
export function ftpDownload(location: string, maxBytes: number, signal: AbortSignal): Promise<number> {
  return withControl(location, signal, async (control) => {
    const path = pathOf(location);
    const slash = path.lastIndexOf('/');
    if (slash > 0) await control.ask(`CWD ${path.slice(0, slash)}`, 2);
    const data = await control.openData(signal);
    let sizeBytes = 0;
    try {
      await control.ask(`RETR ${path.slice(slash + 1)}`, 1);
      for await (const chunk of data) {
        sizeBytes += (chunk as Buffer).byteLength;
        if (sizeBytes > maxBytes) throw new Error('The file is too large');
      }
    } finally {
      data.destroy();
    }
    await control.answer(2);
    return sizeBytes;
  });
}

async function withControl<T>(
  location: string,
  signal: AbortSignal,
  use: (control: Control) => Promise<T>,
): Promise<T> {
  const { hostname, port, username, password } = new URL(location);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = await connect(host, port === '' ? DEFAULT_PORT : Number(port), signal);
  try {
    const control = new Control(socket, host);
    await control.answer(2);
    const welcome = await control.ask(`USER ${decodeURIComponent(username) || 'anonymous'}`, 2, 3);
    if (welcome.startsWith('3')) await control.ask(`PASS ${decodeURIComponent(password)}`, 2);
    await control.ask('TYPE I', 2);
    const result = await use(control);
    socket.end('QUIT\r\n');
    return result;
  } finally {
    socket.destroySoon();
  }
}

/** The little of RFC 959 and 2428 that moving one file takes. */
class Control {
  readonly #socket: Socket;
  readonly #host: string;
  readonly #replies: AsyncIterator<string>;

  constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    this.#replies = repliesOf(socket);
  }

  /** @throws Error unless the answer begins with one of these digits */
  async ask(command: string, ...wanted: readonly number[]): Promise<string> {
    if (/[\r\n]/.test(command)) throw new Error('The address has a line break in it');
    this.#socket.write(`${command}\r\n`);
    return this.answer(...wanted);
  }

  async answer(...wanted: readonly number[]): Promise<string> {
    const reply = await this.#replies.next();
    if (reply.done) throw new Error('The FTP connection ended');
    if (wanted.includes(Number(reply.value[0]))) return reply.value;
    throw new Error(`The transfer was answered with FTP ${reply.value}`);
  }

  /** To the host of the control connection, wherever the server points. */
  async openData(signal: AbortSignal): Promise<Socket> {
    const answer = await this.ask('EPSV', 2);
    const port = /\(\|\|\|(\d{1,5})\|\)/.exec(answer)?.[1];
    if (port === undefined) throw new Error('The FTP server named no port');
    return connect(this.#host, Number(port), signal);
  }
}

async function connect(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const socket = addAbortSignal(signal, net.connect({ host, port }));
  try {
    await once(socket, 'connect', { signal });
  } catch (error) {
    socket.destroy();
    throw error;
  }
  // Whoever reads or writes hears of it; nobody else has to.
  socket.on('error', () => undefined);
  return socket;
}

/** Whole replies, those of several lines included. */
async function* repliesOf(socket: Socket): AsyncGenerator<string> {
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) {
    text += String(chunk);
    for (;;) {
      const reply = /^(\d{3})(?: .*|-(?:.*\r\n)*?\1 .*)\r\n/.exec(text)?.[0];
      if (reply === undefined) break;
      text = text.slice(reply.length);
      yield reply.trimEnd();
    }
    if (text.length > MAX_REPLY_CHARS) throw new Error('The FTP server says too much');
  }
}

function pathOf(location: string): string {
  return decodeURIComponent(new URL(location).pathname).replace(/^\//, '');
}
