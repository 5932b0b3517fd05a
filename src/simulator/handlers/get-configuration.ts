import { RpcError } from '../../ocpp/rpc-error.js';
import type { Handler } from './handler.js';

/** OCPP 1.6 §5.8: no keys means all; more than GetConfigurationMaxKeys may not be asked for by name. */
export const getConfiguration: Handler<'GetConfiguration'> = ({ key = [] }, station) => {
  const limit = station.configuration.integer('GetConfigurationMaxKeys');
  if (key.length > limit) {
    throw new RpcError(
      'OccurenceConstraintViolation',
      `At most ${limit} keys at once, see GetConfigurationMaxKeys`,
    );
  }
  const { known, unknown } = station.configuration.list(key);
  return {
    response: { configurationKey: known, ...(unknown.length > 0 ? { unknownKey: unknown } : {}) },
  };
};
