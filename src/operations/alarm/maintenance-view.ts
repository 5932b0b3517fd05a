import { type Static, Type } from '@sinclair/typebox';
import {
  type MaintenanceWindow,
  maintenanceState,
  maintenanceStates,
} from '../../domain/alarm/maintenance.js';
import { instant, nullable, oneOf, toIso } from '../shared.js';

/** Names and order are a contract: CSV columns follow them. */
export const maintenanceView = Type.Object({
  id: Type.Integer(),
  stationId: Type.String(),
  /** Null: the whole station. */
  connector: nullable(Type.Integer()),
  state: oneOf(...maintenanceStates),
  from: instant,
  /** When it ends, or ended. */
  to: instant,
  comment: nullable(Type.String()),
  createdBy: Type.String(),
  createdAt: instant,
});
export type MaintenanceView = Static<typeof maintenanceView>;

export function toMaintenanceView(window: MaintenanceWindow, now: number): MaintenanceView {
  const { id, stationId, connector, from, to, comment, createdBy, createdAt } = window;
  return {
    id,
    stationId,
    connector,
    state: maintenanceState(window, now),
    from: toIso(from),
    to: toIso(to),
    comment,
    createdBy,
    createdAt: toIso(createdAt),
  };
}
