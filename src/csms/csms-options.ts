import type { CertificateDesk } from '../domain/certificate/certificate-desk.js';
import type { Clock, NewId, NewSecret } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import type { MeterStore } from '../domain/repositories.js';
import type { StationKeyHasher } from '../domain/station/station-key-hash.js';
import type { UnknownStations } from './admission.js';
import type { ConnectionObserver } from './connection-observer.js';
import type { FrameObserver } from './station-connection.js';

export interface CsmsOptions {
  readonly store: MeterStore;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Log;
  readonly unknownStations: UnknownStations;
  /** The least that any station must show to be let in: a security profile of OCPP. Default 0. */
  readonly minSecurityProfile?: number;
  /** Default: that of the system. */
  readonly newSecret?: NewSecret;
  /** Compares the keys of stations. Default: that of the process. */
  readonly keyHasher?: StationKeyHasher;
  /** Where stations hand in requests for certificates. Default: all are refused. */
  readonly certificateDesk?: CertificateDesk;
  /** Seconds between heartbeats, told to stations that have no interval of their own. Default 300. */
  readonly heartbeatIntervalS?: number;
  /**
   * How often stations without an interval of their own are pinged, in whole seconds; one that was silent for two such
   * intervals is cut off. Default 30,000.
   */
  readonly pingIntervalMs?: number;
  /** Largest message taken from a station; a longer one closes its connection with 1009. Default 8 MiB. */
  readonly maxMessageBytes?: number;
  /** What may wait for a station that does not read before it is cut off. Default 16 MiB. */
  readonly maxUnsentBytes?: number;
  /** Default 20,000. */
  readonly maxConnections?: number;
  /** Stations taken in by `pending` that may wait for a decision; further strangers are rejected. Default 1,000. */
  readonly maxPending?: number;
  /** Stations in the topology from which on no stranger is taken in by itself any more. Default: `maxConnections`, but at least 20,000. */
  readonly maxEnrolled?: number;
  /** Stations let in at once; the others wait in line. Default 256. */
  readonly maxAdmissions?: number;
  /** Stations that may wait to be let in; more get 503. Default 8,192. */
  readonly maxWaitingAdmissions?: number;
  /** Messages a second that a station may send in the long run; it is read no faster. 0: no limit. Default 200. */
  readonly maxMessageRate?: number;
  /** Told of every frame that passes. */
  readonly observers?: readonly FrameObserver[];
  readonly connectionObserver?: ConnectionObserver;
}
