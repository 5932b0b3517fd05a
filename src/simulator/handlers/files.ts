import type { StationParts } from '../station-parts.js';
import type { Handler } from './handler.js';

/** OCPP 1.6 §5.9. */
export const getDiagnostics: Handler<'GetDiagnostics'> = (request, station) => {
  const fileName = logName(station);
  return { response: { fileName }, after: () => station.transfers.uploadDiagnostics(request, fileName) };
};

/** Security white paper, GetLog. */
export const getLog: Handler<'GetLog'> = (request, station) => {
  const filename = logName(station);
  const status = station.transfers.isUploading ? 'AcceptedCanceled' : 'Accepted';
  return { response: { status, filename }, after: () => station.transfers.uploadLog(request, filename) };
};

/** OCPP 1.6 §5.19. */
export const updateFirmware: Handler<'UpdateFirmware'> = (request, station) => ({
  response: {},
  after: () => station.transfers.updateFirmware(request),
});

/** Security white paper, SignedUpdateFirmware. */
export const signedUpdateFirmware: Handler<'SignedUpdateFirmware'> = (request, station) => ({
  response: { status: station.transfers.isUpdating ? 'AcceptedCanceled' : 'Accepted' },
  after: () => station.transfers.updateSignedFirmware(request),
});

function logName({ identity, time }: StationParts): string {
  const name = identity.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 100);
  return `${name}-${time.timestamp().replace(/[:.]/g, '-')}.log`;
}
