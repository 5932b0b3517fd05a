import { type Static, Type } from '@sinclair/typebox';
import { detailOf } from '../../domain/event-detail.js';
import { describeEvent } from '../../domain/event-words.js';
import type { FleetEvent } from '../../domain/model.js';
import { instant, nullable, toIso } from '../shared.js';

/** Names and order are a contract: CSV columns follow them. */
export const eventView = Type.Object({
  /** By the station's clock where it told of the event, unless that was nonsense. */
  time: instant,
  stationId: Type.String(),
  connector: nullable(Type.Integer()),
  /** Dotted, from the general to the special. */
  kind: Type.String(),
  /** What happened, in words. */
  description: Type.String(),
  detail: Type.Record(Type.String(), Type.Unknown()),
  /** When the server learned of it: events are in this order. */
  receivedAt: instant,
});
export type EventView = Static<typeof eventView>;

export function toEventView(event: FleetEvent): EventView {
  const { at, receivedAt, stationId, connector, kind } = event;
  const detail = detailOf(event);
  return {
    time: toIso(at),
    stationId,
    connector,
    kind,
    description: describeEvent(kind, detail),
    detail,
    receivedAt: toIso(receivedAt),
  };
}
