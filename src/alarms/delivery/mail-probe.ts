import type { MailProbe } from '../../domain/check/mail-check.js';
import { describeMailFailure } from './mail-failure.js';
import { type MailLimits, openTransport } from './mail-transport.js';

/** Somebody waits for it. */
const limits: MailLimits = {
  connectMs: 5000,
  silenceMs: 10_000,
  messageMs: 15_000,
  answerMaxBytes: 64 * 1024,
};

/** Connects, encrypts and logs in as for a mail, and hangs up. */
export function createMailProbe({ messageMs }: Pick<MailLimits, 'messageMs'> = limits): MailProbe {
  return {
    async probe(server, signal) {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(messageMs)]);
      try {
        const transport = await openTransport({ ...server, maxConnections: 1 }, limits);
        try {
          await Promise.race([transport.verify(), aborted(patience)]);
        } finally {
          transport.close();
        }
        return undefined;
      } catch (error) {
        return patience.aborted ? 'The mail server did not answer in time.' : describeMailFailure(error);
      }
    },
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
