import type { Repositories } from '../../domain/repositories.js';
import { noteAlarm } from './note-alarm.js';

/** A station that is no more has no alarms either: nothing would ever clear them. */
export async function endAlarms(r: Repositories, stationUuid: string, now: number): Promise<void> {
  const note = 'the station was deleted';
  for (const alarm of await r.alarms.listOpen(stationUuid)) {
    await r.alarms.update(alarm.uuid, { clearedAt: now, clearsAt: null, note });
    await noteAlarm(r, alarm, 'alarm.cleared', { by: null, note }, now);
  }
}
