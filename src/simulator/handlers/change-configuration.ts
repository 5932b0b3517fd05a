import type { Handler } from './handler.js';

/** OCPP 1.6 §5.3. A new AuthorizationKey is used from the next connection on, which follows at once. */
export const changeConfiguration: Handler<'ChangeConfiguration'> = ({ key, value }, station) => {
  const status = station.configuration.change(key, value);
  const isPassword = key.toLowerCase() === 'authorizationkey' && status === 'Accepted';
  return { response: { status }, ...(isPassword ? { after: () => station.reconnect() } : {}) };
};
