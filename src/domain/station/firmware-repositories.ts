import type {
  FirmwareImage,
  FirmwareRollout,
  FirmwareTarget,
  TargetChange,
  TargetState,
} from './firmware.js';
import type { Tally } from './firmware-waves.js';

/** What an image is named by; case-insensitive. */
export type ImageName = Pick<FirmwareImage, 'vendor' | 'model' | 'version'>;

export interface FirmwareImageRepository {
  insert(image: FirmwareImage): Promise<void>;
  findByUuid(uuid: string): Promise<FirmwareImage | undefined>;
  find(name: ImageName): Promise<FirmwareImage | undefined>;
  /** By vendor, model and version; all of them, which are as many as people uploaded. */
  list(filter?: Partial<ImageName>): Promise<FirmwareImage[]>;
  delete(uuid: string): Promise<void>;
}

export interface TargetFilter {
  readonly rolloutId?: number;
  readonly stationId?: string;
  /** Of stations that stand at one of these sites now. */
  readonly siteUuids?: readonly string[];
  readonly wave?: number;
  readonly states?: readonly TargetState[];
}

export interface RolloutFilter {
  /** Those of which every station stands at one of these sites now. */
  readonly siteUuids?: readonly string[];
}

export interface FirmwareRolloutRepository {
  /** 1 for the first. */
  nextId(): Promise<number>;
  insert(rollout: FirmwareRollout, targets: readonly FirmwareTarget[]): Promise<void>;
  update(
    id: number,
    change: Partial<Pick<FirmwareRollout, 'state' | 'wave' | 'waveStartedAt' | 'endedAt'>>,
  ): Promise<void>;
  find(id: number, filter?: RolloutFilter): Promise<FirmwareRollout | undefined>;
  /** Newest first. */
  list(
    page: { limit: number; before?: number | undefined },
    filter?: RolloutFilter,
  ): Promise<FirmwareRollout[]>;
  /** Those with stations that are not judged yet, oldest first. */
  listOpen(): Promise<FirmwareRollout[]>;
  /** Forgets those that are over, but for the newest `kept` of all; gives how many. */
  removeOld(kept: number): Promise<number>;
  tally(id: number): Promise<Tally[]>;
  /** The station's update that is not judged yet; there is at most one. */
  findOpenTarget(stationUuid: string): Promise<FirmwareTarget | undefined>;
  /** Newest rollout first, then by wave and station. */
  listTargets(filter: TargetFilter, page: { limit: number; offset?: number }): Promise<FirmwareTarget[]>;
  /** Not judged yet, and their time is up. */
  listOverdue(now: number, limit: number): Promise<FirmwareTarget[]>;
  updateTarget(
    target: Pick<FirmwareTarget, 'rolloutId' | 'stationUuid'>,
    change: TargetChange,
  ): Promise<void>;
  /** Stations that are not judged yet and are to get this image. */
  countUses(imageUuid: string): Promise<number>;
}
