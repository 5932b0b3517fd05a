import { Type } from '@sinclair/typebox';
import { formatDuration } from '../../domain/duration.js';
import { FleetError } from '../../domain/errors.js';
import type { Station } from '../../domain/model.js';
import { quoteForShell } from '../../domain/shell.js';
import { staff } from '../access.js';
import { bulk, bulkInput, bulkOutcome, type Done } from '../bulk.js';
import { type OperationContext, stream } from '../operation.js';
import { oneOf } from '../shared.js';
import { isAnswerLost } from './refusal.js';
import { type CallOptions, reachable, timeoutMs, wish } from './remote-call.js';
import { timeLeft, waitMs } from './remote-wait.js';

/** How long a station that is back may take to send its BootNotification before it counts as one that sends none. */
const bootGraceMs = 10_000;

export const remoteResetOperations = {
  'remote.reset': stream({
    summary: 'Restart stations',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({
      ...bulkInput,
      kind: oneOf('soft', 'hard'),
      timeoutMs,
      /** When given, wait until the station is back, this long in all. */
      waitMs,
    }),
    /**
     * Waited for, `detail` has `back` (`booted`, or `reconnected` when no BootNotification came), `afterMs` and
     * `firmwareVersion`.
     */
    output: bulkOutcome,
    run: (context, { targets, concurrency, ...input }) =>
      bulk(context, targets, { concurrency }, (station, signal) =>
        reset({ ...context, signal }, station, input),
      ),
  }),
};

interface Reset {
  readonly kind: 'soft' | 'hard';
  readonly timeoutMs: number;
  readonly waitMs?: number | undefined;
}

async function reset(context: OperationContext, station: Station, input: Reset): Promise<Done> {
  const { store, clock, signal } = context;
  const { kind, timeoutMs, waitMs } = input;
  const { id, uuid } = station;
  const live = reachable(context, station);
  const requestedAt = clock.now();
  const connection = live.connectionId(uuid);
  const last = waitMs === undefined ? 0 : await store.read(({ events }) => events.lastSequence());
  const options = { timeoutMs, signal };
  const status = await ask(context, station, kind, options).catch((error: unknown) => {
    if (!isAnswerLost(error)) throw error;
    // A power cut leaves no time for an answer; whether it was one shows when the station boots.
    if (waitMs !== undefined) return null;
    throw new FleetError('STATION_OFFLINE', error.message, {
      cause: error.cause,
      suggestions: ['It may be restarting: --wait waits until it is back.'],
    });
  });
  if (waitMs === undefined) return { status, message: `${id} answered ${status}: it will restart.` };

  const hasBooted = async (): Promise<true | undefined> => {
    const filter = { stationId: id, kind: 'station.booted' };
    const [boot] = await store.read(({ events }) => events.listAfter(filter, { after: last, limit: 1 }));
    return boot && true;
  };
  const isBack = async (): Promise<'booted' | 'reconnected' | undefined> => {
    if (await hasBooted()) return 'booted';
    const now = live.connectionId(uuid);
    return now !== undefined && now !== connection ? 'reconnected' : undefined;
  };
  const left = () => timeLeft(waitMs, requestedAt, clock);
  let back = await live.waitFor(isBack, { timeoutMs: left(), signal, stationUuid: uuid });
  if (back === 'reconnected') {
    const grace = { timeoutMs: Math.min(left(), bootGraceMs), signal, stationUuid: uuid };
    if (await live.waitFor(hasBooted, grace)) back = 'booted';
  }
  // Without an answer a new connection alone proves nothing: the old one may just have broken.
  if (back === undefined || (status === null && back === 'reconnected')) {
    throw new FleetError('TIMED_OUT', `${id} ${whatHappened(status, back)}.`, {
      suggestions: [
        `evfleet event list --station ${quoteForShell(id)}`,
        'Give it more time with --timeout 5m.',
      ],
    });
  }
  const afterMs = clock.now() - requestedAt;
  const { firmwareVersion } = (await store.read((r) => r.stations.findById(id))) ?? station;
  return {
    status,
    message: `${id} is back after ${formatDuration(afterMs)}${inWords(back, firmwareVersion)}.`,
    detail: { back, afterMs, firmwareVersion },
  };
}

async function ask(
  context: OperationContext,
  station: Station,
  kind: Reset['kind'],
  options: CallOptions,
): Promise<string> {
  const type = kind === 'hard' ? 'Hard' : 'Soft';
  const refusals = { Rejected: 'it will not restart now' };
  const asked = { action: 'Reset', payload: { type }, to: 'reset', refusals };
  return (await wish(context, station, asked, options)).status;
}

function whatHappened(status: string | null, back: 'reconnected' | undefined): string {
  if (status !== null) return 'accepted the reset, but is not back yet';
  if (back === undefined) return 'went offline without an answer to the reset, and is not back yet';
  return 'went offline without an answer to the reset, and is connected again without a boot';
}

function inWords(back: 'booted' | 'reconnected', firmwareVersion: string | null): string {
  if (back === 'reconnected') return ', connected without a BootNotification';
  return firmwareVersion === null ? '' : `, firmware ${firmwareVersion}`;
}
