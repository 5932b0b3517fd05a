import { type Static, Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import { eventTopics } from '../../domain/event-words.js';
import { nearest } from '../../domain/nearest.js';
import type { EventFilter, RecordedEvent } from '../../domain/record-repositories.js';
import type { Repositories } from '../../domain/repositories.js';
import { staff } from '../access.js';
import { fieldsOf, halvesOf, listOf, listQuery } from '../list.js';
import { checkStationKnown, findSite } from '../lookup.js';
import { stream, unary } from '../operation.js';
import { pagedList } from '../paged-list.js';
import { given } from '../shared.js';
import { eventView, toEventView } from './event-view.js';
import { followEvents } from './follow.js';

const times = {
  /** Happened at or after; milliseconds since the epoch. */
  from: Type.Optional(Type.Integer()),
  /** Happened before. */
  to: Type.Optional(Type.Integer()),
};

const which = {
  stationId: Type.Optional(Type.String()),
  site: Type.Optional(Type.String()),
  /** The kind, or what it begins with up to a dot. */
  kind: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
};

/** How many earlier events a follower may ask for. */
const tailMax = 1000;

const exportPage = 500;

type Wanted = Static<typeof allOfWhich> & Pick<EventFilter, 'from' | 'to'>;
const allOfWhich = Type.Object(which);

async function resolveFilter(r: Repositories, { site, kind, ...filter }: Wanted): Promise<EventFilter> {
  const { stationId } = filter;
  const siteUuid = site === undefined ? undefined : (await findSite(r, site)).uuid;
  if (kind !== undefined) await checkTopic(r, kind);
  await checkStationKnown(r, stationId, (id) => r.events.list({ stationId: id }, { limit: 1 }));
  // `session.` and `session.*` are meant as `session`.
  return { ...given({ ...filter, siteUuid, kind: kind?.replace(/\.\*?$/, '') }) };
}

/** Lists what is there, whoever wrote it; otherwise nothing of a topic that no event has will ever come. */
async function checkTopic(r: Repositories, kind: string): Promise<void> {
  const topic = kind.split('.', 1)[0] ?? '';
  const topics = eventTopics();
  if (topics.includes(topic) || (await r.events.list({ kind: topic }, { limit: 1 })).length > 0) return;
  const near = nearest(topic, topics);
  throw new FleetError(
    'USAGE',
    `No event is of the kind ${JSON.stringify(kind)}. Kinds begin with: ${topics.join(', ')}.`,
    { suggestions: near === undefined ? [] : [`evfleet event list --kind ${near}`] },
  );
}

export const eventOperations = {
  'event.list': unary({
    summary: 'List what happened in the fleet, the newest last',
    access: staff,
    effect: 'read',
    input: Type.Object({
      ...which,
      ...times,
      ...listQuery,
    }),
    output: listOf(eventView),
    async run({ store, signal }, input) {
      const { query, wanted } = halvesOf(input);
      const filter = await store.read((r) => resolveFilter(r, wanted));
      const source = {
        page: (size: number, after: RecordedEvent | undefined) =>
          store.read((r) => r.events.list(filter, { limit: size, before: after?.sequence })),
        count: () => store.read((r) => r.events.count(filter)),
        view: toEventView,
        fields: fieldsOf(eventView),
      };
      const list = await pagedList(query, source, signal);
      // Cut at the old end, shown like a log.
      return query.sort === undefined ? { ...list, items: list.items.reverse() } : list;
    },
  }),

  'event.follow': stream({
    summary: 'What happens in the fleet, as it happens',
    access: staff,
    effect: 'read',
    input: Type.Object({
      ...which,
      /** How many earlier ones come first. */
      tail: Type.Optional(Type.Integer({ minimum: 0, maximum: tailMax })),
    }),
    output: eventView,
    async *run(context, { tail = 0, ...wanted }) {
      const filter = await context.store.read((r) => resolveFilter(r, wanted));
      for await (const events of followEvents(context, { filter, tail })) yield events.map(toEventView);
    },
  }),

  'event.export': stream({
    summary: 'All events that match, the newest last',
    access: staff,
    effect: 'read',
    input: Type.Object({ ...which, ...times }),
    output: eventView,
    async *run({ store, signal }, wanted) {
      const { filter, last } = await store.read(async (r) => ({
        filter: await resolveFilter(r, wanted),
        // What happens meanwhile would never come to an end.
        last: await r.events.lastSequence(),
      }));
      for (let after = 0; after < last; ) {
        signal.throwIfAborted();
        const page = { limit: exportPage, after };
        const found = await store.read((r) => r.events.listAfter(filter, page));
        const events = found.filter(({ sequence }) => sequence <= last);
        if (events.length > 0) yield events.map(toEventView);
        after = found.length < exportPage ? last : (found.at(-1)?.sequence ?? last);
      }
    },
  }),
};
