import { answerAuthorize } from '../../rules/authorize-tag.js';
import type { Handler16 } from '../handler.js';
import { toIdTagInfo } from '../id-tag-info.js';

/** OCPP 1.6 §4.1 */
export const authorize: Handler16<'Authorize'> = async ({ idTag }, context) => {
  const authorization = await context.transact((rules) => answerAuthorize(rules, idTag));
  const { verdict, reason } = authorization;
  context.log.info(`authorize ${idTag}: ${verdict}`, { station: context.station.id, reason });
  return { idTagInfo: toIdTagInfo(authorization) };
};
