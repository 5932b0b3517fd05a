import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LiveFleet } from '../../../src/operations/operation.js';
import { openAudited } from './fixture.js';

/** Says yes to everything. */
const willing: LiveFleet = {
  isOnline: () => true,
  connectionId: () => 'c',
  lastSeenAt: () => 0,
  stationChanged: async () => undefined,
  disconnect: () => undefined,
  shownSecurity: () => undefined,
  lastRefusal: () => undefined,
  checkCall: () => undefined,
  call: async () => ({ status: 'Accepted', configurationKey: [] }),
  waitFor: async () => undefined,
};

const secret = fc.stringMatching(/^[A-Za-z0-9]{12,30}$/).map((text) => `Zq7${text}`);
const secretKey = fc.constantFrom(
  'AuthorizationKey',
  'authorizationkey',
  'AdminPassword',
  'WiFiPwd',
  'ApiToken',
  'clientSecret',
  'vendor.psk',
);

it('no secret gets into the audit, wherever it is given, whether it works out or not', async () => {
  const { fleet, write } = await openAudited({ live: willing });
  await fleet.run('station.create', { id: 'CP1' });
  const targets = { stationIds: ['CP1'] };
  const timeoutMs = 1000;
  let number = 0;
  const drain = async (stream: AsyncIterable<unknown>) => {
    for await (const _ of stream);
  };
  await fc.assert(
    fc.asyncProperty(secret, secretKey, async (hidden, key) => {
      number += 1;
      const email = `u${number}@example.org`;
      const rule = {
        name: `Rule ${number}`,
        all: true as const,
        triggers: ['fault' as const],
        webhooks: [`https://example.org/${hidden}`],
      };
      const doings: (() => Promise<unknown>)[] = [
        () => fleet.run('user.create', { email, role: 'driver', password: hidden }),
        () => fleet.run('user.update', { email, password: `${hidden}x` }),
        () => fleet.run('user.create', { email, role: 'driver', password: hidden }),
        () => fleet.run('user.update', { email: 'nobody@example.org', password: hidden }),
        () => drain(fleet.stream('config.set', { targets, timeoutMs, values: [{ key, value: hidden }] })),
        () =>
          drain(
            fleet.stream('config.set', {
              targets,
              timeoutMs,
              values: [{ key: 'Harmless', value: hidden, secret: true }],
            }),
          ),
        () =>
          fleet.run('remote.call', {
            stationId: 'CP1',
            action: 'ChangeConfiguration',
            payload: { key, value: hidden },
            timeoutMs,
          }),
        () =>
          fleet.run('remote.call', {
            stationId: 'CP1',
            action: 'GetDiagnostics',
            payload: { location: `ftp://user:${hidden}@example.org/` },
            timeoutMs,
          }),
        () =>
          drain(
            fleet.stream('remote.data-transfer', {
              targets,
              vendor: 'Acme',
              data: JSON.stringify({ [key]: hidden }),
              timeoutMs,
            }),
          ),
        () => fleet.run('settings.set', { settings: [{ key: 'mail.password', value: hidden }] }),
        () => fleet.run('settings.set', { settings: [{ key: 'mail.pasword', value: hidden }] }),
        () => fleet.run('alarm-rule.create', rule),
        () => fleet.run('alarm-rule.create', { ...rule, recipients: ['nobody'] }),
        () => fleet.run('alarm-rule.delete', { name: rule.name }),
        () => fleet.run('config.keep', { templates: [{ match: {}, configuration: { [key]: hidden } }] }),
      ];
      for (const doing of doings) await doing().catch(() => undefined);
      const key1 = await fleet.run('api-key.create', { user: email, label: 'laptop' });
      const kept = JSON.stringify(await write((r) => r.audit.list({}, { limit: 30 })));
      expect(kept).not.toContain(hidden);
      const user = await write((r) => r.users.findByEmail(email));
      expect(user?.passwordHash).toBeTypeOf('string');
      expect(kept).not.toContain(user?.passwordHash);
      const stored = (await write((r) => r.apiKeys.list({ userUuid: user?.uuid ?? '' })))[0];
      expect(kept).not.toContain(stored?.secretHash);
      expect(kept).not.toContain(key1.key);
    }),
    { numRuns: 30 },
  );
});
