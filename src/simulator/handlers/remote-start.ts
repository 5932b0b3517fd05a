import type { Handler } from './handler.js';

/** OCPP 1.6 §5.11. Accepted means that the station will try (errata 3.32): the tag may still be refused. */
export const remoteStart: Handler<'RemoteStartTransaction'> = (request, station) => {
  const { connectorId, idTag, chargingProfile: profile } = request;
  const { sessions, reservations, background } = station;
  const connector = connectorId === undefined ? sessions.bestFor(idTag) : station.connector(connectorId);
  const refused =
    connector === undefined ||
    !sessions.canBegin(connector) ||
    !reservations.admits(connector.id, idTag, undefined) ||
    (profile !== undefined && profile.chargingProfilePurpose !== 'TxProfile');
  if (refused) return { response: { status: 'Rejected' } };
  return {
    response: { status: 'Accepted' },
    after: () => background.run(sessions.remoteStart(connector, idTag, profile)),
  };
};
