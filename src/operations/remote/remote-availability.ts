import { Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import type { Connector, Station } from '../../domain/model.js';
import { quoteForShell } from '../../domain/shell.js';
import { staff } from '../access.js';
import { bulk, bulkInput, bulkOutcome, type Done } from '../bulk.js';
import { findConnector } from '../lookup.js';
import { type OperationContext, stream } from '../operation.js';
import { oneOf } from '../shared.js';
import { reachable, timeoutMs, wish } from './remote-call.js';
import { timeLeft, waitMs } from './remote-wait.js';

type Availability = 'operative' | 'inoperative';

export const remoteAvailabilityOperations = {
  'remote.availability': stream({
    summary: 'Take stations or connectors into or out of service',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({
      ...bulkInput,
      /** The whole station when left out. */
      connector: Type.Optional(Type.Integer({ minimum: 1 })),
      availability: oneOf('operative', 'inoperative'),
      timeoutMs,
      /** When given and the station waits for the end of a session, wait for it too, this long in all. */
      waitMs,
    }),
    /** In `detail`: `inForce`, whether it is so already as far as is known. */
    output: bulkOutcome,
    run: (context, { targets, concurrency, ...input }) =>
      bulk(context, targets, { concurrency }, (station, signal) =>
        changeAvailability({ ...context, signal }, station, input),
      ),
  }),
};

interface Change {
  readonly connector?: number | undefined;
  readonly availability: Availability;
  readonly timeoutMs: number;
  readonly waitMs?: number | undefined;
}

async function changeAvailability(
  context: OperationContext,
  station: Station,
  { connector, availability, timeoutMs, waitMs }: Change,
): Promise<Done> {
  const { store, clock, signal } = context;
  const { id, uuid } = station;
  if (connector !== undefined) await store.read((r) => findConnector(r, station, connector));
  const live = reachable(context, station);
  const requestedAt = clock.now();
  const { status } = await wish(
    context,
    station,
    {
      action: 'ChangeAvailability',
      payload: {
        connectorId: connector ?? 0,
        type: availability === 'operative' ? 'Operative' : 'Inoperative',
      },
      to: connector === undefined ? `become ${availability}` : `make connector ${connector} ${availability}`,
      refusals: { Rejected: 'it does not let itself be switched' },
    },
    { timeoutMs, signal },
  );
  const what = connector === undefined ? id : `${id} connector ${connector}`;
  if (status !== 'Scheduled') {
    return { status, message: `${what} is ${availability}.`, detail: { inForce: true } };
  }
  if (waitMs === undefined) {
    const message = `${what} will be ${availability} once its session has ended: Scheduled.`;
    return { status, message, detail: { inForce: false } };
  }
  const shown = async (): Promise<true | undefined> => {
    const outlets = await store.read((r) => r.connectors.listByStation(uuid, { withStation: true }));
    return isInForce(outlets, connector, availability) || undefined;
  };
  const options = { timeoutMs: timeLeft(waitMs, requestedAt, clock), signal, stationUuid: uuid };
  if (await live.waitFor(shown, options)) {
    return { status, message: `${what} is ${availability} now.`, detail: { inForce: true } };
  }
  throw new FleetError('TIMED_OUT', `${what} is still to become ${availability}: a session goes on.`, {
    suggestions: [
      `evfleet session list --station ${quoteForShell(id)} --state active`,
      `evfleet remote stop ${quoteForShell(id)}`,
    ],
  });
}

/** Whether what the connectors reported last shows it; of those that never reported anything nothing is known. */
function isInForce(
  outlets: readonly Connector[],
  wanted: number | undefined,
  availability: Availability,
): boolean {
  const reported = outlets.filter(
    ({ connector, status }) => status !== null && connector > 0 && connector === (wanted ?? connector),
  );
  return (
    reported.length > 0 &&
    reported.every(({ status }) => (status === 'Unavailable') === (availability === 'inoperative'))
  );
}
