import type { RemoteStart, Session } from '../../domain/model.js';
import type { RuleContext } from './rule-context.js';

/** The profile that went with a remote start is the station's until the session that has begun with it is over. */
export async function keepStartProfile(
  { r, station, receivedAt }: RuleContext,
  { profile, requestedAt }: Pick<RemoteStart, 'profile' | 'requestedAt'>,
  { transactionId, connector }: Pick<Session, 'transactionId' | 'connector'>,
): Promise<void> {
  if (profile === null) return;
  await r.chargingProfiles.removeOver(station.uuid, receivedAt);
  await r.chargingProfiles.put({
    stationUuid: station.uuid,
    connector,
    profile: { ...profile, transactionId },
    // A station that agrees to start does not say whether it took the profile (OCPP 1.6 §5.11).
    state: 'unanswered',
    sentAt: requestedAt,
  });
}
