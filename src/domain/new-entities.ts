import type { Connector, Station } from './model.js';
import type { Tag, User } from './people/people.js';

/** A station nobody has said anything about yet. */
export function newStation(key: Pick<Station, 'uuid' | 'id' | 'createdAt'>): Station {
  return {
    ...key,
    name: key.id,
    siteUuid: null,
    floorUuid: null,
    registration: 'accepted',
    securityProfile: 0,
    acceptedProfile: null,
    authKeyHash: null,
    authKeyAt: null,
    pendingAuthKeyHash: null,
    pendingAuthKeyAt: null,
    pendingAuthKeyState: null,
    heartbeatIntervalS: null,
    pingIntervalS: null,
    expectsPong: true,
    assumedProtocol: null,
    vendor: null,
    model: null,
    serialNumber: null,
    firmwareVersion: null,
    protocol: null,
    bootedAt: null,
    lastSeenAt: null,
    offlineSinceAt: null,
  };
}

/** A connector that has not reported yet; only known tags may charge until somebody opens it. */
export function newConnector(stationUuid: string, connector: number): Connector {
  return {
    stationUuid,
    connector,
    name: null,
    mode: 'rfid',
    evseId: null,
    type: null,
    maxPowerW: null,
    status: null,
    errorCode: null,
    vendorErrorCode: null,
    info: null,
    statusAt: null,
  };
}

/** A tag that is good everywhere and for ever, and nobody's. */
export function newTag(key: Pick<Tag, 'tag' | 'createdAt'>): Tag {
  return {
    ...key,
    label: null,
    blocked: false,
    expiresAt: null,
    parent: null,
    userUuid: null,
    maxActive: null,
    siteUuids: [],
    groupUuids: [],
  };
}

/** Somebody with tags and sessions of their own, for no site in particular, who cannot log in. */
export function newUser(key: Pick<User, 'uuid' | 'email' | 'createdAt'>): User {
  return {
    ...key,
    firstName: null,
    lastName: null,
    role: 'driver',
    siteUuids: [],
    passwordHash: null,
    disabled: false,
    emailAtAlarm: false,
  };
}
