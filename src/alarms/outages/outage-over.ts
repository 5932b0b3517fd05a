import type { NamedStation, Notification } from '../../domain/alarm/notification.js';
import type { Notice, Outage } from '../../domain/alarm/outage.js';
import { type Recipient, recipientsFor, recipientsOf, uniqueRecipients } from '../recipients.js';
import type { WatchContext } from '../watch.js';
import type { StationNames } from './outage-word.js';
import { heldCheckMs } from './outages.js';

export function backNotification(
  { since, countsFrom, endedAt }: Outage,
  station: NamedStation,
): Notification {
  const time = endedAt ?? since;
  // A clock that was set back makes the one negative, but never the other.
  const durationMs = Math.max(time - since, time - countsFrom);
  return { kind: 'station-back', time, since, durationMs, ...station };
}

/**
 * Those who were told of an outage, unless the rule is gone by which they were. Rules are not asked any more whether
 * they are for the station, which may stand elsewhere now; those that told of it as one of many are.
 * @returns undefined when it is not to be told, or not yet: during maintenance it is told afterwards
 */
export async function whoKnows(
  context: WatchContext,
  { uuid, stationUuid, stormUuid, deliberate }: Outage,
  names: StationNames,
): Promise<{ readonly station: NamedStation; readonly recipients: Recipient[] } | undefined> {
  const { r, rules, now } = context;
  const station = await r.stations.findByUuid(stationUuid);
  if (station?.registration !== 'accepted') {
    await r.outages.update(uuid, { backAt: null });
    return undefined;
  }
  const window = await r.maintenance.findActive({ stationUuid, connector: null }, now);
  if (window) {
    await r.outages.update(uuid, { backAt: Math.min(window.to, now + heldCheckMs) });
    return undefined;
  }
  const alone = told(await r.notices.listBySubject(uuid));
  const together = stormUuid === null ? [] : told(await r.notices.listBySubject(stormUuid));
  const holding = await recipientsFor(rules, { trigger: 'connection-lost', stationUuid });
  const telling = (await rules.enabled())
    .filter((rule) => alone.some(({ ruleUuid }) => ruleUuid === rule.uuid))
    .flatMap(recipientsOf);
  const knows = (notices: readonly Notice[]) => (recipient: Recipient) =>
    notices.some(({ recipientKey }) => recipientKey === recipient.key);
  const recipients = uniqueRecipients([
    ...[...telling, ...holding].filter(knows(alone)),
    ...holding.filter(knows(together)).filter((recipient) => recipient.deliberate || !deliberate),
  ]);
  return { station: await names.name(station), recipients };
}

function told(notices: readonly Notice[]): Notice[] {
  return notices.filter(({ stepMs }) => stepMs > 0);
}
