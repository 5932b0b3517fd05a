import { note, type RuleContext } from './rule-context.js';

export interface StationAnswer {
  readonly action: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** What the station answered: a status, or the code of an error. */
  readonly status: string;
}

/** Statuses that mean yes, in whichever action. */
const agreeing: ReadonlySet<string> = new Set(['Accepted', 'Scheduled', 'RebootRequired', 'Unlocked']);

/**
 * Adds to the event log how a station took a command. What the command said is not kept: it may hold secrets; only the
 * name of a configuration key is, which is none.
 */
export async function noteAnswer(
  context: Pick<RuleContext, 'r' | 'station' | 'receivedAt'>,
  { action, payload: { connectorId, key }, status }: StationAnswer,
): Promise<void> {
  const kind = agreeing.has(status) ? 'remote.accepted' : 'remote.refused';
  const connector = Number.isSafeInteger(connectorId) ? Number(connectorId) : null;
  const about = action === 'ChangeConfiguration' && typeof key === 'string' ? { key } : {};
  await note(context, kind, { action, ...about, status }, { connector });
}
