import { Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import type { Station } from '../../domain/model.js';
import { quoteForShell } from '../../domain/shell.js';
import { generatedKeyBytes, readAuthorizationKey, spellKey } from '../../domain/station/authorization-key.js';
import { describeProfile, type ShownSecurity } from '../../domain/station/security-profile.js';
import { stationKeyHasher } from '../../domain/station/station-key-hash.js';
import { checkAccess, siteManagers } from '../access.js';
import type { OperationContext } from '../operation.js';
import { nullable } from '../shared.js';

/** How a station proves who it is. */
export const securityInput = {
  /** The least that it must show: 0 nothing, 1 its key, 2 TLS and its key, 3 TLS and a client certificate. */
  securityProfile: Type.Optional(Type.Integer({ minimum: 0, maximum: 3 })),
  /** Its AuthorizationKey, as it is typed into it; null takes it away. */
  authKey: Type.Optional(nullable(Type.String({ maxLength: 1024 }))),
  /** Makes it a key, which the answer holds, and nobody can read later. */
  generateAuthKey: Type.Optional(Type.Boolean()),
};

/** In the answer: the key that was made. */
export const madeKey = { authKey: Type.Optional(Type.String()) };

export interface SecurityInput {
  readonly securityProfile?: number | undefined;
  readonly authKey?: string | null | undefined;
  readonly generateAuthKey?: boolean | undefined;
}

export interface PreparedKey {
  /** Undefined: it stays as it is. */
  readonly hash?: string | null;
  readonly made?: string;
}

/**
 * Hashes the key that was given, or makes one. Apart from the transaction, because it takes a while.
 * @throws FleetError NOT_ALLOWED for those who may change the station but not this; USAGE for what is no key
 */
export async function prepareKey(
  { newSecret, caller }: Pick<OperationContext, 'newSecret' | 'caller'>,
  operation: string,
  { securityProfile, authKey, generateAuthKey = false }: SecurityInput,
): Promise<PreparedKey> {
  if (securityProfile === undefined && authKey === undefined && !generateAuthKey) return {};
  checkAccess(operation, { access: siteManagers, effect: 'change' }, caller);
  if (generateAuthKey) {
    if (authKey !== undefined) throw new FleetError('USAGE', 'A key is either given or made.');
    const bytes = Buffer.from(newSecret(generatedKeyBytes));
    return { hash: stationKeyHasher.hashGenerated(bytes, newSecret), made: spellKey(bytes) };
  }
  if (authKey === undefined || authKey === null) return { ...(authKey === null && { hash: null }) };
  return { hash: await stationKeyHasher.hashTyped(readAuthorizationKey(authKey), newSecret) };
}

type Security = Pick<Station, 'id' | 'securityProfile' | 'authKeyHash' | 'pendingAuthKeyHash'>;

/**
 * What changes of the station. A first key raises profile 0, so that the key is asked for from then on.
 * @throws FleetError CONFLICT when it could never be let in, or would not have to show the key that it has
 */
export function securityChange(
  station: Security,
  wanted: SecurityInput,
  { hash, now, shown }: PreparedKey & { readonly now: number; readonly shown: ShownSecurity | undefined },
): Partial<Station> {
  if (hash === undefined && wanted.securityProfile === undefined) return {};
  const hasKey = hash === undefined ? station.authKeyHash !== null : hash !== null;
  const raised = hasKey && station.securityProfile === 0 ? (shown?.isEncrypted ? 2 : 1) : undefined;
  const securityProfile = wanted.securityProfile ?? raised ?? station.securityProfile;
  const isOnItsWay = hash === undefined && station.pendingAuthKeyHash !== null;
  checkConsistent(station, { securityProfile, hasKey, isOnItsWay, isRemoved: hash === null });
  return {
    securityProfile,
    // What a person decides is not changed by what was wanted before.
    ...(wanted.securityProfile !== undefined && { acceptedProfile: null }),
    ...(hash !== undefined && {
      authKeyHash: hash,
      authKeyAt: hash === null ? null : now,
      pendingAuthKeyHash: null,
      pendingAuthKeyAt: null,
      pendingAuthKeyState: null,
    }),
  };
}

interface Result {
  readonly securityProfile: number;
  readonly hasKey: boolean;
  readonly isOnItsWay: boolean;
  readonly isRemoved: boolean;
}

function checkConsistent({ id }: Security, { securityProfile, hasKey, isOnItsWay, isRemoved }: Result): void {
  if (securityProfile === 0 && hasKey) {
    throw new FleetError('CONFLICT', `Station ${id} has a key, which it would not have to show.`, {
      suggestions: ['Add --remove-auth-key to take the key away.'],
    });
  }
  if ((securityProfile === 1 || securityProfile === 2) && !hasKey && !isOnItsWay) {
    const needs = `Station ${id} could not connect: ${describeProfile(securityProfile)} is required, and it`;
    throw new FleetError('CONFLICT', `${needs} ${isRemoved ? 'would have no key' : 'has no key'}.`, {
      suggestions: isRemoved
        ? ['Add --security-profile 0, or 3 for client certificates.']
        : [
            `evfleet station rotate-key ${quoteForShell(id)}, which gives it one over its connection`,
            'Add --generate-auth-key or --auth-key-stdin, and type the key into the station.',
          ],
    });
  }
}
