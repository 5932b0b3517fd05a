/**
 * The fleet as the store keeps it. Instants are milliseconds since the Unix epoch (UTC), energy is integer
 * watt-hours, power watts. `uuid` never changes; names and OCPP identities are what people type.
 */

import type { ChargingProfile } from './charging/charging-profile.js';

export interface Site {
  readonly uuid: string;
  readonly name: string;
  readonly address: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly createdAt: number;
}

export interface Floor {
  readonly uuid: string;
  readonly siteUuid: string;
  readonly name: string;
  /** 0 is the ground floor, negative below it. */
  readonly level: number | null;
  readonly createdAt: number;
}

/** How the central system answers the station's BootNotification (OCPP 1.6 §4.2). */
export type Registration = 'accepted' | 'pending' | 'rejected';

/**
 * How far a new AuthorizationKey is: sent (the station may have it), or accepted by the station at once or from its next
 * boot on.
 */
export type PendingKeyState = 'sent' | 'accepted' | 'reboot';

export interface Station {
  readonly uuid: string;
  /** OCPP identity (chargebox id), case-sensitive. */
  readonly id: string;
  readonly name: string;
  readonly siteUuid: string | null;
  readonly floorUuid: string | null;
  readonly registration: Registration;
  /** The least that its connections must show (OCPP 1.6 security profiles): 0 nothing … 3 a client certificate. */
  readonly securityProfile: number;
  /** The higher one that it said it goes over to; null: none, or it has shown it already. */
  readonly acceptedProfile: number | null;
  /** Salted hash of its AuthorizationKey; null when it has none. Never shown to anybody. */
  readonly authKeyHash: string | null;
  readonly authKeyAt: number | null;
  /** Of the key that is to take its place: both are good until the station shows the new one. */
  readonly pendingAuthKeyHash: string | null;
  readonly pendingAuthKeyAt: number | null;
  readonly pendingAuthKeyState: PendingKeyState | null;
  /** Seconds; null means the server's default. */
  readonly heartbeatIntervalS: number | null;
  /** Seconds between the pings it gets; null means the server's default, 0 none at all. */
  readonly pingIntervalS: number | null;
  /** Whether its silence means that it is gone; some stations never answer a ping (field trap 4). */
  readonly expectsPong: boolean;
  /** What it is taken to speak when it offers no subprotocol at all (field trap 5); null: nothing. */
  readonly assumedProtocol: string | null;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly serialNumber: string | null;
  readonly firmwareVersion: string | null;
  /** Negotiated subprotocol of the last connection, for example `ocpp1.6`. */
  readonly protocol: string | null;
  readonly bootedAt: number | null;
  readonly lastSeenAt: number | null;
  /** Null while connected and before the first connection. */
  readonly offlineSinceAt: number | null;
  readonly createdAt: number;
}

export type ConnectorMode = 'rfid' | 'open';

export interface Connector {
  readonly stationUuid: string;
  /** 1..n; 0 stands for the station itself. */
  readonly connector: number;
  readonly name: string | null;
  readonly mode: ConnectorMode;
  readonly evseId: string | null;
  readonly type: string | null;
  readonly maxPowerW: number | null;
  /** As reported (OCPP 1.6 ChargePointStatus, or what the station sent instead); null before the first report. */
  readonly status: string | null;
  readonly errorCode: string | null;
  readonly vendorErrorCode: string | null;
  readonly info: string | null;
  readonly statusAt: number | null;
}

export interface Group {
  readonly uuid: string;
  readonly name: string;
  readonly createdAt: number;
}

/** A station that knocked without being in the topology. */
export interface UnknownStation {
  readonly id: string;
  readonly address: string | null;
  readonly protocol: string | null;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly attempts: number;
}

