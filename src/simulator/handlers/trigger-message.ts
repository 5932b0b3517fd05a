import type { Request16 } from '../../ocpp/v16/actions.js';
import type { StationParts } from '../station-parts.js';
import type { Handler } from './handler.js';

type Triggered = Request16<'TriggerMessage'>['requestedMessage'];
type ExtendedTriggered = Request16<'ExtendedTriggerMessage'>['requestedMessage'];
type Send = (station: StationParts, connectorIds: readonly number[]) => void;

const SENDERS: Readonly<Record<Exclude<Triggered, 'BootNotification'>, Send>> = {
  DiagnosticsStatusNotification: (station) => station.transfers.diagnostics.repeat(),
  FirmwareStatusNotification: (station) => station.transfers.firmware.repeat(),
  Heartbeat: (station) => station.uplink.notify('Heartbeat', {}),
  MeterValues: (station, ids) => {
    for (const id of ids) {
      const connector = station.connector(id);
      if (connector !== undefined) station.metering.trigger(connector);
    }
  },
  StatusNotification: (station, ids) => {
    for (const id of ids) station.statuses.report(id);
  },
};

const EXTENDED_SENDERS: Readonly<
  Record<Exclude<ExtendedTriggered, 'BootNotification' | 'SignChargePointCertificate'>, Send>
> = {
  Heartbeat: SENDERS.Heartbeat,
  MeterValues: SENDERS.MeterValues,
  StatusNotification: SENDERS.StatusNotification,
  LogStatusNotification: (station) => station.transfers.log.repeat(),
  FirmwareStatusNotification: (station) => station.transfers.signedFirmware.repeat(),
};

/** OCPP 1.6 §5.17. */
export const triggerMessage: Handler<'TriggerMessage'> = ({ requestedMessage, connectorId }, station) => {
  if (!knows(station, connectorId)) return { response: { status: 'Rejected' } };
  if (requestedMessage === 'BootNotification') return triggerBoot(station);
  return {
    response: { status: 'Accepted' },
    after: () => SENDERS[requestedMessage](station, concerned(station, connectorId)),
  };
};

/** Security white paper, ExtendedTriggerMessage. */
export const extendedTriggerMessage: Handler<'ExtendedTriggerMessage'> = (request, station) => {
  const { requestedMessage, connectorId } = request;
  if (requestedMessage === 'SignChargePointCertificate') {
    const { background, security } = station;
    return { response: { status: 'Accepted' }, after: () => background.run(security.request()) };
  }
  if (!knows(station, connectorId)) return { response: { status: 'Rejected' } };
  if (requestedMessage === 'BootNotification') return triggerBoot(station);
  return {
    response: { status: 'Accepted' },
    after: () => EXTENDED_SENDERS[requestedMessage](station, concerned(station, connectorId)),
  };
};

/** An accepted station does not boot again before it restarts (errata 3.40). */
function triggerBoot(station: StationParts): {
  response: { status: 'Accepted' | 'Rejected' };
  after?: () => void;
} {
  if (station.registration.status === 'Accepted') return { response: { status: 'Rejected' } };
  return { response: { status: 'Accepted' }, after: () => station.registration.boot() };
}

function knows(station: StationParts, connectorId: number | undefined): boolean {
  return connectorId === undefined || station.connector(connectorId) !== undefined;
}

/** Without a connector id: the station and all its connectors. */
function concerned(station: StationParts, connectorId: number | undefined): readonly number[] {
  return connectorId === undefined ? [0, ...station.connectors.map((one) => one.id)] : [connectorId];
}
