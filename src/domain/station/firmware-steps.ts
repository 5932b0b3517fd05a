import { plural } from '../plural.js';
import type { Repositories } from '../repositories.js';
import type { FirmwareRollout } from './firmware.js';
import { untold } from './firmware-progress.js';
import { recordChange, recordHappening } from './firmware-record.js';
import { nextStep, type Step } from './firmware-waves.js';

/** Stations that are dealt with in one transaction: other work comes in between. */
const batchSize = 200;

/** Stations whose time is up are judged; gives whether there may be more of them. */
export async function judgeOverdue(r: Repositories, now: number): Promise<boolean> {
  const overdue = await r.firmwareRollouts.listOverdue(now, batchSize);
  for (const target of overdue) {
    const rollout = await r.firmwareRollouts.find(target.rolloutId);
    if (rollout) await recordHappening(r, rollout, target, { kind: 'time' }, now);
  }
  return overdue.length === batchSize;
}

/** Does what is due with a rollout, as far as that is a matter of the records; gives what was due. */
export async function takeStep(r: Repositories, rolloutId: number, now: number): Promise<Step> {
  const rollout = await r.firmwareRollouts.find(rolloutId);
  if (!rollout) return { kind: 'wait' };
  const step = nextStep(rollout, await r.firmwareRollouts.tally(rolloutId));
  switch (step.kind) {
    case 'advance':
      await r.firmwareRollouts.update(rolloutId, { wave: step.wave, waveStartedAt: now });
      break;
    case 'stop':
      await endRollout(
        r,
        rollout,
        'stopped',
        `the rollout stopped after ${plural(step.failed, 'failure')}`,
        now,
      );
      break;
    case 'drop': {
      const state = rollout.state === 'cancelled' ? 'cancelled' : 'stopped';
      const why = `its connection broke as it was told, and the rollout was ${state} meanwhile`;
      await endRollout(r, rollout, state, why, now);
      break;
    }
    case 'finish':
      await r.firmwareRollouts.update(rolloutId, {
        endedAt: now,
        ...(rollout.state === 'running' && { state: 'done' as const }),
      });
      break;
    default:
  }
  return step;
}

/** No station is told any more; those that were are followed to their end. @returns how many were not told */
export async function endRollout(
  r: Repositories,
  { id, version }: Pick<FirmwareRollout, 'id' | 'version'>,
  state: 'stopped' | 'cancelled',
  why: string,
  now: number,
): Promise<number> {
  await r.firmwareRollouts.update(id, { state });
  const change = untold('cancelled', 'ended', why, now);
  let count = 0;
  for (;;) {
    const waiting = await r.firmwareRollouts.listTargets(
      { rolloutId: id, states: ['waiting'] },
      { limit: batchSize },
    );
    for (const target of waiting) await recordChange(r, { id, version }, target, change, now);
    count += waiting.length;
    if (waiting.length < batchSize) return count;
  }
}
