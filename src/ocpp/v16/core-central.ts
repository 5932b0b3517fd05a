import { Type } from '@sinclair/typebox';
import { integer, listOf, message, oneOf, text } from './schema-kit.js';
import {
  acceptedOrRejected,
  chargingProfile,
  connector,
  connectorOrStation,
  emptyMessage,
  idToken,
} from './types.js';

/** Core profile, what the central system begins (OCPP 1.6 §5). DataTransfer is in core-station.ts. */

export const changeAvailability = {
  request: message({ connectorId: connectorOrStation, type: oneOf(['Inoperative', 'Operative']) }),
  response: message({ status: oneOf(['Accepted', 'Rejected', 'Scheduled']) }),
};

export const changeConfiguration = {
  request: message({ key: text(50), value: text(500) }),
  response: message({ status: oneOf(['Accepted', 'Rejected', 'RebootRequired', 'NotSupported']) }),
};

export const clearCache = {
  request: emptyMessage,
  response: message({ status: acceptedOrRejected }),
};

const keyValue = message({
  key: text(50),
  readonly: Type.Boolean({ whenMissing: false }),
  value: Type.Optional(text(500)),
});

export const getConfiguration = {
  /** No keys or an empty list: all of them. */
  request: message({ key: Type.Optional(listOf(text(50))) }),
  response: message({
    configurationKey: Type.Optional(listOf(keyValue, { dropBadItems: true })),
    unknownKey: Type.Optional(listOf(text(50), { dropBadItems: true })),
  }),
};

export const remoteStartTransaction = {
  request: message({
    connectorId: Type.Optional(connector),
    idTag: idToken,
    chargingProfile: Type.Optional(chargingProfile),
  }),
  response: message({ status: acceptedOrRejected }),
};

export const remoteStopTransaction = {
  request: message({ transactionId: integer() }),
  response: message({ status: acceptedOrRejected }),
};

export const reset = {
  request: message({ type: oneOf(['Hard', 'Soft']) }),
  response: message({ status: acceptedOrRejected }),
};

export const unlockConnector = {
  request: message({ connectorId: connector }),
  response: message({ status: oneOf(['Unlocked', 'UnlockFailed', 'NotSupported']) }),
};
