import { clearAlarm } from './alarm-book.js';
import type { TimedTask } from './watch.js';

/** Alarms that share a transaction. */
const alarmsPerStep = 50;

/** Alarms whose condition has been gone for long enough are cleared. */
export const clearing: TimedTask = {
  name: 'alarms that clear',
  nextAt: (r) => r.alarms.findNextClearing(),
  async run(context) {
    const due = await context.r.alarms.listClearing(context.now, alarmsPerStep);
    for (const alarm of due) await clearAlarm(context, alarm);
    return due.length === alarmsPerStep;
  },
};
