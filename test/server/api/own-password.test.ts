import { expect, it } from 'vitest';
import { WrongPassword } from '../../../src/operations/people/own-password.js';
import { callerOf, keyNamed, password, TestApi } from '../../helpers/test-api.js';

it('who guesses the old password with somebody else’s key has to wait as at the login', async () => {
  const api = await TestApi.start();
  api.callers.set(keyNamed('ann'), callerOf('ann', { role: 'driver', userUuid: 'ann', siteUuids: [] }));
  let guesses = 0;
  api.opened.runner.run = async () => {
    guesses += 1;
    throw new WrongPassword();
  };
  const guess = () =>
    api.ask('/api/v1/auth/password', {
      key: keyNamed('ann'),
      body: { oldPassword: 'passw0rd-0', newPassword: 'passw0rd-1' },
    });
  for (let n = 0; n < 5; n += 1) expect((await guess()).status).toBe(403);
  const refused = await guess();
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '1']);
  expect(guesses).toBe(5);
  // It is one budget with that of the login.
  expect((await api.logIn('bob@example.com', password)).status).toBe(429);
  expect(api.log.lines.at(-1)).toEqual({
    level: 'warn',
    message: 'change of password refused',
    address: '127.0.0.1',
    email: 'ann@example.com',
  });
});
