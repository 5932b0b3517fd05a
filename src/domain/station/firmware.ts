import type { TransferProtocol } from './file-exchange.js';

/** An image of firmware that stations can be given. Its bytes lie in the data directory under its uuid. */
export interface FirmwareImage {
  readonly uuid: string;
  /** Vendor, model and version name it; they compare case-insensitively. */
  readonly vendor: string;
  readonly model: string;
  readonly version: string;
  /** What stations see in the URL; some read the version out of it. */
  readonly fileName: string;
  readonly sizeBytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Base64; null, like the certificate, when only the unsigned update can be asked for. */
  readonly signature: string | null;
  /** PEM. */
  readonly certificate: string | null;
  readonly createdAt: number;
}

/**
 * `running`: waves go on. `stopped`: too many failed. `cancelled`: a person ended it. `done`: every station was judged.
 * Whatever it is, stations that were told already are followed to their end.
 */
export const rolloutStates = ['running', 'done', 'stopped', 'cancelled'] as const;
type RolloutState = (typeof rolloutStates)[number];

/** An update of many stations to one version, wave by wave. */
export interface FirmwareRollout {
  /** 1, 2, 3 …; it is also the request id that stations are told. */
  readonly id: number;
  readonly version: string;
  readonly signed: boolean;
  /** How the image is fetched. */
  readonly protocol: TransferProtocol;
  /** From when on stations may fetch the image; null: at once. */
  readonly retrieveAt: number | null;
  /** How often a station tries again; null leaves it to the station. */
  readonly retries: number | null;
  readonly retryIntervalS: number | null;
  /** How long a station may take to answer. */
  readonly answerTimeoutMs: number;
  /** Stations that are told at the same time. */
  readonly concurrency: number;
  /** How many may fail before no more stations are told. */
  readonly maxFailures: number;
  readonly state: RolloutState;
  /** The wave under way, from 0. */
  readonly wave: number;
  readonly waves: number;
  readonly waveStartedAt: number;
  readonly createdAt: number;
  /** When the last station was judged. */
  readonly endedAt: number | null;
}

export const targetStates = [
  /** Its wave has not come, or it is being waited for. */
  'waiting',
  /** It is being told. */
  'sending',
  'offered',
  /** A download failed, and the station was asked to try again. */
  'retrying',
  'downloading',
  'downloaded',
  'installing',
  /** It says that it is done; the version that it boots with tells whether that is true. */
  'installed',
  'succeeded',
  'failed',
  /** It was never told: offline when its turn came. */
  'skipped',
  /** It was never told: the rollout ended before. */
  'cancelled',
] as const;
export type TargetState = (typeof targetStates)[number];

/** Why a station ended otherwise than well. */
const failureReasons = ['refused', 'reported', 'version', 'silent', 'offline', 'ended'] as const;
export type FailureReason = (typeof failureReasons)[number];

/** One station of a rollout. */
export interface FirmwareTarget {
  readonly rolloutId: number;
  readonly stationUuid: string;
  readonly stationId: string;
  readonly imageUuid: string;
  /** From 0. */
  readonly wave: number;
  readonly state: TargetState;
  /** The status that the station reported last, in its own words. */
  readonly status: string | null;
  readonly reason: FailureReason | null;
  /** Why it ended as it did, or what is odd so far, for a person. */
  readonly detail: string | null;
  /** What it ran before. */
  readonly fromVersion: string | null;
  /** Downloads that failed so far. */
  readonly failures: number;
  readonly sentAt: number | null;
  /** With what it fetches the image, as long as it is wanted: the same after a restart of the server. Secret. */
  readonly offerUser: string | null;
  readonly offerPassword: string | null;
  /** When the present state is taken for a failure; null while nothing is expected of the station. */
  readonly dueAt: number | null;
  readonly endedAt: number | null;
}

export type TargetChange = Partial<Omit<FirmwareTarget, 'rolloutId' | 'stationUuid' | 'stationId' | 'wave'>>;

/** As people and stations write versions: blanks around them and case mean nothing. */
export function isSameVersion(a: string | null, b: string): boolean {
  return a !== null && a.trim().toLowerCase() === b.trim().toLowerCase();
}
