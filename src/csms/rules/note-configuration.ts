import type { Alarm } from '../../domain/alarm/alarm.js';
import type { Repositories } from '../../domain/repositories.js';
import { note, type RuleContext } from './rule-context.js';

/** Attempts, half an hour with their pauses, after which somebody has to know that they fail. */
const attemptsTold = 5;

/** How the configuration of a station stands after an endeavour. */
export interface ConfigurationStanding {
  /** Keys whose values the station will not take. */
  readonly rejected: readonly string[];
  /** Those of them that it would have been asked for before. */
  readonly newlyRejected: readonly string[];
  /** That failed one after the other. */
  readonly attempts: number;
  /** Why the last of them did. */
  readonly failure: string | null;
}

export const asItShould: ConfigurationStanding = {
  rejected: [],
  newlyRejected: [],
  attempts: 0,
  failure: null,
};

/**
 * Adds to the event log that a station cannot be brought to what is desired of it, once each time that comes true, and
 * that it could after all. What a station does not know at all is none of this: templates are for many models.
 */
export async function noteConfiguration(
  context: Pick<RuleContext, 'r' | 'station' | 'receivedAt'>,
  { rejected, newlyRejected, attempts, failure }: ConfigurationStanding,
): Promise<void> {
  if (newlyRejected.length > 0 || attempts === attemptsTold) {
    await note(context, 'configuration.failed', {
      keys: rejected.join(', '),
      reason: rejected.length > 0 ? 'Rejected' : (failure ?? `not taken in ${attempts} attempts`),
    });
    return;
  }
  if (rejected.length > 0 || attempts > 0) return;
  const alarm = await findConfigurationAlarm(context.r, context.station.uuid);
  if (alarm && alarm.clearsAt === null) await note(context, 'configuration.complete', {});
}

/** Of what was noted before, and lasts. */
export function findConfigurationAlarm(r: Repositories, stationUuid: string): Promise<Alarm | undefined> {
  const condition = { kind: 'configuration-fault', connector: null, condition: 'configuration' } as const;
  return r.alarms.findOpen({ ...condition, stationUuid });
}
