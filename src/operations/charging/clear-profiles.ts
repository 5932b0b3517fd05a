import type { ProfilePurpose } from '../../domain/charging/charging-profile.js';
import type { InstalledProfile } from '../../domain/charging/charging-profile-repository.js';
import { FleetError } from '../../domain/errors.js';
import type { Station } from '../../domain/model.js';
import { plural } from '../../domain/plural.js';
import { quoteForShell } from '../../domain/shell.js';
import type { Done } from '../bulk.js';
import { checkConnector } from '../naming.js';
import type { LiveFleet, OperationContext } from '../operation.js';
import { Refusal } from '../remote/refusal.js';
import { type CallOptions, notAccepted, reachable } from '../remote/remote-call.js';
import { sayLack } from '../remote/unsupported.js';
import { profileTurns } from './install-profile.js';

/** All that is given must hold; nothing at all is every profile (OCPP 1.6 §5.5). */
export interface ProfileCriteria {
  readonly id?: number;
  readonly connector?: number;
  readonly purpose?: ProfilePurpose;
  readonly stackLevel?: number;
}

/** Removes profiles from one station; what is known of it follows what it says. */
export async function clearProfiles(
  context: OperationContext,
  station: Station,
  criteria: ProfileCriteria,
  options: CallOptions,
): Promise<Done> {
  const { connector } = criteria;
  if (connector) await context.store.read((r) => checkConnector(r, station, connector));
  const live = reachable(context, station);
  if (station.registration === 'rejected') throw notAccepted(station);
  const work = () => clear(context, live, station, criteria, options);
  return profileTurns.take(station.uuid, options.signal, work);
}

async function clear(
  { store, clock }: OperationContext,
  live: LiveFleet,
  station: Station,
  criteria: ProfileCriteria,
  options: CallOptions,
): Promise<Done> {
  const { uuid, id: stationId } = station;
  const { id, connector, purpose, stackLevel } = criteria;
  const payload = {
    ...(id !== undefined && { id }),
    ...(connector !== undefined && { connectorId: connector }),
    ...(purpose !== undefined && { chargingProfilePurpose: purpose }),
    ...(stackLevel !== undefined && { stackLevel }),
  };
  const { status } = await live
    .call(station, 'ClearChargingProfile', payload, options)
    .catch(sayLack(stationId, 'takes no charging profiles'));
  if (status !== 'Accepted' && status !== 'Unknown') {
    throw new Refusal(
      stationId,
      String(status),
      `${stationId} refused to clear profiles: it answered ${status}.`,
    );
  }
  // Unknown means that it has none of them: then they are not there any more either.
  const removed = await store.write(async (r) => {
    await r.chargingProfiles.removeOver(uuid, clock.now());
    const gone = (await r.chargingProfiles.listByStation(uuid))
      .filter((installed) => isMeant(installed, criteria))
      .map(({ profile }) => profile.chargingProfileId);
    for (const profileId of gone) await r.chargingProfiles.remove(uuid, profileId);
    return gone;
  });
  if (status === 'Accepted') {
    const what =
      removed.length === 0 ? 'profiles that were not known here' : plural(removed.length, 'profile');
    return { status, message: `${stationId} cleared ${what}.`, detail: { removed } };
  }
  if (id !== undefined) {
    throw new FleetError('NOT_FOUND', `${stationId} has no profile ${id}: it answered Unknown.`, {
      suggestions: [`evfleet profile list ${quoteForShell(stationId)}`],
    });
  }
  const none = Object.keys(criteria).length === 0 ? 'no profiles' : 'no such profiles';
  return { status, message: `${stationId} has ${none}: it answered Unknown.`, detail: { removed } };
}

function isMeant({ connector, profile }: InstalledProfile, criteria: ProfileCriteria): boolean {
  return (
    is(criteria.id, profile.chargingProfileId) &&
    is(criteria.connector, connector) &&
    is(criteria.purpose, profile.chargingProfilePurpose) &&
    is(criteria.stackLevel, profile.stackLevel)
  );
}

function is<T>(wanted: T | undefined, actual: T): boolean {
  return wanted === undefined || wanted === actual;
}
