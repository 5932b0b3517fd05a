import { readFile } from 'node:fs/promises';
import type { SMTPPoolOptions, Transporter } from 'nodemailer';
import type { MailServer } from '../../domain/alarm/mail-configuration.js';

/** What a mail server may take; each limit ends the connection. */
export interface MailLimits {
  /** For DNS, for the connection, and for the greeting, each. */
  readonly connectMs: number;
  /** Without a byte from it. */
  readonly silenceMs: number;
  /** For one message in all, however busy the server seems. */
  readonly messageMs: number;
  /** Of one answer. */
  readonly answerMaxBytes: number;
}

export const defaultMailLimits: MailLimits = {
  connectMs: 20_000,
  silenceMs: 60_000,
  messageMs: 180_000,
  answerMaxBytes: 64 * 1024,
};

/** Mails a connection is used for, and how long it is kept without one. */
const mailsPerConnection = 100;
const idleMs = 30_000;

/**
 * Connections to a mail server, opened when they are needed.
 * @throws when the file with certificates cannot be read
 */
export async function openTransport(server: MailServer, limits: MailLimits): Promise<Transporter> {
  // 40 ms to load: only by who sends mail.
  const { createTransport } = await import('nodemailer');
  return createTransport({ ...(await transportOptions(server, limits)), pool: true });
}

async function transportOptions(server: MailServer, limits: MailLimits): Promise<SMTPPoolOptions> {
  const { host, port, secure, caFile, login, maxConnections } = server;
  const ca = caFile === undefined ? undefined : await readFile(caFile);
  return {
    host,
    port,
    secure: secure === 'tls',
    // Never in clear text because somebody in between cut the offer of TLS out.
    requireTLS: secure === 'starttls',
    ignoreTLS: secure === 'none',
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca && { ca }) },
    ...(login && { auth: { user: login.user, pass: login.password } }),
    maxConnections,
    maxMessages: mailsPerConnection,
    // One that the server closed while it was idle is no failure.
    maxRequeues: 1,
    idleTimeout: idleMs,
    dnsTimeout: limits.connectMs,
    connectionTimeout: limits.connectMs,
    greetingTimeout: limits.connectMs,
    socketTimeout: limits.silenceMs,
    maxResponseSize: limits.answerMaxBytes,
    // What is in a mail is never read from a file or fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  };
}
