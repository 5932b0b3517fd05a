import { Type } from '@sinclair/typebox';
import { describeEnd, openReservationStates, type Reservation } from '../../domain/charging/reservation.js';
import type { ReservationFilter } from '../../domain/charging/reservation-repository.js';
import { FleetError } from '../../domain/errors.js';
import type { Station } from '../../domain/model.js';
import type { Repositories } from '../../domain/repositories.js';
import { quoteForShell } from '../../domain/shell.js';
import { staff } from '../access.js';
import { fieldsOf, listOf, listQuery } from '../list.js';
import { checkStationKnown, findStation } from '../lookup.js';
import { checkConnector } from '../naming.js';
import { type LiveFleet, type OperationContext, unary } from '../operation.js';
import { pagedList } from '../paged-list.js';
import { Refusal, statusOfRefusal } from '../remote/refusal.js';
import { notAccepted, reachable } from '../remote/remote-call.js';
import { sayLack } from '../remote/unsupported.js';
import { given, toIso } from '../shared.js';
import { checkMayCharge, checkRoom, checkTagLength, checkTakesStation } from './reservation-checks.js';
import { reservationView, toView } from './reservation-view.js';

const timeoutMs = Type.Integer({ minimum: 100, maximum: 3_600_000 });

/** The end of the year 9999: what a station can be told. */
const latest = 253_402_300_799_999;

export const reservationOperations = {
  'reservation.create': unary({
    summary: 'Reserve a connector for a tag',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({
      stationId: Type.String(),
      /** 0 for any connector, at stations that support it. */
      connector: Type.Integer(),
      tag: Type.String(),
      /** Milliseconds since the epoch. */
      expiresAt: Type.Integer({ minimum: 0, maximum: latest }),
      timeoutMs,
    }),
    output: reservationView,
    async run(context, { stationId, connector, tag: idTag, expiresAt, timeoutMs }) {
      const { store, clock, signal } = context;
      const createdAt = clock.now();
      checkTagLength(idTag);
      if (expiresAt <= createdAt) {
        throw new FleetError('USAGE', `--expires takes an instant in the future, not ${toIso(expiresAt)}.`, {
          suggestions: ['--expires 30m'],
        });
      }
      const { station, tag } = await store.read(async (r) => {
        const station = await findStation(r, stationId);
        if (connector !== 0) await checkConnector(r, station, connector);
        return { station, tag: await checkMayCharge(r, station, connector, idTag, createdAt) };
      });
      const live = accepting(context, station);
      const options = { timeoutMs, signal };
      if (connector === 0) await checkTakesStation(live, station, options);
      const parent = tag?.parent || null;
      // Written down first: a car may come before the answer is here.
      const id = await store.write(async (r) => {
        await checkRoom(r, station);
        return r.reservations.insert({
          stationUuid: station.uuid,
          stationId: station.id,
          connector,
          tag: idTag,
          parent,
          createdAt,
          expiresAt,
          state: 'unanswered',
          endedAt: null,
          reason: null,
          transactionId: null,
        });
      });
      const status = await reserve(context, live, station, options, {
        connectorId: connector,
        expiryDate: toIso(expiresAt),
        idTag,
        ...(parent !== null && { parentIdTag: parent }),
        reservationId: id,
      });
      if (status !== 'Accepted') throw refused(station, connector, status);
      return store.write(async (r) => {
        const made = await settle(r, id, { state: 'active' });
        const detail = { reservation: id, tag: idTag, until: toIso(expiresAt) };
        if (made.state === 'active') await noteReservation(context, r, made, 'reservation.made', detail);
        return toView(made, clock.now());
      });
    },
  }),

  'reservation.list': unary({
    summary: 'List reservations, newest first',
    access: staff,
    effect: 'read',
    input: Type.Object({
      stationId: Type.Optional(Type.String()),
      connector: Type.Optional(Type.Integer()),
      tag: Type.Optional(Type.String()),
      /** Also those that are over. */
      allStates: Type.Optional(Type.Boolean()),
      ...listQuery,
    }),
    output: listOf(reservationView),
    async run({ store, clock, signal }, { stationId, connector, tag, allStates, ...query }) {
      const now = clock.now();
      const filter: ReservationFilter = given({
        stationId,
        connector,
        tag,
        openAt: allStates ? undefined : now,
      });
      await store.read((r) => checkStation(r, stationId));
      const source = {
        page: (size: number, after: Reservation | undefined) =>
          store.read((r) => r.reservations.list(filter, { limit: size, after })),
        count: () => store.read((r) => r.reservations.count(filter)),
        view: (reservation: Reservation) => toView(reservation, now),
        fields: fieldsOf(reservationView),
      };
      return pagedList(query, source, signal);
    },
  }),

  'reservation.cancel': unary({
    summary: 'Cancel a reservation',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({ id: Type.Integer(), timeoutMs }),
    output: reservationView,
    async run(context, { id, timeoutMs }) {
      const { store, clock, signal } = context;
      const { reservation, station } = await store.read(async (r) => {
        const reservation = await findOpen(r, id, clock.now());
        return { reservation, station: await findStation(r, reservation.stationId) };
      });
      const live = accepting(context, station);
      const payload = { reservationId: reservation.id };
      const answer = await live
        .call(station, 'CancelReservation', payload, { timeoutMs, signal })
        .catch(sayLack(station.id, 'takes no reservations'));
      const isCancelled = answer.status === 'Accepted';
      const reason = `${station.id} knew nothing of it`;
      const ending = isCancelled ? ({ state: 'cancelled' } as const) : ({ state: 'lost', reason } as const);
      const { ended, was } = await store.write(async (r) => {
        const was = await r.reservations.findById(id);
        const ended = await settle(r, id, { ...ending, endedAt: clock.now() });
        if (was?.endedAt === null)
          await noteReservation(context, r, ended, 'reservation.ended', describeEnd(ended));
        return { ended, was };
      });
      // A car has come, or its time, while the station was asked: that is what it answered to.
      if (was && was.endedAt !== null) throw over(was, clock.now());
      if (isCancelled) return toView(ended, clock.now());
      // That is what this answer means (OCPP 1.6 §5.1).
      throw new Refusal(
        station.id,
        String(answer.status),
        `${station.id} refused to cancel reservation ${id}: it answered ${answer.status}, it knows of none with this id.`,
        ['evfleet reservation list --all-states'],
      );
    },
  }),
};