/** A habit of a station that departs from the specification and was tolerated; counted, not collected. */
export interface Breach {
  readonly stationUuid: string;
  readonly stationId: string;
  /** Null when the message could not be told. */
  readonly action: string | null;
  /** JSON pointer into the payload, with `#` for the numbers of list elements. */
  readonly place: string;
  readonly rule: string;
  /** Of the latest one. */
  readonly detail: string;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export type AuthenticationMethod = 'anonymous' | 'rfid' | 'remote';
export type SessionState = 'active' | 'ended' | 'suspect';

/** One charging transaction. Where it took place is written down at its start, so that later renames do not rewrite it. */
export interface Session {
  readonly uuid: string;
  /** Integer ≥ 1, unique over all stations, never reused. */
  readonly transactionId: number;
  readonly stationUuid: string;
  readonly stationId: string;
  readonly stationName: string;
  readonly siteUuid: string | null;
  readonly siteName: string | null;
  readonly floorName: string | null;
  readonly connector: number;
  readonly evseId: string | null;
  readonly authentication: AuthenticationMethod;
  readonly tag: string | null;
  /** Whose tag it was then, and the address at that time. */
  readonly userUuid: string | null;
  readonly userEmail: string | null;
  /** By the station's clock, unless that was nonsense. */
  readonly startedAt: number;
  readonly stoppedAt: number | null;
  readonly meterStartWh: number;
  readonly meterStopWh: number | null;
  /** Latest energy register seen between start and stop. */
  readonly meterLastWh: number | null;
  readonly stopReason: string | null;
  /**
   * The transaction that the station's stop named: the session's own id, or another when the stop was matched by time
   * and place. Null while it runs, and when a person closed it.
   */
  readonly stoppedAs: number | null;
  readonly state: SessionState;
  /** Why the session is suspect, in words; null when it is not. */
  readonly suspicion: string | null;
  /** When the server recorded the start. */
  readonly receivedAt: number;
  /** Verdict the station was told: OCPP AuthorizationStatus. */
  readonly verdict: string;
}

/** What a station measured at one instant of a session (or outside of any). */
export interface MeterSample {
  readonly stationUuid: string;
  readonly connector: number;
  /** The session it belongs to; null for a reading outside of any. */
  readonly transactionId: number | null;
  readonly takenAt: number;
  readonly receivedAt: number;
  /** OCPP ReadingContext, for example `Sample.Periodic`. */
  readonly context: string;
  readonly energyWh: number | null;
  readonly powerW: number | null;
  /** Amperes; the highest phase when only phases are reported. */
  readonly currentA: number | null;
  /** Volts; the mean of the phases when only phases are reported. */
  readonly voltageV: number | null;
  /** Percent. */
  readonly soc: number | null;
  /**
   * What the fields above do not say, phases for example; null when that is nothing. One line for each value:
   * measurand, value, unit, phase, location, context, format, separated by tabs, empty where it is the usual.
   */
  readonly other: string | null;
}

/** A remote start that the station was asked for and that has not become a session yet. */
export interface RemoteStart {
  readonly stationUuid: string;
  readonly connector: number | null;
  readonly tag: string;
  readonly requestedAt: number;
  /** What was sent with it for the session. */
  readonly profile: ChargingProfile | null;
}

/** Who ended a connection; `lost`: nobody said goodbye, `protocol`: the station sent what cannot be a frame. */
export type ConnectionInitiator = 'station' | 'server' | 'lost' | 'protocol';

/** One stay of a station on the server. It outlives the station. */
export interface ConnectionStay {
  readonly uuid: string;
  readonly stationUuid: string;
  readonly stationId: string;
  /** The subprotocol that was agreed on. */
  readonly protocol: string;
  /** Where it came from; null when the socket was gone before it could be asked. */
  readonly address: string | null;
  readonly openedAt: number;
  /** Null, like all that follows, while it lasts. */
  readonly closedAt: number | null;
  /** Close code of WebSocket (RFC 6455 §7.4); 1: the server was stopped and nobody saw the end. */
  readonly code: number | null;
  readonly initiator: ConnectionInitiator | null;
  readonly reason: string | null;
}

/** An error as a connector (0: the station itself) reported it, from its first report until it was over. */
export interface Fault {
  readonly uuid: string;
  readonly stationUuid: string;
  readonly stationId: string;
  readonly connector: number;
  /** OCPP ChargePointErrorCode, or what the station sent instead; `NoError` where it only said `Faulted`. */
  readonly errorCode: string;
  readonly vendorErrorCode: string | null;
  readonly vendorId: string | null;
  readonly info: string | null;
  readonly status: string;
  /** By the station's clock, unless that was nonsense. */
  readonly beganAt: number;
  readonly endedAt: number | null;
  /** Began while a maintenance window was open for the place. */
  readonly maintenance: boolean;
}

/** Something that happened to a station or connector: the log that alarms are derived from. */
export interface FleetEvent {
  readonly at: number;
  readonly receivedAt: number;
  readonly stationUuid: string;
  readonly stationId: string;
  readonly connector: number | null;
  /** Dotted, from the general to the special: `station.booted`, `security.StartupOfTheDevice`. */
  readonly kind: string;
  /** What else is known, JSON text of an object. */
  readonly detail: string;
}
