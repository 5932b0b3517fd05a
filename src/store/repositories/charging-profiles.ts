import type { ChargingProfile } from '../../domain/charging/charging-profile.js';
import type {
  ChargingProfileRepository,
  InstalledProfile,
  InstalledProfileFilter,
} from '../../domain/charging/charging-profile-repository.js';
import { profilesPerStationMax } from '../../domain/charging/charging-profile-repository.js';
import { build, countRows, type Executor } from '../queries.js';
import type { Tables } from '../schema.js';

const columns = [
  'chargingProfile.stationUuid',
  'chargingProfile.connector',
  'chargingProfile.profile',
  'chargingProfile.state',
  'chargingProfile.sentAt',
] as const;

type Row = Pick<Tables['chargingProfile'], 'stationUuid' | 'connector' | 'profile' | 'state' | 'sentAt'>;

function toInstalled<R extends Row>(row: R): Omit<R, 'profile'> & { profile: ChargingProfile } {
  return { ...row, profile: JSON.parse(row.profile) as ChargingProfile };
}

function toRow({ stationUuid, connector, profile, state, sentAt }: InstalledProfile) {
  const { chargingProfileId: profileId, transactionId = null, validTo } = profile;
  return {
    stationUuid,
    profileId,
    connector,
    transactionId,
    validTo: validTo === undefined ? null : Date.parse(validTo),
    profile: JSON.stringify(profile),
    state,
    sentAt,
  };
}

/** A TxProfile ends with its session, whatever ended that. */
function filtered({ stationUuid, siteUuid, siteUuids, openAt }: InstalledProfileFilter) {
  let query = build
    .selectFrom('chargingProfile')
    .innerJoin('station', 'station.uuid', 'chargingProfile.stationUuid')
    .leftJoin('session', 'session.transactionId', 'chargingProfile.transactionId')
    .where('session.stoppedAt', 'is', null)
    .where(({ eb, or }) =>
      or([eb('chargingProfile.validTo', 'is', null), eb('chargingProfile.validTo', '>', openAt)]),
    );
  if (stationUuid !== undefined) query = query.where('chargingProfile.stationUuid', '=', stationUuid);
  if (siteUuid !== undefined) query = query.where('station.siteUuid', '=', siteUuid);
  if (siteUuids !== undefined) query = query.where('station.siteUuid', 'in', [...siteUuids, '']);
  return query;
}

export function createChargingProfileRepository(executor: Executor): ChargingProfileRepository {
  return {
    async put(profile) {
      const { stationUuid, profileId, ...values } = toRow(profile);
      await executor.run(
        build
          .insertInto('chargingProfile')
          .values({ stationUuid, profileId, ...values })
          .onConflict((conflict) => conflict.columns(['stationUuid', 'profileId']).doUpdateSet(values))
          .compile(),
      );
    },

    async listByStation(stationUuid) {
      const query = build
        .selectFrom('chargingProfile')
        .select(columns)
        .where('stationUuid', '=', stationUuid)
        .orderBy('profileId')
        .limit(profilesPerStationMax);
      return (await executor.all(query.compile())).map(toInstalled);
    },

    async list(filter, { limit, after }) {
      let query = filtered(filter)
        .select(columns)
        .select('station.id as stationId')
        .orderBy('station.id')
        .orderBy('chargingProfile.profileId')
        .limit(limit);
      if (after !== undefined) {
        const { stationId, profile } = after;
        query = query.where(({ eb, refTuple, tuple }) =>
          eb(
            refTuple('station.id', 'chargingProfile.profileId'),
            '>',
            tuple(stationId, profile.chargingProfileId),
          ),
        );
      }
      return (await executor.all(query.compile())).map(toInstalled);
    },

    count: (filter) => countRows(executor, filtered(filter)),

    async remove(stationUuid, profileId) {
      await executor.run(
        build
          .deleteFrom('chargingProfile')
          .where('stationUuid', '=', stationUuid)
          .where('profileId', '=', profileId)
          .compile(),
      );
    },

    async removeOver(stationUuid, now) {
      await executor.run(
        build
          .deleteFrom('chargingProfile')
          .where('stationUuid', '=', stationUuid)
          .where(({ eb, or, selectFrom }) =>
            or([
              eb('validTo', '<=', now),
              eb(
                'transactionId',
                'in',
                selectFrom('session')
                  .select('session.transactionId')
                  .whereRef('session.transactionId', '=', 'chargingProfile.transactionId')
                  .where('session.stoppedAt', 'is not', null),
              ),
            ]),
          )
          .compile(),
      );
    },

    async deleteByStation(stationUuid) {
      await executor.run(
        build.deleteFrom('chargingProfile').where('stationUuid', '=', stationUuid).compile(),
      );
    },
  };
}
