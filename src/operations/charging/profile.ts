import { type Static, Type } from '@sinclair/typebox';
import {
  formatProfilePath,
  profileIntegerMax,
  profilePurposes,
} from '../../domain/charging/charging-profile.js';
import type { InstalledProfile } from '../../domain/charging/charging-profile-repository.js';
import { readProfile } from '../../domain/charging/read-charging-profile.js';
import { FleetError } from '../../domain/errors.js';
import { staff } from '../access.js';
import { bulk, bulkInput, bulkOutcome } from '../bulk.js';
import { fieldsOf, listOf, listQuery } from '../list.js';
import { findSite, findStation } from '../lookup.js';
import { stream, unary } from '../operation.js';
import { pagedList } from '../paged-list.js';
import { given, instant, nullable, oneOf, toIso } from '../shared.js';
import { clearProfiles } from './clear-profiles.js';
import { installProfile } from './install-profile.js';

/** Names and order are a contract: CSV columns follow them. */
const profileView = Type.Object({
  stationId: Type.String(),
  /** 0 is the station as a whole. */
  connector: Type.Integer(),
  profileId: Type.Integer(),
  purpose: oneOf(...profilePurposes),
  stackLevel: Type.Integer(),
  kind: Type.String(),
  recurrency: nullable(Type.String()),
  /** As OCPP has it. */
  schedule: Type.Record(Type.String(), Type.Unknown()),
  /** The session of a TxProfile. */
  transactionId: nullable(Type.Integer()),
  validFrom: nullable(instant),
  validTo: nullable(instant),
  /** `unanswered`: the station did not say whether it took it. */
  state: oneOf('accepted', 'unanswered'),
  sentAt: instant,
});
export type ProfileView = Static<typeof profileView>;

function toProfileView({
  stationId,
  connector,
  profile,
  state,
  sentAt,
}: InstalledProfile & { stationId: string }): ProfileView {
  const { chargingSchedule, validFrom = null, validTo = null } = profile;
  return {
    stationId,
    connector,
    profileId: profile.chargingProfileId,
    purpose: profile.chargingProfilePurpose,
    stackLevel: profile.stackLevel,
    kind: profile.chargingProfileKind,
    recurrency: profile.recurrencyKind ?? null,
    schedule: { ...chargingSchedule },
    transactionId: profile.transactionId ?? null,
    validFrom,
    validTo,
    state,
    sentAt: toIso(sentAt),
  };
}

/** How long a station may take to answer. */
const timeoutMs = Type.Integer({ minimum: 100, maximum: 3_600_000 });

/** More problems of one profile than these are not told at once. */
const problemsTold = 3;

export const profileOperations = {
  'profile.set': stream({
    summary: 'Install a charging profile at stations',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({
      ...bulkInput,
      connector: Type.Optional(Type.Integer({ minimum: 0 })),
      /** Session or transaction id, for a TxProfile. */
      session: Type.Optional(Type.String()),
      /** OCPP's ChargingProfile: see domain/charging/read-charging-profile.ts for what may be left out. */
      profile: Type.Record(Type.String(), Type.Unknown()),
      timeoutMs,
    }),
    output: bulkOutcome,
    async *run(context, { targets, concurrency, profile, connector, session, timeoutMs }) {
      const read = readProfile(profile, context.clock.now());
      if ('problems' in read) {
        const told = read.problems
          .slice(0, problemsTold)
          .map(({ path, message }) => `${formatProfilePath(path)} ${message}`);
        throw new FleetError('USAGE', `The profile is not sound: ${told.join('; ')}.`);
      }
      const request = { draft: read.profile, connector, session, timeoutMs };
      yield* bulk(context, targets, { concurrency }, (station, signal) =>
        installProfile(context, station, request, signal),
      );
    },
  }),

  'profile.clear': stream({
    summary: 'Remove charging profiles from stations',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({
      ...bulkInput,
      id: Type.Optional(Type.Integer({ minimum: 1, maximum: profileIntegerMax })),
      connector: Type.Optional(Type.Integer({ minimum: 0 })),
      purpose: Type.Optional(oneOf(...profilePurposes)),
      stackLevel: Type.Optional(Type.Integer({ minimum: 0, maximum: profileIntegerMax })),
      /** Has to be said when there is no criterion. */
      everyProfile: Type.Optional(Type.Boolean()),
      timeoutMs,
    }),
    output: bulkOutcome,
    async *run(context, { targets, concurrency, everyProfile, timeoutMs, ...wanted }) {
      const criteria = given(wanted);
      const isNarrowed = Object.keys(criteria).length > 0;
      if (isNarrowed === (everyProfile === true)) {
        throw new FleetError('USAGE', 'Say which profiles: by id, by other criteria, or all of them.', {
          suggestions: ['--id, --connector, --purpose, --stack-level', '--all-profiles'],
        });
      }
      if (criteria.id !== undefined && Object.keys(criteria).length > 1) {
        throw new FleetError('USAGE', 'An id alone says which profile; other criteria would not count.');
      }
      yield* bulk(context, targets, { concurrency }, (station, signal) =>
        clearProfiles(context, station, criteria, { timeoutMs, signal }),
      );
    },
  }),

  'profile.list': unary({
    summary: 'List the charging profiles that stations were given',
    access: staff,
    effect: 'read',
    input: Type.Object({
      stationId: Type.Optional(Type.String()),
      site: Type.Optional(Type.String()),
      ...listQuery,
    }),
    output: listOf(profileView),
    async run({ store, clock, signal }, { stationId, site, ...query }) {
      const openAt = clock.now();
      const filter = await store.read(async (r) => ({
        openAt,
        ...(stationId !== undefined && { stationUuid: (await findStation(r, stationId)).uuid }),
        ...(site !== undefined && { siteUuid: (await findSite(r, site)).uuid }),
      }));
      const source = {
        page: (limit: number, after: (InstalledProfile & { stationId: string }) | undefined) =>
          store.read((r) => r.chargingProfiles.list(filter, { limit, after })),
        count: () => store.read((r) => r.chargingProfiles.count(filter)),
        view: toProfileView,
        fields: fieldsOf(profileView),
      };
      return pagedList(query, source, signal);
    },
  }),
};
