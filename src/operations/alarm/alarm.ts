import { type Static, Type } from '@sinclair/typebox';
import { type Alarm, type AlarmFilter, alarmKinds } from '../../domain/alarm/alarm.js';
import type { RecordedEvent } from '../../domain/record-repositories.js';
import type { Repositories } from '../../domain/repositories.js';
import { staff } from '../access.js';
import { fieldsOf, halvesOf, listOf, listQuery } from '../list.js';
import { checkStationKnown, findAlarm, findGroup, findSite } from '../lookup.js';
import { type OperationContext, stream, unary } from '../operation.js';
import { pagedList } from '../paged-list.js';
import { eventView, toEventView } from '../record/event-view.js';
import { given, nullable, oneOf } from '../shared.js';
import { alarmView, toAlarmView } from './alarm-view.js';
import { mailOff } from './mail-off.js';

const which = Type.Object({
  stationId: Type.Optional(Type.String()),
  /** 0 is the station itself, as in `fault.list`. */
  connector: Type.Optional(Type.Integer({ minimum: 0 })),
  site: Type.Optional(Type.String()),
  group: Type.Optional(Type.String()),
  kind: Type.Optional(oneOf(...alarmKinds)),
  /** Whether somebody has seen it. */
  acked: Type.Optional(Type.Boolean()),
  /** Opened at or after; milliseconds since the epoch. */
  from: Type.Optional(Type.Integer()),
  /** Opened before. */
  to: Type.Optional(Type.Integer()),
});

async function resolveFilter(
  r: Repositories,
  { site, group, connector, ...filter }: Static<typeof which>,
): Promise<AlarmFilter> {
  const { stationId } = filter;
  const siteUuid = site === undefined ? undefined : (await findSite(r, site)).uuid;
  const groupUuid = group === undefined ? undefined : (await findGroup(r, group)).uuid;
  await checkStationKnown(r, stationId, (id) => r.alarms.list({ stationId: id }, { limit: 1 }));
  return { ...given({ ...filter, siteUuid, groupUuid, connector: connector === 0 ? null : connector }) };
}

type Query = Static<typeof query>;
const query = Type.Composite([which, Type.Object(listQuery)]);

async function listAlarms({ store, signal }: OperationContext, input: Query, state: AlarmFilter) {
  const { query, wanted } = halvesOf(input);
  const filter = await store.read(async (r) => ({ ...(await resolveFilter(r, wanted)), ...state }));
  const source = {
    page: (size: number, after: Alarm | undefined) =>
      store.read((r) => r.alarms.list(filter, { limit: size, after })),
    count: () => store.read((r) => r.alarms.count(filter)),
    view: toAlarmView,
    fields: fieldsOf(alarmView),
  };
  return pagedList(query, source, signal);
}

/** Events before and after the beginning of an alarm, and its end, that `alarm.show` gives. */
const aroundMs = 10 * 60_000;
const eventsEach = 20;

const exportPage = 200;

export const alarmOperations = {
  'alarm.list': unary({
    summary: 'List open alarms, newest first',
    access: staff,
    effect: 'read',
    input: query,
    output: Type.Composite([
      listOf(alarmView),
      Type.Object({
        /** Why nobody is told by mail; null when mail is set up. */
        mailOff: nullable(Type.String()),
      }),
    ]),
    async run(context, input) {
      const list = await listAlarms(context, input, { open: true });
      return { ...list, mailOff: await context.store.read(mailOff) };
    },
  }),

  'alarm.history': unary({
    summary: 'List all alarms, those that are cleared as well, newest first',
    access: staff,
    effect: 'read',
    input: query,
    output: listOf(alarmView),
    run: (context, input) => listAlarms(context, input, {}),
  }),

  'alarm.show': unary({
    summary: 'Show an alarm, with what happened around it',
    access: staff,
    effect: 'read',
    input: Type.Object({ id: Type.String() }),
    output: Type.Composite([alarmView, Type.Object({ events: Type.Array(eventView) })]),
    run: ({ store }, { id }) =>
      store.read(async (r) => {
        const alarm = await findAlarm(r, id);
        return { ...toAlarmView(alarm), events: (await eventsAround(r, alarm)).map(toEventView) };
      }),
  }),

  'alarm.export': stream({
    summary: 'All alarms that match, newest first',
    access: staff,
    effect: 'read',
    input: Type.Composite([
      which,
      Type.Object({
        /** Only those that are open, or only those that are not; all when left out. */
        open: Type.Optional(Type.Boolean()),
      }),
    ]),
    output: alarmView,
    async *run({ store, signal }, { open, ...wanted }) {
      const filter = await store.read(async (r) => ({
        ...(await resolveFilter(r, wanted)),
        ...given({ open }),
      }));
      let after: Alarm | undefined;
      do {
        signal.throwIfAborted();
        const page = { limit: exportPage, after };
        const alarms = await store.read((r) => r.alarms.list(filter, page));
        if (alarms.length > 0) yield alarms.map(toAlarmView);
        after = alarms.length < exportPage ? undefined : alarms.at(-1);
      } while (after);
    },
  }),
};

/** Of the same station; those of its other connectors say nothing of this one. Oldest first. */
async function eventsAround(r: Repositories, alarm: Alarm): Promise<RecordedEvent[]> {
  const { stationId, stationUuid, connector, beganAt, openedAt, clearedAt } = alarm;
  const spans = [{ from: beganAt - aroundMs, to: openedAt + aroundMs }];
  if (clearedAt !== null) spans.push({ from: clearedAt - aroundMs, to: clearedAt + aroundMs });
  const found = new Map<number, RecordedEvent>();
  for (const span of spans) {
    for (const event of await r.events.list({ stationId, ...span }, { limit: eventsEach }))
      found.set(event.sequence, event);
  }
  return [...found.values()]
    .filter((event) => event.stationUuid === stationUuid)
    .filter((event) => connector === null || event.connector === null || event.connector === connector)
    .sort((a, b) => a.sequence - b.sequence);
}
