import { detailOf } from '../../domain/event-detail.js';
import { failedStatuses } from '../../domain/station/firmware-progress.js';
import { endCondition, openAlarm } from '../alarm-book.js';
import type { EventHandler } from '../watch.js';
import { placeOf } from './conditions-fault.js';

/** Updates that nobody rolled out: the station was told in another way, and says itself how it went. */
export const firmwareEvent: EventHandler = async (context, event) => {
  const word = event.kind.slice('firmware.'.length);
  const condition = { kind: 'firmware-failed', ...placeOf(event), connector: null, condition: '' } as const;
  if (word === 'updated' || word === 'Installed') {
    await endCondition(context, condition);
    return;
  }
  const description =
    word === 'failed' ? ofRollout(detailOf(event)) : await isOwnFailure(context, event, word);
  if (description === undefined) return;
  await openAlarm(context, { ...condition, description, at: event.at, seenAt: event.receivedAt });
};

function ofRollout({ version, reason }: Readonly<Record<string, unknown>>): string {
  return [version, reason].filter((said) => typeof said === 'string' && said !== '').join(', ');
}

/** What the station says, in words; undefined when it is no failure, or one that its rollout judges. */
async function isOwnFailure(
  ...[{ r }, { stationUuid, stationId, sequence, receivedAt }, status]: [
    ...Parameters<EventHandler>,
    status: string,
  ]
): Promise<string | undefined> {
  const failure = Object.hasOwn(failedStatuses, status) ? failedStatuses[status] : undefined;
  if (failure === undefined || (await r.firmwareRollouts.findOpenTarget(stationUuid))) return undefined;
  const [judged] = await r.events.listAfter(
    { stationId, kind: 'firmware.failed' },
    { limit: 1, after: sequence },
  );
  return judged?.receivedAt === receivedAt ? undefined : failure;
}
