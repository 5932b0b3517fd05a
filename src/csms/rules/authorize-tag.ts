import { authorize, type Decision } from '../../domain/authorization.js';
import type { ConnectorMode } from '../../domain/model.js';
import type { Tag } from '../../domain/people.js';
import type { RuleContext } from './rule-context.js';

export interface Authorization extends Decision {
  readonly tag: Tag | undefined;
}

/** Longer than any tag; what a station sends beyond that is not worth keeping. */
const unknownTagMaxLength = 100;

/**
 * Decides whether a tag may charge, and remembers a stranger.
 * @param connector undefined for an Authorize, which names none: then the most permissive connector counts, and the
 *   start of the session decides again
 */
export async function authorizeTag(
  context: RuleContext,
  idTag: string,
  connector?: number,
): Promise<Authorization> {
  const { r, station, receivedAt } = context;
  const decision = await judgeTag(context, idTag, connector);
  if (!decision.tag && decision.verdict === 'Invalid' && idTag !== '') {
    await r.tags.noteUnknown(idTag.slice(0, unknownTagMaxLength), station.id, receivedAt);
  }
  return decision;
}

/** The decision of `authorizeTag` without its memory. */
export async function judgeTag(
  context: RuleContext,
  idTag: string,
  connector?: number,
): Promise<Authorization> {
  const tag = await context.r.tags.find(idTag);
  const mode = await modeOf(context, connector);
  return { ...authorize({ mode, tag, now: context.receivedAt }), tag };
}

async function modeOf({ r, station }: RuleContext, connector: number | undefined): Promise<ConnectorMode> {
  if (connector !== undefined) return (await r.connectors.find(station.uuid, connector))?.mode ?? 'rfid';
  const outlets = await r.connectors.listByStation(station.uuid);
  return outlets.some(({ mode }) => mode === 'open') ? 'open' : 'rfid';
}
