import { type Static, Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import { hashOfSecret, maskKeys, newApiKey, parseApiKey } from '../../domain/people/api-key.js';
import { type ApiKey, roles } from '../../domain/people/people.js';
import { everyone } from '../access.js';
import { applyListQuery, fieldsOf, listOf, listQuery } from '../list.js';
import { unary } from '../operation.js';
import { instant, nullable, oneOf, toIso } from '../shared.js';
import { type KeyOwner, ownerOf, ownersFor, selfOf } from './api-key-owner.js';
import { checkLabel, makeRoomForKey } from './api-key-rules.js';
import { isActive } from './authenticate.js';

const role = oneOf(...roles);

const apiKeyView = Type.Object({
  id: Type.String(),
  /** E-mail address. */
  user: Type.String(),
  role,
  label: nullable(Type.String()),
  readOnly: Type.Boolean(),
  /** Made by `api-key create`, or by logging in. */
  origin: oneOf('created', 'login'),
  status: oneOf('active', 'expired', 'revoked'),
  createdAt: instant,
  expires: nullable(instant),
  /** To the minute. */
  lastUsed: nullable(instant),
});
export type ApiKeyView = Static<typeof apiKeyView>;

/** With whether it was not revoked before. */
const revokedApiKey = Type.Composite([apiKeyView, Type.Object({ changed: Type.Boolean() })]);

const createdApiKey = Type.Object({
  /** Shown this once. */
  key: Type.String(),
  id: Type.String(),
  user: Type.String(),
  role,
  label: nullable(Type.String()),
  readOnly: Type.Boolean(),
  expires: nullable(instant),
});
export type CreatedApiKey = Static<typeof createdApiKey>;

function toView(key: ApiKey, owner: KeyOwner, now: number): ApiKeyView {
  const status = isActive(key, now) ? 'active' : key.revokedAt === null ? 'expired' : 'revoked';
  return {
    id: key.id,
    user: owner.email,
    role: owner.role,
    label: key.label,
    readOnly: key.readOnly,
    origin: key.origin,
    status,
    createdAt: toIso(key.createdAt),
    expires: toIso(key.expiresAt),
    lastUsed: toIso(key.lastUsedAt),
  };
}

function noKey(id: string): FleetError {
  const parts = parseApiKey(id);
  if (parts) {
    return new FleetError('USAGE', 'This is a whole key, which is better kept off the command line.', {
      suggestions: [`evfleet api-key revoke ${parts.id}`],
    });
  }
  return new FleetError('NOT_FOUND', `There is no API key ${JSON.stringify(maskKeys(id))}.`, {
    suggestions: ['evfleet api-key list'],
  });
}

export const apiKeyOperations = {
  'api-key.list': unary({
    summary: 'List API keys, without their secrets',
    access: everyone,
    effect: 'read',
    input: Type.Object({ ...listQuery, user: Type.Optional(Type.String()) }),
    output: listOf(apiKeyView),
    run: ({ store, caller, clock }, { user, ...query }) =>
      store.read(async (r) => {
        const wanted = user === undefined ? undefined : await ownerOf(r, caller, user);
        const owners = wanted ? new Map([[wanted.uuid, wanted]]) : await ownersFor(r, caller);
        const [only] = owners.keys();
        const filter = owners.size === 1 && only !== undefined ? { userUuid: only } : {};
        const views: ApiKeyView[] = [];
        for (const key of owners.size === 0 ? [] : await r.apiKeys.list(filter)) {
          const owner = owners.get(key.userUuid);
          if (owner) views.push(toView(key, owner, clock.now()));
        }
        return applyListQuery(views, query, fieldsOf(apiKeyView));
      }),
  }),

  'api-key.create': unary({
    summary: 'Create an API key, which can do what its user can',
    access: everyone,
    effect: 'change',
    input: Type.Object({
      /** E-mail address; the caller when left out. */
      user: Type.Optional(Type.String()),
      label: Type.Optional(nullable(Type.String())),
      /** Milliseconds since the epoch, until the end of the year 9999; null never. */
      expiresAt: Type.Optional(nullable(Type.Integer({ minimum: 0, maximum: 253_402_300_799_999 }))),
      readOnly: Type.Optional(Type.Boolean()),
    }),
    output: createdApiKey,
    run({ store, caller, clock, newSecret }, { user, label = null, expiresAt = null, readOnly = false }) {
      const now = clock.now();
      if (label !== null) checkLabel(label);
      if (expiresAt !== null && expiresAt <= now) {
        throw new FleetError(
          'USAGE',
          `A key that expires at ${toIso(expiresAt)} would have expired already.`,
        );
      }
      const email = user ?? selfOf(caller)?.email;
      if (email === undefined) {
        throw new FleetError('USAGE', "A key is always somebody's, and --user does not say whose.", {
          suggestions: [
            'evfleet api-key create --user ada@example.org',
            'evfleet user list',
            'evfleet user create ada@example.org --role admin, when there is nobody yet',
          ],
        });
      }
      const { key, id, secret } = newApiKey(newSecret);
      return store.write(async (r) => {
        const owner = await ownerOf(r, caller, email);
        await makeRoomForKey(r, owner.uuid, now);
        await r.apiKeys.insert({
          id,
          userUuid: owner.uuid,
          label,
          secretHash: hashOfSecret(secret),
          readOnly,
          origin: 'created',
          expiresAt,
          createdAt: now,
          lastUsedAt: null,
          revokedAt: null,
        });
        const { email: address, role } = owner;
        return { key, id, user: address, role, label, readOnly, expires: toIso(expiresAt) };
      });
    },
  }),

  'api-key.revoke': unary({
    summary: 'Revoke API keys: they do not work any more; all of them or none',
    access: everyone,
    effect: 'change',
    input: Type.Object({ ids: Type.Array(Type.String(), { minItems: 1, maxItems: 1000 }) }),
    output: Type.Array(revokedApiKey),
    run: ({ store, caller, clock }, { ids }) =>
      store.write(async (r) => {
        const now = clock.now();
        const owners = await ownersFor(r, caller);
        const revoked: Static<typeof revokedApiKey>[] = [];
        for (const id of new Set(ids)) {
          const key = await r.apiKeys.find(id);
          const owner = key && owners.get(key.userUuid);
          if (!key || !owner) throw noKey(id);
          const revokedAt = key.revokedAt ?? now;
          if (key.revokedAt === null) await r.apiKeys.update(id, { revokedAt });
          const view = toView({ ...key, revokedAt }, owner, now);
          revoked.push({ ...view, changed: key.revokedAt === null });
        }
        return revoked;
      }),
  }),
};
