import { afterEach, expect, it, vi } from 'vitest';
import { givenPassword } from '../../src/cli/password.js';

const prompts = vi.hoisted(() => ({ password: vi.fn() }));
vi.mock('@inquirer/prompts', () => prompts);
afterEach(() => vi.resetAllMocks());

function ask(typed: readonly string[], interactive = true): Promise<string | undefined> {
  for (const text of typed) prompts.password.mockResolvedValueOnce(text);
  const flags = { 'password-stdin': false, 'ask-password': true };
  return givenPassword({ interactive, signal: new AbortController().signal, flags }, 'ada@example.org');
}

it('asks twice, without showing what is typed', async () => {
  expect(await ask(['passw0rd', 'passw0rd'])).toBe('passw0rd');
  expect(prompts.password.mock.calls.map(([{ message, mask }]) => [message, mask])).toEqual([
    ['New password of ada@example.org', true],
    ['The same again', true],
  ]);
});

it.each([
  ['two that differ', ['passw0rd', 'passw0rt'], 'USAGE', 'The two passwords differ, nothing was changed.'],
  ['one that is too weak, before it is asked for again', ['password'], 'USAGE', 'The password has no digit.'],
])('does not take %s', async (_, typed, code, message) => {
  await expect(ask(typed)).rejects.toMatchObject({ code, message });
  expect(prompts.password).toHaveBeenCalledTimes(typed.length);
});

it('says how programs give one', async () => {
  await expect(ask([], false)).rejects.toMatchObject({ code: 'USAGE', suggestions: ['--password-stdin'] });
});
