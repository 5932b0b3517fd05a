import { authorize, type Decision, type Purpose } from '../../domain/charging/authorization.js';
import { gatherFacts } from '../../domain/charging/authorization-facts.js';
import type { Tag, User } from '../../domain/people/people.js';
import { note, type RuleContext } from './rule-context.js';

export interface Authorization extends Decision {
  readonly tag: Tag | undefined;
  readonly user: Pick<User, 'uuid' | 'email'> | undefined;
}

/** Longer than any tag; what a station sends beyond that is not worth keeping. */
const unknownTagMaxLength = 100;

/** How long the same decision about the same tag at a station is not recorded again: some readers ask every second. */
const repeatedWithinMs = 60_000;

/** Events of the station among which the decision is looked for, so that this costs the same however many there are. */
const recentMax = 10;

/**
 * Decides about a tag, and remembers a stranger.
 * @param connector undefined for an Authorize, which names none
 */
export async function authorizeTag(
  context: RuleContext,
  idTag: string,
  asked: { readonly purpose: Purpose; readonly connector?: number },
): Promise<Authorization> {
  const { r, station, receivedAt } = context;
  const decision = await judgeTag(context, idTag, asked);
  if (!decision.tag && decision.verdict === 'Invalid' && idTag !== '') {
    await r.tags.noteUnknown(shortened(idTag), station.id, receivedAt);
  }
  return decision;
}

/** The decision of `authorizeTag` without its memory. */
export async function judgeTag(
  { r, station, receivedAt }: RuleContext,
  idTag: string,
  { purpose, connector }: { readonly purpose: Purpose; readonly connector?: number },
): Promise<Authorization> {
  const facts = await gatherFacts(r, { purpose, station, connector, idTag, now: receivedAt });
  const { tag, user } = facts;
  return { ...authorize(facts), tag, user };
}

/** Answers an Authorize: the decision becomes an event. */
export async function answerAuthorize(context: RuleContext, idTag: string): Promise<Authorization> {
  const authorization = await authorizeTag(context, idTag, { purpose: 'authorize' });
  const { verdict, code, reason } = authorization;
  const kind = verdict === 'Accepted' ? 'authorization.accepted' : 'authorization.refused';
  const detail = { tag: shortened(idTag), verdict, code, reason };
  if (!(await wasJustNoted(context, kind, detail))) await note(context, kind, detail);
  return authorization;
}

async function wasJustNoted(
  { r, station, receivedAt }: RuleContext,
  kind: string,
  detail: object,
): Promise<boolean> {
  const recent = await r.events.list({ stationId: station.id }, { limit: recentMax });
  const text = JSON.stringify(detail);
  return recent.some(
    (event) =>
      event.kind === kind &&
      event.detail === text &&
      event.stationUuid === station.uuid &&
      receivedAt - event.receivedAt < repeatedWithinMs,
  );
}

function shortened(idTag: string): string {
  return idTag.slice(0, unknownTagMaxLength);
}
