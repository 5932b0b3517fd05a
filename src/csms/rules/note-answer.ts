import { isConsent } from '../../domain/station/consent.js';
import { note, type RuleContext } from './rule-context.js';

export type StationAnswer = {
  readonly action: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Who wanted it; the server by itself when left out. */
  readonly by: string | undefined;
} & (
  | {
      /** What the station answered: a status, or the code of an error; null where the answer has none. */
      readonly status: string | null;
    }
  | {
      /** Why there is no answer. */
      readonly missing: string;
    }
);

/**
 * Adds to the event log how a station took a command. What the command said is not kept: it may hold secrets; only the
 * name of a configuration key is, which is none.
 */
export async function noteAnswer(
  context: Pick<RuleContext, 'r' | 'station' | 'receivedAt'>,
  { action, payload: { connectorId, key }, by, ...said }: StationAnswer,
): Promise<void> {
  const connector = Number.isSafeInteger(connectorId) ? Number(connectorId) : null;
  const about = {
    action,
    ...(action === 'ChangeConfiguration' && typeof key === 'string' && { key }),
    ...(by !== undefined && { by }),
  };
  if ('missing' in said) {
    await note(context, 'remote.unanswered', { ...about, reason: said.missing }, { connector });
    return;
  }
  const { status } = said;
  if (status === null) await note(context, 'remote.answered', about, { connector });
  else {
    const kind = isConsent(action, status) ? 'remote.accepted' : 'remote.refused';
    await note(context, kind, { ...about, status }, { connector });
  }
}
