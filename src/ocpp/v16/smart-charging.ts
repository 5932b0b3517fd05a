import { Type } from '@sinclair/typebox';
import { integer, message, oneOf, time } from './schema-kit.js';
import {
  acceptedOrRejected,
  chargingProfile,
  chargingProfilePurpose,
  chargingRateUnit,
  chargingSchedule,
  connectorOrStation,
} from './types.js';

/** SmartCharging profile (OCPP 1.6 §5.5, §5.7, §5.16). */

export const clearChargingProfile = {
  /** All criteria given must match; none at all clears every profile. */
  request: message({
    id: Type.Optional(integer()),
    connectorId: Type.Optional(connectorOrStation),
    chargingProfilePurpose: Type.Optional(chargingProfilePurpose),
    stackLevel: Type.Optional(integer({ minimum: 0 })),
  }),
  response: message({ status: oneOf(['Accepted', 'Unknown']) }),
};

export const getCompositeSchedule = {
  request: message({
    connectorId: connectorOrStation,
    /** Seconds. */
    duration: integer(),
    chargingRateUnit: Type.Optional(chargingRateUnit),
  }),
  response: message({
    status: acceptedOrRejected,
    connectorId: Type.Optional(connectorOrStation),
    scheduleStart: Type.Optional(time()),
    chargingSchedule: Type.Optional(chargingSchedule),
  }),
};

export const setChargingProfile = {
  request: message({ connectorId: connectorOrStation, csChargingProfiles: chargingProfile }),
  response: message({ status: oneOf(['Accepted', 'Rejected', 'NotSupported']) }),
};
