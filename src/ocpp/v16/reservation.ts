import { Type } from '@sinclair/typebox';
import { integer, message, oneOf, time } from './schema-kit.js';
import { acceptedOrRejected, connectorOrStation, idToken } from './types.js';

/** Reservation profile (OCPP 1.6 §5.1, §5.13). */

export const cancelReservation = {
  request: message({ reservationId: integer() }),
  response: message({ status: acceptedOrRejected }),
};

export const reserveNow = {
  request: message({
    /** 0: any connector, if the station has ReserveConnectorZeroSupported. */
    connectorId: connectorOrStation,
    expiryDate: time(),
    idTag: idToken,
    parentIdTag: Type.Optional(idToken),
    reservationId: integer(),
  }),
  response: message({ status: oneOf(['Accepted', 'Faulted', 'Occupied', 'Rejected', 'Unavailable']) }),
};
