import type { Repositories } from '../../domain/repositories.js';
import { only } from './only.js';
import type { Sight } from './sight.js';

type Affairs = Pick<
  Repositories,
  | 'remoteStarts'
  | 'configurations'
  | 'localLists'
  | 'reservations'
  | 'chargingProfiles'
  | 'diagnostics'
  | 'firmwareImages'
  | 'firmwareRollouts'
>;

/** What people do with stations, as far as these stand at the sites in sight now. */
export function affairsInSight(sight: Sight): Affairs {
  const { r } = sight;
  const refusal = () => sight.refusal();

  async function checkRequest(id: number): Promise<void> {
    if (!(await sight.ofStation(await r.diagnostics.find(id)))) throw sight.refusal();
  }

  /** A rollout with a station that is out of sight is, too. */
  const findRollout = (id: number) => r.firmwareRollouts.find(id, sight.narrow({}));

  return {
    remoteStarts: only(
      {
        async insert(start) {
          await sight.checkStation(start.stationUuid);
          await r.remoteStarts.insert(start);
        },
        async remove(stationUuid, tag, requestedAt) {
          await sight.checkStation(stationUuid);
          await r.remoteStarts.remove(stationUuid, tag, requestedAt);
        },
        // Of all stations: what is too old to count.
        removeBefore: (olderThan) => r.remoteStarts.removeBefore(olderThan),
      },
      refusal,
    ),

    configurations: only(
      {
        find: async (stationUuid) => sight.ofStation(await r.configurations.find(stationUuid)),
        async put(configuration) {
          await sight.checkStation(configuration.stationUuid);
          await r.configurations.put(configuration);
        },
        async deleteByStation(stationUuid) {
          await sight.checkStation(stationUuid);
          await r.configurations.deleteByStation(stationUuid);
        },
        // They go by vendor, model and firmware, and so for the stations in sight.
        listTemplates: () => r.configurations.listTemplates(),
      },
      refusal,
    ),

    localLists: only(
      {
        find: async (stationUuid) => sight.ofStation(await r.localLists.find(stationUuid)),
        async save(list) {
          await sight.checkStation(list.stationUuid);
          await r.localLists.save(list);
        },
        async markUncertain(stationUuid, version, at) {
          await sight.checkStation(stationUuid);
          await r.localLists.markUncertain(stationUuid, version, at);
        },
        async deleteByStation(stationUuid) {
          await sight.checkStation(stationUuid);
          await r.localLists.deleteByStation(stationUuid);
        },
      },
      refusal,
    ),

    reservations: only(
      {
        async insert(reservation) {
          await sight.checkStation(reservation.stationUuid);
          return r.reservations.insert(reservation);
        },
        findById: async (id) => sight.ofStation(await r.reservations.findById(id)),
        listOpen: async (stationUuid) =>
          (await sight.seesStation(stationUuid)) ? r.reservations.listOpen(stationUuid) : [],
        list: (filter, page) => r.reservations.list(sight.narrow(filter), page),
        count: (filter) => r.reservations.count(sight.narrow(filter)),
        async update(id, change) {
          if (!(await sight.ofStation(await r.reservations.findById(id)))) throw sight.refusal();
          await r.reservations.update(id, change);
        },
      },
      refusal,
    ),

    chargingProfiles: only(
      {
        async put(profile) {
          await sight.checkStation(profile.stationUuid);
          await r.chargingProfiles.put(profile);
        },
        listByStation: async (stationUuid) =>
          (await sight.seesStation(stationUuid)) ? r.chargingProfiles.listByStation(stationUuid) : [],
        list: (filter, page) => r.chargingProfiles.list(sight.narrow(filter), page),
        count: (filter) => r.chargingProfiles.count(sight.narrow(filter)),
        async remove(stationUuid, profileId) {
          await sight.checkStation(stationUuid);
          await r.chargingProfiles.remove(stationUuid, profileId);
        },
        async removeOver(stationUuid, now) {
          await sight.checkStation(stationUuid);
          await r.chargingProfiles.removeOver(stationUuid, now);
        },
        async deleteByStation(stationUuid) {
          await sight.checkStation(stationUuid);
          await r.chargingProfiles.deleteByStation(stationUuid);
        },
      },
      refusal,
    ),

    diagnostics: only(
      {
        async insert(request) {
          await sight.checkStation(request.stationUuid);
          return r.diagnostics.insert(request);
        },
        find: async (id) => sight.ofStation(await r.diagnostics.find(id)),
        async update(id, change) {
          await checkRequest(id);
          await r.diagnostics.update(id, change);
        },
        async endOlder(request, end) {
          await sight.checkStation(request.stationUuid);
          await r.diagnostics.endOlder(request, end);
        },
        list: (filter, page) => r.diagnostics.list(sight.narrow(filter), page),
        count: (filter) => r.diagnostics.count(sight.narrow(filter)),
        async delete(id) {
          await checkRequest(id);
          await r.diagnostics.delete(id);
        },
      },
      refusal,
    ),

    // Images are the same for all sites, and not changed from one of them.
    firmwareImages: only(
      {
        findByUuid: (uuid) => r.firmwareImages.findByUuid(uuid),
        find: (name) => r.firmwareImages.find(name),
        list: (filter) => r.firmwareImages.list(filter),
      },
      refusal,
    ),

    firmwareRollouts: only(
      {
        nextId: () => r.firmwareRollouts.nextId(),
        async insert(rollout, targets) {
          for (const { stationUuid } of targets) await sight.checkStation(stationUuid);
          await r.firmwareRollouts.insert(rollout, targets);
        },
        async update(id, change) {
          if (!(await findRollout(id))) throw sight.refusal();
          await r.firmwareRollouts.update(id, change);
        },
        find: (id, filter) => r.firmwareRollouts.find(id, sight.narrow(filter ?? {})),
        list: (page, filter) => r.firmwareRollouts.list(page, sight.narrow(filter ?? {})),
        // Of all rollouts: those that are too old to be kept.
        removeOld: (kept) => r.firmwareRollouts.removeOld(kept),
        tally: async (id) => ((await findRollout(id)) ? r.firmwareRollouts.tally(id) : []),
        // A station of theirs is seen in every rollout.
        findOpenTarget: async (stationUuid) =>
          sight.ofStation(await r.firmwareRollouts.findOpenTarget(stationUuid)),
        listTargets: (filter, page) => r.firmwareRollouts.listTargets(sight.narrow(filter), page),
        async updateTarget(target, change) {
          await sight.checkStation(target.stationUuid);
          await r.firmwareRollouts.updateTarget(target, change);
        },
      },
      refusal,
    ),
  };
}
