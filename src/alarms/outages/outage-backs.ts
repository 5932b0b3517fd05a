import type { Outage } from '../../domain/alarm/outage.js';
import { tell } from '../tell.js';
import type { TimedTask, WatchContext } from '../watch.js';
import { backNotification, whoKnows } from './outage-over.js';
import { StationNames } from './outage-word.js';
import { type Round, RoundTask } from './round-task.js';
import { StormBack } from './storm-back.js';

/** Outages that share a transaction. */
const outagesPerStep = 20;

/** Tells those who know of an outage that it is over. */
export class OutageBacks extends RoundTask {
  readonly name = 'stations that are back';

  nextAt: TimedTask['nextAt'] = (r) => r.outages.findNextBack();

  protected async begin(context: WatchContext): Promise<Round | boolean> {
    const { r, now } = context;
    const names = new StationNames(r);
    const over = await r.outages.listBack(now, outagesPerStep);
    for (const outage of over) {
      const { stormUuid, backAt } = outage;
      if (stormUuid !== null && backAt !== null) return new StormBack(stormUuid, backAt);
      await tellAlone(context, outage, names);
    }
    return over.length === outagesPerStep;
  }
}

async function tellAlone(context: WatchContext, outage: Outage, names: StationNames): Promise<void> {
  const found = await whoKnows(context, outage, names);
  if (!found) return;
  const { uuid } = outage;
  const subject = { subjectUuid: uuid, stepMs: 0, threadKey: uuid };
  await tell(context, found.recipients, backNotification(outage, found.station), subject);
  await context.r.outages.update(uuid, { backAt: null });
}
