import { foldKeyName } from '../../domain/station/configuration-keys.js';
import { type SecurityProfile, securityProfiles } from '../../domain/station/security-profile.js';
import { note, type RuleContext } from './rule-context.js';

type Context = Pick<RuleContext, 'r' | 'station' | 'receivedAt'>;

const profileKey = foldKeyName('SecurityProfile');

/**
 * A station was told to go over to another security profile, and has said yes: it does at its next connection, or after
 * its next boot. Until it has shown that it can, it is let in as before.
 */
export async function expectProfile(
  { r, station }: Pick<Context, 'r' | 'station'>,
  payload: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { key, value } = payload;
  if (typeof key !== 'string' || foldKeyName(key) !== profileKey) return;
  const acceptedProfile = securityProfiles.find((profile) => String(profile) === value);
  const current = await r.stations.findByUuid(station.uuid);
  if (acceptedProfile === undefined || !current) return;
  const isHigher = acceptedProfile > current.securityProfile;
  await r.stations.update(station.uuid, { acceptedProfile: isHigher ? acceptedProfile : null });
}

/** The station has shown what it went over to: with less it never gets in again. */
export async function raiseProfile(context: Context, shown: SecurityProfile): Promise<void> {
  const { r, station } = context;
  const current = await r.stations.findByUuid(station.uuid);
  const { acceptedProfile = null, securityProfile: before = 0 } = current ?? {};
  if (acceptedProfile === null || shown < acceptedProfile) return;
  const profile = Math.max(before, acceptedProfile);
  await r.stations.update(station.uuid, { securityProfile: profile, acceptedProfile: null });
  await note(context, 'security.profile-raised', { before, profile });
}
