import { Type } from '@sinclair/typebox';
import type { Alarm } from '../../domain/alarm/alarm.js';
import { FleetError } from '../../domain/errors.js';
import type { Repositories } from '../../domain/repositories.js';
import { staff } from '../access.js';
import { findAlarm } from '../lookup.js';
import { unary } from '../operation.js';
import { given } from '../shared.js';
import { type AlarmView, alarmView, toAlarmView } from './alarm-view.js';
import { noteAlarm } from './note-alarm.js';

/** Uuids of alarms, or beginnings that only one has. */
const ids = Type.Array(Type.String(), { minItems: 1, maxItems: 1000 });
const text = Type.String({ minLength: 1, maxLength: 1000 });

export const alarmHandlingOperations = {
  'alarm.ack': unary({
    summary: 'Say that somebody has seen alarms',
    access: staff,
    effect: 'change',
    input: Type.Object({ ids, note: Type.Optional(text) }),
    output: Type.Object({ alarms: Type.Array(alarmView) }),
    run: ({ store, clock, caller }, { ids: chosen, note }) =>
      store.write(async (r) => {
        const now = clock.now();
        const alarms: AlarmView[] = [];
        for (const alarm of await findOpenAlarms(r, chosen)) {
          // Who saw it first; a note may be added later.
          const seen = alarm.ackedAt === null ? { ackedAt: now, ackedBy: caller.name } : {};
          const change = { ...seen, ...given({ note }) };
          await r.alarms.update(alarm.uuid, change);
          if (alarm.ackedAt === null)
            await noteAlarm(r, alarm, 'alarm.acknowledged', { by: caller.name, note: note ?? null }, now);
          alarms.push(toAlarmView({ ...alarm, ...change }));
        }
        return { alarms };
      }),
  }),

  'alarm.clear': unary({
    summary: 'Clear alarms by hand, whether or not their conditions are over',
    access: staff,
    effect: 'change',
    input: Type.Object({ ids, note: text }),
    output: Type.Object({
      alarms: Type.Array(alarmView),
      /** Ids of those whose condition lasts, as far as is known: they open again only when it comes anew. */
      lasting: Type.Array(Type.String()),
    }),
    run: ({ store, clock, caller }, { ids: chosen, note }) =>
      store.write(async (r) => {
        const now = clock.now();
        const alarms: AlarmView[] = [];
        const lasting: string[] = [];
        for (const alarm of await findOpenAlarms(r, chosen)) {
          const change = { clearedAt: now, clearsAt: null, clearedBy: caller.name, note };
          await r.alarms.update(alarm.uuid, change);
          await noteAlarm(r, alarm, 'alarm.cleared', { by: caller.name, note }, now);
          alarms.push(toAlarmView({ ...alarm, ...change }));
          if (alarm.clearsAt === null) lasting.push(alarm.uuid);
        }
        return { alarms, lasting };
      }),
  }),
};

/** All of them, each once, or none. */
async function findOpenAlarms(r: Repositories, chosen: readonly string[]): Promise<Alarm[]> {
  const alarms = new Map<string, Alarm>();
  for (const id of chosen) {
    const alarm = await findAlarm(r, id);
    if (alarm.clearedAt !== null) {
      const when = new Date(alarm.clearedAt).toISOString();
      throw new FleetError('CONFLICT', `Alarm ${JSON.stringify(id)} was cleared already, at ${when}.`, {
        suggestions: ['evfleet alarm list', `evfleet alarm show ${alarm.uuid}`],
      });
    }
    alarms.set(alarm.uuid, alarm);
  }
  return [...alarms.values()];
}
