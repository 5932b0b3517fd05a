import type { MailServer } from '../alarm/mail-configuration.js';
import { adviceWhenOff } from '../alarm/mail-configuration.js';
import { plural } from '../plural.js';
import { type CheckResult, ok, problem, warning } from './check-result.js';

/** Asks a mail server whether it would take mail, without sending any: a port. */
export interface MailProbe {
  /** Why it would not, in a sentence for people; undefined when it would. Never throws, and takes 15 s at most. */
  probe(server: MailServer, signal: AbortSignal): Promise<string | undefined>;
}

export interface MailFacts {
  /** Why mail is off; null when it is on. */
  readonly offReason: string | null;
  /** `smtp.example.org:587` */
  readonly address: string | null;
  readonly secure: MailServer['secure'];
  readonly logsIn: boolean;
  readonly failure: string | null;
  /** Messages that were given up. */
  readonly dead: number;
}

/** What `doctor` says of mail: one result, and one more when messages were given up. */
export function checkMail(facts: MailFacts): CheckResult[] {
  const { dead } = facts;
  if (dead === 0) return [checkServer(facts)];
  const message = `${plural(dead, 'message')} could not be sent and ${dead === 1 ? 'was' : 'were'} given up.`;
  return [checkServer(facts), warning('outbox', message, 'evfleet alarm outbox list --state dead')];
}

function checkServer({ offReason, address, secure, logsIn, failure }: MailFacts): CheckResult {
  const check = 'mail';
  if (offReason !== null) {
    const message = `Mail is off, so nobody is told of alarms by mail: ${offReason}.`;
    return warning(check, message, adviceWhenOff(offReason));
  }
  if (failure !== null) {
    return problem(check, `${address} takes no mail. ${failure}`, adviceFor(failure));
  }
  if (secure === 'none' && logsIn) {
    const message = `${address} takes mail, but the password goes there in clear text.`;
    return warning(check, message, 'evfleet settings set mail.secure=starttls mail.port=');
  }
  const how = secure === 'none' ? 'in clear text' : 'by TLS';
  return ok(check, `${address} takes mail ${how}${logsIn ? ', and takes the login' : ''}.`);
}

function adviceFor(failure: string): string {
  if (/login/.test(failure)) {
    return 'evfleet settings set mail.user=<user> --secret-stdin mail.password < file';
  }
  if (/certificate|self.signed|altnames/i.test(failure)) {
    return 'If its certificate is of an authority of your own: evfleet settings set mail.ca-file=<file>';
  }
  return 'Compare mail.host, mail.port and mail.secure with what the mail server expects: evfleet settings show';
}
