import { type Static, Type } from '@sinclair/typebox';
import { detailOf } from '../../domain/event-detail.js';
import type { Fault } from '../../domain/model.js';
import type { FaultFilter, RecordedEvent } from '../../domain/record-repositories.js';
import type { Repositories, Store } from '../../domain/repositories.js';
import { staff } from '../access.js';
import { fieldsOf, halvesOf, listOf, listQuery } from '../list.js';
import { checkStationKnown } from '../lookup.js';
import { stream, unary } from '../operation.js';
import { pagedList } from '../paged-list.js';
import { given, instant, nullable, toIso } from '../shared.js';
import { followEvents } from './follow.js';

/** Names and order are a contract: CSV columns follow them. */
const faultView = Type.Object({
  since: instant,
  until: nullable(instant),
  /** Seconds; until now while it lasts. */
  duration: Type.Integer(),
  stationId: Type.String(),
  /** 0 is the station itself. */
  connector: Type.Integer(),
  errorCode: Type.String(),
  vendorErrorCode: nullable(Type.String()),
  vendorId: nullable(Type.String()),
  info: nullable(Type.String()),
  /** Of the connector, as it was reported with the error. */
  status: Type.String(),
  /** Whether it began during maintenance. */
  maintenance: Type.Boolean(),
});
export type FaultView = Static<typeof faultView>;

function toFaultView(fault: Fault, now: number): FaultView {
  const { beganAt, endedAt, stationId, connector, errorCode } = fault;
  const { vendorErrorCode, vendorId, info, status, maintenance } = fault;
  return {
    since: toIso(beganAt),
    until: toIso(endedAt),
    duration: Math.max(0, Math.round(((endedAt ?? now) - beganAt) / 1000)),
    stationId,
    connector,
    errorCode,
    vendorErrorCode,
    vendorId,
    info,
    status,
    maintenance,
  };
}

const which = {
  stationId: Type.Optional(Type.String()),
  connector: Type.Optional(Type.Integer()),
  /** The error code or that of the vendor. */
  error: Type.Optional(Type.String()),
};

/** Whether a station of that id is, or was, known. */
function checkStation(r: Repositories, stationId: string | undefined): Promise<void> {
  return checkStationKnown(r, stationId, (id) => r.faults.list({ stationId: id }, { limit: 1 }));
}

export const faultOperations = {
  'fault.list': unary({
    summary: 'List the errors that stations reported, newest first',
    access: staff,
    effect: 'read',
    input: Type.Object({
      ...which,
      /** Those that lasted until then or longer; milliseconds since the epoch. */
      from: Type.Optional(Type.Integer()),
      /** Those that began before. */
      to: Type.Optional(Type.Integer()),
      active: Type.Optional(Type.Boolean()),
      ...listQuery,
    }),
    output: listOf(faultView),
    async run({ store, clock, signal }, input) {
      const { query, wanted } = halvesOf(input);
      const filter: FaultFilter = given(wanted);
      await store.read((r) => checkStation(r, filter.stationId));
      const now = clock.now();
      const source = {
        page: (size: number, after: Fault | undefined) =>
          store.read((r) => r.faults.list(filter, { limit: size, after })),
        count: () => store.read((r) => r.faults.count(filter)),
        view: (fault: Fault) => toFaultView(fault, now),
        fields: fieldsOf(faultView),
      };
      return pagedList(query, source, signal);
    },
  }),

  'fault.follow': stream({
    summary: 'Errors as they begin and as they end',
    access: staff,
    effect: 'read',
    input: Type.Object(which),
    output: faultView,
    async *run(context, { stationId, connector, error }) {
      const { store, clock } = context;
      await store.read((r) => checkStation(r, stationId));
      const filter = { kind: 'fault', ...given({ stationId }) };
      for await (const events of followEvents(context, { filter, tail: 0 })) {
        const faults = await readFaults(store, events);
        yield faults
          .filter((fault) => connector === undefined || fault.connector === connector)
          .filter((fault) => error === undefined || isError(fault, error))
          .map((fault) => toFaultView(fault, clock.now()));
      }
    },
  }),
};

function isError({ errorCode, vendorErrorCode }: Fault, wanted: string): boolean {
  return [errorCode, vendorErrorCode].some((code) => code?.toLowerCase() === wanted.toLowerCase());
}

/** The faults that events tell of: without an end where they began. */
function readFaults(store: Store, events: readonly RecordedEvent[]): Promise<Fault[]> {
  if (events.length === 0) return Promise.resolve([]);
  return store.read(async (r) => {
    const faults: Fault[] = [];
    for (const event of events) {
      const fault = await r.faults.findByUuid(String(detailOf(event).fault));
      if (fault) faults.push(event.kind === 'fault.began' ? { ...fault, endedAt: null } : fault);
    }
    return faults;
  });
}
