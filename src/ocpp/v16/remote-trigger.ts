import { Type } from '@sinclair/typebox';
import { message, oneOf } from './schema-kit.js';
import { connector } from './types.js';

/** RemoteTrigger profile (OCPP 1.6 §5.17). */

export const triggerStatus = oneOf(['Accepted', 'Rejected', 'NotImplemented']);

export const triggerMessage = {
  request: message({
    requestedMessage: oneOf([
      'BootNotification',
      'DiagnosticsStatusNotification',
      'FirmwareStatusNotification',
      'Heartbeat',
      'MeterValues',
      'StatusNotification',
    ]),
    /** Absent: for all connectors, where the message concerns connectors. */
    connectorId: Type.Optional(connector),
  }),
  response: message({ status: triggerStatus }),
};
