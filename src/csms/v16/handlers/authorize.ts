import { authorizeTag } from '../../rules/authorize-tag.js';
import type { Handler16 } from '../handler.js';
import { toIdTagInfo } from '../id-tag-info.js';

/** OCPP 1.6 §4.1 */
export const authorize: Handler16<'Authorize'> = async ({ idTag }, { transact, log, station }) => {
  const authorization = await transact((rules) => authorizeTag(rules, idTag));
  const { verdict, reason } = authorization;
  log.info(`authorize ${idTag}: ${verdict}`, { station: station.id, reason });
  return { idTagInfo: toIdTagInfo(authorization) };
};
