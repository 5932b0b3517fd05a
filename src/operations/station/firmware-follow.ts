import type { ErrorCode } from '../../domain/errors.js';
import type { FirmwareRollout, FirmwareTarget } from '../../domain/station/firmware.js';
import { isEnded } from '../../domain/station/firmware-progress.js';
import type { BulkOutcome } from '../bulk.js';
import type { OperationContext } from '../operation.js';

/** From one look at the records to the next: many stations change at the same time. */
const lookIntervalMs = 200;

/** A station that waits may have gone away, which nothing announces. */
const pollIntervalMs = 5_000;

/**
 * What becomes of the stations of a rollout, each once: with `wait` when it is judged, else when it has been told, or at
 * once when its wave has not come. The rollout goes on whether or not anybody follows it.
 */
export async function* followRollout(
  context: OperationContext,
  { id }: FirmwareRollout,
  { wait }: { readonly wait: boolean },
): AsyncGenerator<readonly BulkOutcome[]> {
  const { store, live, signal } = context;
  const said = new Set<string>();
  const look = async (): Promise<{ outcomes: BulkOutcome[]; left: number }> => {
    const { rollout, targets } = await store.read(async (r) => ({
      rollout: await r.firmwareRollouts.find(id),
      targets: await r.firmwareRollouts.listTargets({ rolloutId: id }, { limit: 20_000 }),
    }));
    const outcomes: BulkOutcome[] = [];
    let left = 0;
    for (const target of targets) {
      if (said.has(target.stationUuid)) continue;
      const isThere = live?.isOnline(target.stationUuid) ?? false;
      const outcome = rollout && (wait ? judged(rollout, target) : told(rollout, target, isThere));
      if (outcome) {
        said.add(target.stationUuid);
        outcomes.push(outcome);
      } else left += 1;
    }
    return { outcomes, left };
  };
  for (;;) {
    const changed = nextChange(context);
    const { outcomes, left } = await look().catch((error: unknown) => {
      changed.cancel();
      throw error;
    });
    if (outcomes.length > 0) yield outcomes;
    if (left === 0) {
      changed.cancel();
      return;
    }
    await changed.done;
    signal.throwIfAborted();
  }
}

/** Resolves some time after the next change, or when it is time to look again anyway. */
function nextChange({ firmware, clock, signal }: OperationContext): {
  readonly done: Promise<void>;
  readonly cancel: () => void;
} {
  let cancel = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    let cancelSoon: (() => void) | undefined;
    const end = (): void => {
      unsubscribe();
      cancelPoll();
      cancelSoon?.();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const unsubscribe =
      firmware?.changes?.subscribe(() => {
        cancelSoon ??= clock.schedule(lookIntervalMs, end);
      }) ?? ((): void => undefined);
    const cancelPoll = clock.schedule(pollIntervalMs, end);
    signal.addEventListener('abort', end);
    cancel = end;
  });
  return { done, cancel };
}

function told(rollout: FirmwareRollout, target: FirmwareTarget, isThere: boolean): BulkOutcome | undefined {
  const { stationId, state, wave, detail, status } = target;
  if (isEnded(target)) return judged(rollout, target);
  if (wave > rollout.wave) {
    return outcome(rollout, target, {
      message: `${stationId} is in wave ${wave + 1} of rollout ${rollout.id}.`,
    });
  }
  switch (state) {
    case 'waiting':
      if (isThere) return undefined;
      return outcome(rollout, target, {
        code: 'STATION_OFFLINE',
        message: `${stationId} went offline; rollout ${rollout.id} tells it if it comes back soon.`,
      });
    case 'sending':
      return undefined;
    case 'offered':
      if (target.reason === 'silent') {
        return outcome(rollout, target, {
          code: 'TIMED_OUT',
          message: `${detail}; it may have heard all the same.`,
        });
      }
      break;
    default:
  }
  const note = detail === null ? '' : `; ${detail}`;
  const message = `${stationId} was told to install ${rollout.version}${note}.`;
  return outcome(rollout, target, { status: status ?? 'Accepted', message });
}

function judged(rollout: FirmwareRollout, target: FirmwareTarget): BulkOutcome | undefined {
  const { stationId, state, detail, reason, status, fromVersion } = target;
  switch (state) {
    case 'succeeded': {
      if (detail !== null) {
        return outcome(rollout, target, { status, message: `${stationId} was updated: ${detail}.` });
      }
      const from = fromVersion === null ? '' : `, before it was ${fromVersion}`;
      return outcome(rollout, target, {
        status,
        message: `${stationId} runs ${rollout.version} now${from}.`,
      });
    }
    case 'failed':
      return outcome(rollout, target, {
        status,
        code: reason === 'silent' ? 'TIMED_OUT' : 'REFUSED',
        message: `${stationId} was not updated: ${detail ?? 'it failed'}.`,
      });
    case 'skipped':
      return outcome(rollout, target, {
        code: 'STATION_OFFLINE',
        message: `${stationId} was not updated: ${detail ?? 'it was offline'}.`,
      });
    case 'cancelled':
      return outcome(rollout, target, {
        code: 'CONFLICT',
        message: `${stationId} was not updated: ${detail ?? 'the rollout ended'}.`,
      });
    default:
      return undefined;
  }
}

function outcome(
  { id }: FirmwareRollout,
  { stationId, wave, state }: FirmwareTarget,
  said: { readonly message: string; readonly status?: string | null; readonly code?: ErrorCode },
): BulkOutcome {
  const { message, status = null, code = null } = said;
  return {
    stationId,
    ok: code === null,
    status,
    message,
    code,
    detail: { rollout: id, wave: wave + 1, state },
    suggestions: code === null ? [] : [`evfleet firmware status ${id}`],
  };
}
