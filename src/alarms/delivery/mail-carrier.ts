import type { Transporter } from 'nodemailer';
import type { Mailbox } from '../../domain/alarm/mail-address.js';
import { type MailServer, mailConfiguration } from '../../domain/alarm/mail-configuration.js';
import { renderNotification } from '../../domain/alarm/notification-message.js';
import type { OutboxMessage } from '../../domain/alarm/outbox.js';
import { readPayload } from '../../domain/alarm/outbox-payload.js';
import { emailComplaint } from '../../domain/people/email.js';
import type { Settings } from '../../domain/settings.js';
import type { Carrier, CarrierState, Delivery } from './carrier.js';
import { deliveryOf } from './mail-failure.js';
import { defaultMailLimits, type MailLimits, openTransport } from './mail-transport.js';

export interface MailCarrierOptions {
  readonly limits?: MailLimits;
  /** By whose clock times are told; that of the process when left out. */
  readonly timeZone?: string | undefined;
}

/** Sends mails by SMTP, with the settings of the moment. */
export class MailCarrier implements Carrier {
  readonly channel = 'mail';
  readonly #limits: MailLimits;
  readonly #timeZone: string | undefined;
  #version = '';
  #transport: Promise<Transporter> | undefined;

  constructor({ limits = defaultMailLimits, timeZone }: MailCarrierOptions = {}) {
    this.#limits = limits;
    this.#timeZone = timeZone;
  }

  state(settings: Settings): CarrierState {
    const configuration = mailConfiguration(settings);
    if (!configuration.isOn) {
      this.close();
      return configuration;
    }
    const { server } = configuration;
    const { maxConnections: concurrency, ratePerMinute } = server;
    return { isOn: true, version: JSON.stringify(server), concurrency, ratePerMinute };
  }

  async send(message: OutboxMessage, settings: Settings, signal: AbortSignal): Promise<Delivery> {
    const payload = readPayload(message.payload);
    if (!payload) return { kind: 'refused', reason: 'Another version of evfleet wrote this message.' };
    const complaint = emailComplaint(message.recipient);
    if (complaint !== undefined) return { kind: 'refused', reason: `This address ${complaint}.` };
    const configuration = mailConfiguration(settings);
    if (!configuration.isOn) return { kind: 'unreachable', reason: `Mail is off: ${configuration.reason}.` };
    const { server } = configuration;
    const patience = AbortSignal.timeout(this.#limits.messageMs);
    try {
      const rendered = renderNotification(payload.notification, {
        language: payload.language,
        timeZone: this.#timeZone,
      });
      const transport = await this.#open(server);
      await transport.sendMail({
        ...headersOf(message, server),
        ...rendered,
        textEncoding: 'quoted-printable',
        envelope: { from: server.from.address, to: [message.recipient] },
        signal: AbortSignal.any([signal, patience]),
      });
      return { kind: 'sent' };
    } catch (error) {
      if (patience.aborted) {
        return { kind: 'unreachable', reason: 'The mail server did not take the message in time.' };
      }
      return deliveryOf(error);
    }
  }

  /** Mails that are under way are not cut off. */
  close(): void {
    const transport = this.#transport;
    this.#transport = undefined;
    this.#version = '';
    transport?.then(
      (open) => open.close(),
      () => undefined,
    );
  }

  #open(server: MailServer): Promise<Transporter> {
    const version = JSON.stringify(server);
    if (this.#transport !== undefined && this.#version === version) return this.#transport;
    this.close();
    const opening = openTransport(server, this.#limits);
    this.#transport = opening;
    this.#version = version;
    // A file that could not be read may be there the next time.
    opening.catch(() => {
      if (this.#transport === opening) this.close();
    });
    return opening;
  }
}

function headersOf(message: OutboxMessage, { from, replyTo }: MailServer) {
  return {
    from: written(from),
    to: { name: '', address: message.recipient },
    ...(replyTo && { replyTo: written(replyTo) }),
    messageId: message.messageId,
    ...(message.replyTo !== null && { inReplyTo: message.replyTo, references: [message.replyTo] }),
    date: new Date(message.createdAt),
    headers: {
      // Nobody is to answer that they are on holiday (RFC 3834).
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Evfleet-Kind': message.kind,
    },
  };
}

function written({ name, address }: Mailbox) {
  return { name, address };
}
