import { parseTime } from '../../ocpp/v16/time.js';
import type { Handler } from './handler.js';

/** OCPP 1.6 §5.13. Connector 0 is refused, as ReserveConnectorZeroSupported says. */
export const reserveNow: Handler<'ReserveNow'> = (request, station) => {
  const { connectorId, idTag, parentIdTag, reservationId } = request;
  const connector = station.connector(connectorId);
  const expiryMs = parseTime(request.expiryDate) ?? 0;
  if (connector === undefined || expiryMs <= station.time.now()) return { response: { status: 'Rejected' } };
  const replaced = station.reservations.on(connectorId)?.reservationId === reservationId;
  const { status } = connector;
  if (status === 'Faulted' || status === 'Unavailable') return { response: { status } };
  if (status !== 'Available' && !(status === 'Reserved' && replaced)) {
    return { response: { status: 'Occupied' } };
  }
  station.reservations.put({
    reservationId,
    connectorId,
    idTag,
    expiryMs,
    ...(parentIdTag === undefined ? {} : { parentIdTag }),
  });
  return { response: { status: 'Accepted' } };
};

/** OCPP 1.6 §5.1. */
export const cancelReservation: Handler<'CancelReservation'> = ({ reservationId }, station) => ({
  response: { status: station.reservations.cancel(reservationId) ? 'Accepted' : 'Rejected' },
});
