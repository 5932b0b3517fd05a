import { expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/people/caller.js';
import { callerOf, keyNamed, TestApi } from '../../helpers/test-api.js';
import { until } from '../../helpers/until.js';

const path = '/api/v1/event/follow';
const before = callerOf('ann', { role: 'site-admin', userUuid: 'ann', siteUuids: ['s1', 's2'] });

/** Somebody who follows something. */
async function following() {
  const api = await TestApi.start();
  api.callers.set(keyNamed('ann'), before);
  const { clock, runner } = api.opened;
  const state = { isOver: false };
  runner.stream = async function* (_operation, _input, { signal }) {
    yield [{ n: 1 }];
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    state.isOver = true;
  };
  const response = await api.open(path, { key: keyNamed('ann') });
  let text = '';
  response.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  await until(() => text === '{"n":1}\n', 'the first line');
  const look = async () => {
    const asked = api.addresses.length;
    clock.advance(10_000);
    await until(() => api.addresses.length > asked, 'the look');
  };
  return { api, clock, state, look, text: () => text };
}

it.each<[string, Caller | undefined]>([
  ['the key was revoked', undefined],
  ['they are for other sites', { ...before, siteUuids: ['s1'] }],
  ['they have another role', { ...before, role: 'driver' }],
])('who follows is told, and sees no more: %s', async (_, now) => {
  const { api, state, look, text } = await following();
  if (now) api.callers.set(keyNamed('ann'), now);
  else api.callers.clear();
  await look();
  await until(() => text().includes('$error'), 'the last line');
  expect(JSON.parse(text().trim().split('\n').at(-1) ?? '')).toMatchObject({
    $error: { code: 'NOT_AUTHENTICATED' },
  });
  expect(state.isOver).toBe(true);
});

it('who may goes on, however often it is looked', async () => {
  const { clock, state, look } = await following();
  for (let n = 0; n < 3; n += 1) {
    await until(() => clock.pendingOf(10_000) === 1, 'the next look');
    await look();
  }
  expect(state.isOver).toBe(false);
});