/** Asks the station; gives its status. What it clearly does not hold is not kept as if it did. */
async function reserve(
  { store, clock }: OperationContext,
  live: LiveFleet,
  station: Station,
  options: { timeoutMs: number; signal: AbortSignal },
  payload: { reservationId: number } & Record<string, unknown>,
): Promise<string> {
  const { reservationId: id } = payload;
  const refuse = (reason: string) =>
    store.write((r) => settle(r, id, { state: 'refused', endedAt: clock.now(), reason }));
  try {
    const { status } = await live
      .call(station, 'ReserveNow', payload, options)
      .catch(sayLack(station.id, 'takes no reservations'));
    if (status !== 'Accepted') await refuse(`it answered ${String(status)}`);
    return String(status);
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    const { code, message, suggestions } = error;
    if (['REFUSED', 'CONFLICT', 'USAGE'].includes(code)) {
      const said = statusOfRefusal(error);
      await refuse(said === null ? message.replace(/\.$/, '') : `it answered ${said}`);
      throw error;
    }
    // Without a clear no it may hold it: that ends by its time, or by cancelling it.
    throw new FleetError(code, `${message} It may hold reservation ${id} all the same.`, {
      cause: error,
      suggestions: [...suggestions, `evfleet reservation cancel ${id}`],
    });
  }
}

/** Changes a reservation that is still open; a session may have used it in between. */
async function settle(
  r: Repositories,
  id: number,
  change: Partial<Pick<Reservation, 'state' | 'endedAt' | 'reason'>>,
): Promise<Reservation> {
  const known = await r.reservations.findById(id);
  if (!known) throw new FleetError('NOT_FOUND', `There is no reservation ${id}.`);
  if (known.endedAt !== null) return known;
  await r.reservations.update(id, change);
  return { ...known, ...change };
}

const words: Readonly<Record<string, string>> = {
  Occupied: 'is in use or reserved already',
  Faulted: 'has a fault',
  Unavailable: 'is out of service',
};

function refused(station: Station, connector: number, status: string): Refusal {
  const where = connector === 0 ? station.id : `Connector ${connector} of ${station.id}`;
  const known = Object.hasOwn(words, status) ? words[status] : undefined;
  const message =
    known === undefined
      ? `${station.id} takes no such reservation: it answered ${status}.`
      : `${where} ${known}: it answered ${status}.`;
  const list = `evfleet reservation list --station ${quoteForShell(station.id)}`;
  return new Refusal(station.id, status, message, status === 'Occupied' ? [list] : []);
}

function accepting(context: OperationContext, station: Station): LiveFleet {
  const live = reachable(context, station);
  if (station.registration === 'accepted') return live;
  throw notAccepted(station);
}

/** Whether a station of that id is, or was, known. */
function checkStation(r: Repositories, stationId: string | undefined): Promise<void> {
  return checkStationKnown(r, stationId, (id) => r.reservations.list({ stationId: id }, { limit: 1 }));
}

async function findOpen(r: Repositories, id: number, now: number): Promise<Reservation> {
  const found = await r.reservations.findById(id);
  if (!found) {
    throw new FleetError('NOT_FOUND', `There is no reservation ${id}.`, {
      suggestions: ['evfleet reservation list'],
    });
  }
  const { state } = toView(found, now);
  if (openReservationStates.includes(state)) return found;
  throw over(found, now);
}

function over(reservation: Reservation, now: number): FleetError {
  const { id, state } = toView(reservation, now);
  return new FleetError('CONFLICT', `Reservation ${id} is over already: ${state}.`, {
    suggestions: ['evfleet reservation list --all-states'],
  });
}

function noteReservation(
  { clock }: OperationContext,
  r: Repositories,
  { stationUuid, stationId, connector }: Reservation,
  kind: string,
  detail: Record<string, unknown>,
): Promise<void> {
  const at = clock.now();
  const where = { stationUuid, stationId, connector };
  return r.events.insert({ at, receivedAt: at, ...where, kind, detail: JSON.stringify(detail) });
}
