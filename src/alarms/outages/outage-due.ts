import type { NamedStation } from '../../domain/alarm/notification.js';
import type { Outage } from '../../domain/alarm/outage.js';
import { openAlarm } from '../alarm-book.js';
import { type Recipient, recipientsFor } from '../recipients.js';
import type { WatchContext } from '../watch.js';
import type { StationNames } from './outage-word.js';
import { endOutage, heldCheckMs, nextStepAt, offlineAfterMs } from './outages.js';

/** Who is to be told now of an outage, and of which step. */
export interface DueOutage {
  readonly station: NamedStation;
  readonly since: number;
  readonly told: readonly { readonly recipient: Recipient; readonly stepMs: number }[];
}

/** What the steps of outages are found out with. */
export interface Scale {
  /** After how long somebody may be told, ascending. */
  readonly steps: readonly number[];
  readonly names: StationNames;
}

/**
 * Looks at an outage that has a step: opens its alarm when it is time for that, and finds out whom it is told to.
 * @returns undefined when nobody is to be told: the station is not one of the fleet any more, or there is maintenance,
 * for which it is held back
 */
export async function lookAtDue(
  context: WatchContext,
  outage: Outage,
  { steps, names }: Scale,
): Promise<DueOutage | undefined> {
  const { r, rules, now } = context;
  const { uuid, stationUuid, countsFrom, deliberate, since, heldMs } = outage;
  const station = await r.stations.findByUuid(stationUuid);
  if (station?.registration !== 'accepted') {
    await endOutage(context, outage);
    return undefined;
  }
  const toMs = now - countsFrom;
  const dueMs = (outage.nextStepAt ?? now) - countsFrom;
  if (dueMs <= offlineAfterMs && offlineAfterMs <= toMs && !deliberate) {
    const place = { station, connector: null, condition: '' };
    await openAlarm(context, { kind: 'connection-lost', ...place, description: '', at: since });
  }
  const fromMs = heldMs ?? dueMs;
  const window = await r.maintenance.findActive({ stationUuid, connector: null }, now);
  if (window) {
    const next = nextStepAt(outage, now, steps) ?? window.to;
    const checkAt = Math.min(next, window.to, now + heldCheckMs);
    await r.outages.update(uuid, { heldMs: fromMs, nextStepAt: checkAt });
    return undefined;
  }
  const recipients = (await recipientsFor(rules, { trigger: 'connection-lost', stationUuid })).filter(
    (recipient) => recipient.deliberate || !deliberate,
  );
  return { station: await names.name(station), since, told: lastSteps(recipients, { fromMs, toMs }) };
}

/** Of several steps that came at once, as after maintenance, each recipient is told of the last. */
function lastSteps(
  recipients: readonly Recipient[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): DueOutage['told'] {
  const told = new Map<string, DueOutage['told'][number]>();
  for (const recipient of recipients) {
    const stepMs = recipient.stepsMs.findLast((step) => step >= fromMs && step <= toMs);
    if (stepMs === undefined) continue;
    const key = `${recipient.channel} ${recipient.key}`;
    const known = told.get(key);
    if (!known || known.stepMs < stepMs) told.set(key, { recipient, stepMs });
  }
  return [...told.values()];
}
