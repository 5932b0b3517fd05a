import type { LocalListEntry } from './local-list.js';

/** What a station was sent last, as far as that is known. */
export interface SentLocalList {
  readonly stationUuid: string;
  /** The highest that was used; when `isCertain`, the station has this one. */
  readonly version: number;
  /** False from before a list is sent until the station has taken all of it. */
  readonly isCertain: boolean;
  /** When the station took what `entries` are; null as long as it took nothing. */
  readonly sentAt: number | null;
  /** When the station said last which version it has. */
  readonly checkedAt: number;
  /** Names the list that was meant, of which `entries` may be what the station has room for. */
  readonly basisKey: string;
  /** Names `entries`: equal keys are equal lists, which are kept once for all stations. */
  readonly contentKey: string;
  readonly entries: readonly LocalListEntry[];
}

export interface LocalListRepository {
  find(stationUuid: string): Promise<SentLocalList | undefined>;
  /** Writes down what a station has now. */
  save(list: SentLocalList): Promise<void>;
  /** Before a station is sent something: until `save` nobody knows what it has. */
  markUncertain(stationUuid: string, version: number, at: number): Promise<void>;
  /**
   * Accepted stations that are connected and were sent none of the lists that `basisKeys` name, or have booted since they
   * were asked which they have. By uuid, behind `after`.
   */
  listStale(
    basisKeys: readonly string[],
    page: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<{ uuid: string; id: string }[]>;
  /** Which list was meant for each station that was sent one. */
  listBases(): Promise<Pick<SentLocalList, 'stationUuid' | 'basisKey'>[]>;
  /** What the station was sent is not what it should have, whatever the list is called. */
  markOutdated(stationUuid: string): Promise<void>;
  deleteByStation(stationUuid: string): Promise<void>;
}
