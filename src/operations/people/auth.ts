import { Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import { roles } from '../../domain/people/people.js';
import { everyone } from '../access.js';
import { unary } from '../operation.js';
import { instant, nullable, oneOf, toIso } from '../shared.js';
import { changeOwnPassword } from './own-password.js';

export const authOperations = {
  'auth.whoami': unary({
    summary: 'Say who one is here, and what one may do',
    access: everyone,
    effect: 'read',
    input: Type.Object({}),
    output: Type.Object({
      /** E-mail address, or the name of the system's user. */
      name: Type.String(),
      role: oneOf(...roles),
      /** Names of the sites one is for; null all of them. */
      sites: nullable(Type.Array(Type.String())),
      readOnly: Type.Boolean(),
      keyId: nullable(Type.String()),
      /** When the key ends; null when it does not, or there is none. */
      expires: nullable(instant),
      way: oneOf('socket', 'store', 'api'),
    }),
    async run({ store, caller: { name, role, siteUuids, readOnly, keyId, way } }) {
      const isLimited = siteUuids !== null && siteUuids.length > 0;
      const all = isLimited ? await store.read((r) => r.sites.list()) : [];
      const own = all.filter(({ uuid }) => siteUuids?.includes(uuid)).map((site) => site.name);
      const key = keyId === null ? undefined : await store.read((r) => r.apiKeys.find(keyId));
      const expires = toIso(key?.expiresAt ?? null);
      return { name, role, sites: siteUuids && own, readOnly, keyId, expires, way };
    },
  }),

  'auth.password': unary({
    summary: "Change one's own password",
    access: everyone,
    effect: 'change',
    input: Type.Object({
      oldPassword: Type.String({ minLength: 1, maxLength: 1024 }),
      /** See domain/people/password.ts for what it needs. */
      newPassword: Type.String({ maxLength: 4096 }),
    }),
    output: Type.Object({
      email: Type.String(),
      /** Keys that were revoked because they came from logging in with the password that was. */
      loginsEnded: Type.Integer(),
    }),
    async run(context, input) {
      return { email: context.caller.name, loginsEnded: await changeOwnPassword(context, input) };
    },
  }),

  'auth.logout': unary({
    summary: 'Revoke the API key with which this is asked',
    access: everyone,
    effect: 'change',
    forReadOnly: true,
    input: Type.Object({}),
    output: Type.Object({ id: Type.String() }),
    async run({ store, clock, caller: { keyId } }) {
      if (keyId === null) {
        throw new FleetError('USAGE', 'There is no key to revoke: this is the machine of the fleet itself.', {
          suggestions: ['evfleet api-key list', 'evfleet api-key revoke ID'],
        });
      }
      await store.write((r) => r.apiKeys.update(keyId, { revokedAt: clock.now() }));
      return { id: keyId };
    },
  }),
};
