import { emailComplaint } from '../people/email.js';
import type { Settings } from '../settings.js';
import type { Mailbox } from './mail-address.js';

/** How mail is sent. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly secure: Settings['mail.secure'];
  /** File with certificates that are trusted instead of those that Node.js does. */
  readonly caFile: string | undefined;
  /** Null when nobody logs in. */
  readonly login: { readonly user: string; readonly password: string } | null;
  readonly from: Mailbox;
  readonly replyTo: Mailbox | undefined;
  readonly maxConnections: number;
  readonly ratePerMinute: number;
}

/** The server, or why there is none: a sentence for people. */
export type MailConfiguration =
  | { readonly isOn: true; readonly server: MailServer }
  | { readonly isOn: false; readonly reason: string };

/** The ports that are meant when none is set (RFC 8314, RFC 5321). */
const usualPort: Readonly<Record<Settings['mail.secure'], number>> = { starttls: 587, tls: 465, none: 25 };

/**
 * What the settings `mail.*` say. With host and sender mail is on; the user is the sender where none is set and it is
 * an address.
 */
export function mailConfiguration(settings: Settings): MailConfiguration {
  const host = settings['mail.host'];
  if (host === undefined) return { isOn: false, reason: 'mail.host is not set' };
  const user = settings['mail.user'];
  const from = settings['mail.from'] ?? (user === undefined ? undefined : addressOf(user));
  if (from === undefined) return { isOn: false, reason: 'mail.from is not set' };
  const password = settings['mail.password'];
  if (user !== undefined && password === undefined) {
    return { isOn: false, reason: 'mail.user is set, but mail.password is not' };
  }
  const secure = settings['mail.secure'];
  return {
    isOn: true,
    server: {
      host,
      port: settings['mail.port'] ?? usualPort[secure],
      secure,
      caFile: settings['mail.ca-file'],
      login: user === undefined || password === undefined ? null : { user, password },
      from,
      replyTo: settings['mail.reply-to'],
      maxConnections: settings['mail.max-connections'],
      ratePerMinute: settings['mail.rate-per-minute'],
    },
  };
}

function addressOf(user: string): Mailbox | undefined {
  return emailComplaint(user) === undefined ? { name: '', address: user } : undefined;
}

/** The command that turns mail on. `reason` is that of a configuration which is off. */
export function adviceWhenOff(reason: string): string {
  if (reason.includes('mail.password')) {
    return 'evfleet settings set --secret-stdin mail.password < file';
  }
  return reason.includes('mail.from')
    ? 'evfleet settings set mail.from=alarms@example.org'
    : 'evfleet settings set mail.host=smtp.example.org mail.from=alarms@example.org';
}
