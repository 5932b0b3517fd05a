import type { Outage } from '../../domain/alarm/outage.js';
import { tell } from '../tell.js';
import type { TimedTask, WatchContext } from '../watch.js';
import { lookAtDue, type Scale } from './outage-due.js';
import { offlineNotification, StationNames } from './outage-word.js';
import { connectionSteps, nextStepAt, stormMin, stormMs } from './outages.js';
import { type Round, RoundTask } from './round-task.js';
import { StormRound } from './storm-round.js';

/** Outages that share a transaction. */
const outagesPerStep = 20;

/**
 * Tells of outages whose time has come. Those that began within a minute of each other become a storm at their first
 * step, and have all their steps together, with the last of them: at most a minute later than each would have alone.
 */
export class OutageSteps extends RoundTask {
  readonly name = 'stations that are offline';

  nextAt: TimedTask['nextAt'] = (r) => r.outages.findNextStep();

  protected async begin(context: WatchContext): Promise<Round | boolean> {
    const { r, rules, now } = context;
    const scale = { steps: await connectionSteps(rules), names: new StationNames(r) };
    const due = await r.outages.listDue(now, outagesPerStep);
    for (const outage of due) {
      const { stormUuid, heldMs } = outage;
      if (stormUuid !== null && heldMs === null) return new StormRound(stormUuid, now);
      if (await joinsOthers(context, outage)) return true;
      await tellAlone(context, outage, scale);
    }
    return due.length === outagesPerStep;
  }
}

/** Whether it is one of many, with which it has its steps from now on. */
async function joinsOthers({ r, newId }: WatchContext, outage: Outage): Promise<boolean> {
  const { countsFrom, nextStepAt: from, heldMs } = outage;
  if (heldMs !== null || from === null) return false;
  const together = { from, to: from + stormMs, stepMs: from - countsFrom };
  if ((await r.outages.countTogether(together)) < stormMin) return false;
  await r.outages.joinStorm(newId(), together);
  return true;
}

async function tellAlone(context: WatchContext, outage: Outage, scale: Scale): Promise<void> {
  const due = await lookAtDue(context, outage, scale);
  if (!due) return;
  const { r, now } = context;
  const { uuid, stormUuid, since } = outage;
  const threadKey = stormUuid ?? uuid;
  for (const stepMs of new Set(due.told.map((one) => one.stepMs))) {
    const recipients = due.told.filter((one) => one.stepMs === stepMs).map(({ recipient }) => recipient);
    const notification = offlineNotification({ since, stepMs, total: 1, stations: [due.station] }, now);
    await tell(context, recipients, notification, { subjectUuid: uuid, stepMs, threadKey });
  }
  await r.outages.update(uuid, { heldMs: null, nextStepAt: nextStepAt(outage, now, scale.steps) });
}
