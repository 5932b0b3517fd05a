import { Type } from '@sinclair/typebox';
import { integer, listOf, message, oneOf } from './schema-kit.js';
import { emptyMessage, idTagInfo, idToken } from './types.js';

/** LocalAuthListManagement profile (OCPP 1.6 §5.10, §5.15). */

export const getLocalListVersion = {
  request: emptyMessage,
  /** 0: the list is empty; −1: the station has none. */
  response: message({ listVersion: integer() }),
};

/** In a differential update, an entry without idTagInfo deletes the tag. */
const authorizationData = message({ idTag: idToken, idTagInfo: Type.Optional(idTagInfo) });

export const sendLocalList = {
  request: message({
    listVersion: integer(),
    localAuthorizationList: Type.Optional(listOf(authorizationData)),
    updateType: oneOf(['Differential', 'Full']),
  }),
  response: message({ status: oneOf(['Accepted', 'Failed', 'NotSupported', 'VersionMismatch']) }),
};
