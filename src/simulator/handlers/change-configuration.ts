import type { StationParts } from '../station-parts.js';
import type { Handler } from './handler.js';

/** OCPP 1.6 §5.3. A new AuthorizationKey is used from the next connection on, which follows at once. */
export const changeConfiguration: Handler<'ChangeConfiguration'> = ({ key, value }, station) => {
  if (isForbidden(key, value, station)) return { response: { status: 'Rejected' } };
  const status = station.configuration.change(key, value);
  const isPassword = key.toLowerCase() === 'authorizationkey' && status === 'Accepted';
  return { response: { status }, ...(isPassword ? { after: () => station.reconnect() } : {}) };
};

/** A security profile that the station could not connect with, or that is lower than its own. */
function isForbidden(key: string, value: string, { security }: StationParts): boolean {
  return key.toLowerCase() === 'securityprofile' && !security.mayBecome(Number(value));
}
