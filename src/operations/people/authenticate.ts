import { isSecretOf, parseApiKey } from '../../domain/people/api-key.js';
import type { Caller } from '../../domain/people/caller.js';
import { type ApiKey, sitesInReach } from '../../domain/people/people.js';
import type { Store } from '../../domain/repositories.js';

/** That a key was used is noted no more often than this. */
const useNotedEveryMs = 60_000;

/**
 * The caller that an API key stands for; undefined for anything that is no valid key: unknown, with another secret,
 * revoked, expired, or of somebody who is disabled or gone. What is not valid costs as much time whatever the reason.
 * @param from.now milliseconds since the epoch
 */
export async function callerOfKey(
  store: Store,
  text: string,
  { address, now }: { readonly address: string | null; readonly now: number },
): Promise<Caller | undefined> {
  const parts = parseApiKey(text);
  if (!parts) return undefined;
  const { key, user } = await store.read(async (r) => {
    const found = await r.apiKeys.find(parts.id);
    return { key: found, user: await r.users.findByUuid(found?.userUuid ?? '') };
  });
  const isGenuine = isSecretOf(parts.secret, key?.secretHash);
  if (!isGenuine || !key || !user || !isActive(key, now) || user.disabled) return undefined;
  if (key.lastUsedAt === null || now - key.lastUsedAt >= useNotedEveryMs) {
    await store.write((r) => r.apiKeys.update(key.id, { lastUsedAt: now }));
  }
  return {
    name: user.email,
    role: user.role,
    userUuid: user.uuid,
    siteUuids: sitesInReach(user),
    readOnly: key.readOnly,
    way: 'api',
    address,
    keyId: key.id,
  };
}

/** Whether a key may still be used, as far as that depends on the key. */
export function isActive(key: Pick<ApiKey, 'expiresAt' | 'revokedAt'>, now: number): boolean {
  return key.revokedAt === null && (key.expiresAt === null || key.expiresAt > now);
}
