import { type Static, Type } from '@sinclair/typebox';
import { detailOf } from '../../domain/event-detail.js';
import type { ConnectionStay } from '../../domain/model.js';
import type { ConnectionFilter, RecordedEvent } from '../../domain/record-repositories.js';
import type { Repositories, Store } from '../../domain/repositories.js';
import { describeCloseCode, formatCloseCode } from '../../domain/station/close-codes.js';
import { staff } from '../access.js';
import { fieldsOf, halvesOf, listOf, listQuery } from '../list.js';
import { checkStationKnown } from '../lookup.js';
import { stream, unary } from '../operation.js';
import { pagedList } from '../paged-list.js';
import { given, instant, nullable, oneOf, toIso } from '../shared.js';
import { followEvents } from './follow.js';

const initiator = oneOf('station', 'server', 'lost', 'protocol');

/** Names and order are a contract: CSV columns follow them. */
const connectionView = Type.Object({
  stationId: Type.String(),
  openedAt: instant,
  closedAt: nullable(instant),
  /** Four digits. */
  code: nullable(Type.String()),
  initiator: nullable(initiator),
  reason: nullable(Type.String()),
  /** What operators call the code. */
  description: nullable(Type.String()),
  /** Seconds; until now while it lasts. */
  duration: Type.Integer(),
  address: nullable(Type.String()),
  protocol: Type.String(),
});
export type ConnectionView = Static<typeof connectionView>;

function toConnectionView(stay: ConnectionStay, now: number): ConnectionView {
  const { stationId, openedAt, closedAt, code, initiator, reason, address, protocol } = stay;
  return {
    stationId,
    openedAt: toIso(openedAt),
    closedAt: toIso(closedAt),
    code: code === null ? null : formatCloseCode(code),
    initiator,
    reason,
    description: code === null ? null : describeCloseCode(code),
    duration: Math.max(0, Math.round(((closedAt ?? now) - openedAt) / 1000)),
    address,
    protocol,
  };
}

const which = {
  stationId: Type.Optional(Type.String()),
  code: Type.Optional(Type.Integer({ minimum: 0, maximum: 9999 })),
  initiator: Type.Optional(initiator),
};

/** Whether a station of that id is, or was, known. */
function checkStation(r: Repositories, stationId: string | undefined): Promise<void> {
  return checkStationKnown(r, stationId, (id) => r.connections.list({ stationId: id }, { limit: 1 }));
}

export const connectionOperations = {
  'connection.list': unary({
    summary: 'List the connections of stations, newest first',
    access: staff,
    effect: 'read',
    input: Type.Object({
      ...which,
      /** Those that lasted until then or longer; milliseconds since the epoch. */
      from: Type.Optional(Type.Integer()),
      /** Those that were opened before. */
      to: Type.Optional(Type.Integer()),
      open: Type.Optional(Type.Boolean()),
      ...listQuery,
    }),
    output: listOf(connectionView),
    async run({ store, clock, signal }, input) {
      const { query, wanted } = halvesOf(input);
      const filter: ConnectionFilter = given(wanted);
      await store.read((r) => checkStation(r, filter.stationId));
      const now = clock.now();
      const source = {
        page: (size: number, after: ConnectionStay | undefined) =>
          store.read((r) => r.connections.list(filter, { limit: size, after })),
        count: () => store.read((r) => r.connections.count(filter)),
        view: (stay: ConnectionStay) => toConnectionView(stay, now),
        fields: fieldsOf(connectionView),
      };
      return pagedList(query, source, signal);
    },
  }),

  'connection.follow': stream({
    summary: 'Connections as they are opened and as they end',
    access: staff,
    effect: 'read',
    input: Type.Object(which),
    output: connectionView,
    async *run(context, { stationId, code, initiator }) {
      const { store, clock } = context;
      await store.read((r) => checkStation(r, stationId));
      const filter = { kind: 'station', ...given({ stationId }) };
      for await (const events of followEvents(context, { filter, tail: 0 })) {
        const stays = await readStays(store, events);
        yield stays
          .filter((stay) => code === undefined || stay.code === code)
          .filter((stay) => initiator === undefined || stay.initiator === initiator)
          .map((stay) => toConnectionView(stay, clock.now()));
      }
    },
  }),
};

/** The stays that events tell of, as they were then. */
function readStays(store: Store, events: readonly RecordedEvent[]): Promise<ConnectionStay[]> {
  const told = events.filter(({ kind }) => kind === 'station.connected' || kind === 'station.disconnected');
  if (told.length === 0) return Promise.resolve([]);
  return store.read(async (r) => {
    const stays: ConnectionStay[] = [];
    for (const event of told) {
      const stay = await r.connections.findByUuid(String(detailOf(event).connection));
      if (stay) stays.push(event.kind === 'station.connected' ? { ...stay, ...stillOpen } : stay);
    }
    return stays;
  });
}

const stillOpen = { closedAt: null, code: null, initiator: null, reason: null };
