import type { SecurityProfile } from '../../domain/station/security-profile.js';
import { note, type RuleContext } from './rule-context.js';

/** How long a new key stays good for a station that goes on with the old one, having accepted the new. */
const givenUpAfterMs = 7 * 86_400_000;

type Context = Pick<RuleContext, 'r' | 'station' | 'receivedAt'>;

/** The station showed a key that was on its way: it is the one in force now, and the one before opens nothing more. */
export async function takeNewKey(
  context: Context,
  { hash, profile }: { readonly hash: string; readonly profile: SecurityProfile },
): Promise<void> {
  const { r, station, receivedAt } = context;
  const current = await r.stations.findByUuid(station.uuid);
  // Another connection was first, or somebody has set another key meanwhile.
  if (!current?.pendingAuthKeyHash?.split(' ').includes(hash)) return;
  await r.stations.update(station.uuid, {
    authKeyHash: hash,
    authKeyAt: receivedAt,
    pendingAuthKeyHash: null,
    pendingAuthKeyAt: null,
    pendingAuthKeyState: null,
    // Whoever has shown a key never gets in again with less.
    securityProfile: Math.max(current.securityProfile, Math.min(profile, 2)),
  });
  await note(context, 'security.key-changed', { wasFirst: current.authKeyHash === null });
}

/**
 * The station showed the key in force although it has accepted another: both stay good for a week, in case it takes the
 * new one later; a station that only may have the new one is left alone.
 */
export async function keepOldKey(context: Context): Promise<void> {
  const { r, station, receivedAt } = context;
  const current = await r.stations.findByUuid(station.uuid);
  const { pendingAuthKeyAt = null, pendingAuthKeyState = null } = current ?? {};
  if (pendingAuthKeyAt === null) return;
  const isGivenUp = receivedAt - pendingAuthKeyAt > givenUpAfterMs;
  if (isGivenUp) {
    await r.stations.update(station.uuid, {
      pendingAuthKeyHash: null,
      pendingAuthKeyAt: null,
      pendingAuthKeyState: null,
    });
    await note(context, 'security.key-given-up', {});
  } else if (pendingAuthKeyState === 'accepted') await note(context, 'security.old-key-shown', {});
}
