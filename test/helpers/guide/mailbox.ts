import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A real mail server that keeps what it is sent. */
export class Mailbox {
  /** As people read them, oldest first. */
  readonly mails: string[] = [];
  readonly #server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    allowInsecureAuth: true,
    onAuth: (auth, _session, callback) => callback(null, { user: auth.username }),
    logger: false,
    closeTimeout: 10,
    onData: (stream, _session, callback) => {
      void simpleParser(stream).then((mail) => {
        const to = [mail.to].flat().map((address) => address?.text);
        this.mails.push(`To: ${to.join(', ')}\nSubject: ${mail.subject}\n\n${mail.text?.trim()}`);
        callback();
      });
    },
  });

  async listen(): Promise<number> {
    this.#server.on('error', () => undefined);
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server.server, 'listening');
    return (this.#server.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
