import {
  type ChargingProfile,
  checkLimits,
  completeProfile,
  formatProfilePath,
  type ProfileDraft,
  startProfileId,
} from '../../domain/charging/charging-profile.js';
import { profilesPerStationMax } from '../../domain/charging/charging-profile-repository.js';
import { readProfile } from '../../domain/charging/read-charging-profile.js';
import { FleetError } from '../../domain/errors.js';
import type { Station } from '../../domain/model.js';
import type { LiveFleet, OperationContext } from '../operation.js';
import type { CallOptions } from '../remote/remote-call.js';
import { chargingLimits } from './charging-limits.js';

/** More problems of one profile than these are not told at once. */
const problemsTold = 3;

/** @throws FleetError USAGE unless it can go with a remote start: a TxProfile of no session yet (OCPP 1.6 §5.11) */
export function readStartProfile(value: Record<string, unknown>, now: number): ProfileDraft {
  const read = readProfile(value, now);
  if ('problems' in read) {
    const told = read.problems
      .slice(0, problemsTold)
      .map(({ path, message }) => `${formatProfilePath(path)} ${message}`);
    throw new FleetError('USAGE', `The profile is not sound: ${told.join('; ')}.`);
  }
  const { chargingProfilePurpose: purpose, transactionId } = read.profile;
  if (purpose !== 'TxProfile') {
    throw new FleetError('USAGE', `A remote start takes a TxProfile, and the profile is a ${purpose}.`, {
      suggestions: ['evfleet profile set, for profiles that outlast a session'],
    });
  }
  if (transactionId === undefined) return read.profile;
  throw new FleetError('USAGE', 'The profile names a transaction, and the one to be started has no id yet.', {
    suggestions: ['Leave out transactionId.'],
  });
}

/**
 * The profile to send with a remote start. It is known as installed once the session has begun.
 * @throws FleetError USAGE when the station says that it takes no such profile
 */
export async function startProfile(
  context: OperationContext,
  live: LiveFleet,
  station: Station,
  draft: ProfileDraft,
  options: CallOptions,
): Promise<ChargingProfile> {
  const { store, clock } = context;
  const limits = await chargingLimits(context, live, station, options);
  const open = { stationUuid: station.uuid, openAt: clock.now() };
  const page = { limit: profilesPerStationMax };
  const installed = await store.read((r) => r.chargingProfiles.list(open, page));
  const taken = new Set(installed.map(({ profile }) => profile.chargingProfileId));
  const now = clock.now();
  let id = draft.chargingProfileId ?? startProfileId(now);
  // An id that another profile has would replace that one.
  if (draft.chargingProfileId === undefined) while (taken.has(id)) id += 1;
  const profile = completeProfile(draft, { id, now });
  const why = checkLimits(profile, limits, installed.length);
  if (why === undefined) return profile;
  throw new FleetError('USAGE', `${station.id} ${why}; nothing was sent.`, {
    suggestions: ['--profile with another file'],
  });
}
