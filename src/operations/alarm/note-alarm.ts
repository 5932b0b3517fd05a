import type { Alarm } from '../../domain/alarm/alarm.js';
import { describeAlarm } from '../../domain/alarm/alarm-words.js';
import type { Repositories } from '../../domain/repositories.js';

/** What a person did to an alarm becomes an event; the watcher reads it, and tells those who were told of the alarm. */
export function noteAlarm(
  r: Repositories,
  alarm: Alarm,
  kind: 'alarm.acknowledged' | 'alarm.cleared',
  { by, note }: { readonly by: string | null; readonly note: string | null },
  now: number,
): Promise<void> {
  const { uuid, stationUuid, stationId, connector } = alarm;
  return r.events.insert({
    at: now,
    receivedAt: now,
    stationUuid,
    stationId,
    connector,
    kind,
    detail: JSON.stringify({ alarm: uuid, kind: alarm.kind, description: describeAlarm(alarm), by, note }),
  });
}
