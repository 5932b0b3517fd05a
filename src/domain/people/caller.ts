import type { Role } from './people.js';

/** Which way somebody came: the control socket, this process itself, or the API with a key. */
export type Way = 'socket' | 'store' | 'api';

/** Who wants something done, as the operations see it. */
export interface Caller {
  /** E-mail address, or the name of the system's user. */
  readonly name: string;
  readonly role: Role;
  /** Null for a user of the system, who is nobody in the fleet. */
  readonly userUuid: string | null;
  /** The sites that count as existing for this caller; null: all, and what belongs to none. */
  readonly siteUuids: readonly string[] | null;
  /** May look, but change nothing. */
  readonly readOnly: boolean;
  readonly way: Way;
  /** Where from; null on the machine itself. */
  readonly address: string | null;
  /** The id of the key; null without one. */
  readonly keyId: string | null;
}

/** Who can open the control socket or the store is in charge of the fleet: the permission of the file is the login. */
export function systemCaller(name: string, way: 'socket' | 'store'): Caller {
  return {
    name,
    role: 'admin',
    userUuid: null,
    siteUuids: null,
    readOnly: false,
    way,
    address: null,
    keyId: null,
  };
}
