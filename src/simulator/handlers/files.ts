import type { Handler } from './handler.js';

/** OCPP 1.6 §5.9. */
export const getDiagnostics: Handler<'GetDiagnostics'> = (request, station) => {
  const name = station.identity.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 100);
  const fileName = `${name}-${station.time.timestamp().replace(/[:.]/g, '-')}.log`;
  return { response: { fileName }, after: () => station.transfers.uploadDiagnostics(request, fileName) };
};

/** OCPP 1.6 §5.19. */
export const updateFirmware: Handler<'UpdateFirmware'> = (request, station) => ({
  response: {},
  after: () => station.transfers.updateFirmware(request),
});
