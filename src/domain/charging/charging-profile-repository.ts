import type { ChargingProfile } from './charging-profile.js';

/** `unanswered`: it was sent, and the station did not say whether it took it. */
type ProfileState = 'accepted' | 'unanswered';

/** A profile as it was sent to a station, which as far as we know still has it. */
export interface InstalledProfile {
  readonly stationUuid: string;
  /** 0 is the station as a whole. */
  readonly connector: number;
  readonly profile: ChargingProfile;
  readonly state: ProfileState;
  readonly sentAt: number;
}

export interface InstalledProfileFilter {
  readonly stationUuid?: string;
  readonly siteUuid?: string;
  /** Of stations that stand at one of these sites now. */
  readonly siteUuids?: readonly string[];
  /** Not those that are over at this instant: past their validity, or of a session that has ended. */
  readonly openAt: number;
}

export interface ChargingProfileRepository {
  /** Keeps a profile in place of the one of the station with the same id. */
  put(profile: InstalledProfile): Promise<void>;
  /** All of a station, by id. There are as many as `profilesPerStationMax` at most. */
  listByStation(stationUuid: string): Promise<InstalledProfile[]>;
  /** By the id of the station, then that of the profile. */
  list(
    filter: InstalledProfileFilter,
    page: {
      readonly limit: number;
      readonly after?: { readonly stationId: string; readonly profile: ChargingProfile } | undefined;
    },
  ): Promise<(InstalledProfile & { stationId: string })[]>;
  count(filter: InstalledProfileFilter): Promise<number>;
  remove(stationUuid: string, profileId: number): Promise<void>;
  /** Removes those of a station that are over: see `InstalledProfileFilter`. */
  removeOver(stationUuid: string, now: number): Promise<void>;
  deleteByStation(stationUuid: string): Promise<void>;
}

/** Kept of one station; those that say how many they take (MaxChargingProfilesInstalled) take far fewer. */
export const profilesPerStationMax = 500;
