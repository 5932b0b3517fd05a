import { authorize } from '../../domain/charging/authorization.js';
import { gatherFacts } from '../../domain/charging/authorization-facts.js';
import { openReservationsMax } from '../../domain/charging/reservation-repository.js';
import { FleetError } from '../../domain/errors.js';
import { tagMaxLength } from '../../domain/identifiers.js';
import type { Station } from '../../domain/model.js';
import type { Tag } from '../../domain/people/people.js';
import type { Repositories } from '../../domain/repositories.js';
import { quoteForShell } from '../../domain/shell.js';
import { findTag } from '../lookup.js';
import { naming } from '../naming.js';
import type { LiveFleet } from '../operation.js';
import { Refusal } from '../remote/refusal.js';

/** What is looked at before a station is asked to reserve something. Each error names the flag. */

/** An idTag of OCPP 1.6 has 1 to 20 characters (CiString20Type). @throws FleetError USAGE that names the flag */
export function checkTagLength(tag: string): void {
  const complaint =
    tag.length === 0
      ? 'is empty'
      : tag.length > tagMaxLength
        ? `is ${tag.length} characters long, at most ${tagMaxLength} are allowed`
        : undefined;
  if (complaint !== undefined) {
    throw new FleetError('USAGE', `--tag ${JSON.stringify(tag.slice(0, 60))} ${complaint}.`);
  }
}

/** Whoever could not charge then needs no connector. Gives the tag; undefined for a stranger at an open connector. */
export async function checkMayCharge(
  r: Repositories,
  station: Station,
  connector: number,
  idTag: string,
  now: number,
): Promise<Tag | undefined> {
  const named = connector === 0 ? undefined : connector;
  const facts = await gatherFacts(r, { purpose: 'reserve', station, connector: named, idTag, now });
  const { tag } = facts;
  const { verdict, reason } = authorize(facts);
  if (verdict === 'Accepted') return tag;
  if (!tag) return naming('--tag', findTag(r, idTag));
  throw new FleetError('CONFLICT', `--tag ${tag.tag} may not charge at ${station.id}: ${reason}.`, {
    suggestions: [`evfleet tag show ${quoteForShell(tag.tag)}`],
  });
}

/** Each start of a session looks at those of its station that are open. */
export async function checkRoom(r: Repositories, station: Station): Promise<void> {
  const { length } = await r.reservations.listOpen(station.uuid);
  if (length < openReservationsMax) return;
  throw new FleetError('CONFLICT', `${station.id} has ${length} reservations that are not over.`, {
    suggestions: [`evfleet reservation list --station ${quoteForShell(station.id)}`],
  });
}

/** @throws FleetError REFUSED when the station says that it reserves single connectors only */
export async function checkTakesStation(
  live: LiveFleet,
  station: Station,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<void> {
  const key = 'ReserveConnectorZeroSupported';
  const answer = await live
    .call(station, 'GetConfiguration', { key: [key] }, options)
    .catch((error: unknown) => {
      // It decides itself, then.
      if (error instanceof FleetError && error.code === 'REFUSED') return {};
      throw error;
    });
  const { configurationKey: found } = answer as { configurationKey?: unknown };
  const [first] = Array.isArray(found) ? found : [];
  if (String(first?.value).toLowerCase() !== 'false') return;
  throw new Refusal(
    station.id,
    'NotSupported',
    `--connector 0: ${station.id} reserves single connectors only (${key} is false).`,
    [`evfleet connector list ${quoteForShell(station.id)}`],
  );
}
