import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Asker, askSecret, askText, confirm } from '../../src/cli/prompt.js';

const prompts = vi.hoisted(() => ({ confirm: vi.fn(), input: vi.fn(), password: vi.fn() }));
vi.mock('@inquirer/prompts', () => prompts);
afterEach(() => vi.clearAllMocks());

const asker = (interactive: boolean): Asker => ({ interactive, signal: new AbortController().signal });
const named = (name: string) => Object.assign(new Error('User force closed the prompt'), { name });

describe('confirm', () => {
  const ask = (interactive: boolean, yes = false) =>
    confirm({ ...asker(interactive), flags: { yes } }, 'Delete station CP-1?');

  test('--yes asks nothing', async () => {
    await ask(true, true);
    await ask(false, true);
    expect(prompts.confirm).not.toHaveBeenCalled();
  });

  test('yes goes on; the question is on stderr and no is its default', async () => {
    prompts.confirm.mockResolvedValue(true);
    await ask(true);
    expect(prompts.confirm).toHaveBeenCalledWith(
      { message: 'Delete station CP-1?', default: false },
      expect.objectContaining({ output: process.stderr }),
    );
  });

  test('no changes nothing', async () => {
    prompts.confirm.mockResolvedValue(false);
    await expect(ask(true)).rejects.toMatchObject({ code: 'INTERRUPTED', exitCode: 130 });
  });

  test.each(['ExitPromptError', 'AbortPromptError'])('%s (Ctrl-C) ends with 130', async (name) => {
    prompts.confirm.mockRejectedValue(named(name));
    await expect(ask(true)).rejects.toMatchObject({ code: 'INTERRUPTED', exitCode: 130 });
  });

  test('a failure of the prompt itself stays one', async () => {
    prompts.confirm.mockRejectedValue(named('TypeError'));
    await expect(ask(true)).rejects.toMatchObject({ name: 'TypeError' });
  });

  test('with nobody to ask it names the flag', async () => {
    await expect(ask(false)).rejects.toMatchObject({
      code: 'USAGE',
      exitCode: 2,
      message: 'This needs a confirmation, and there is nobody to ask: --yes is missing.',
      suggestions: ['--yes'],
    });
    expect(prompts.confirm).not.toHaveBeenCalled();
  });
});

describe('askSecret', () => {
  test('gives the answer', async () => {
    prompts.password.mockResolvedValue('hunter2');
    expect(await askSecret(asker(true), 'Password', '--password-stdin')).toBe('hunter2');
  });

  test('with nobody to ask it names the flag', async () => {
    await expect(askSecret(asker(false), 'Password', '--password-stdin')).rejects.toMatchObject({
      code: 'USAGE',
      suggestions: ['--password-stdin'],
    });
  });
});

describe('askText', () => {
  test('gives the answer', async () => {
    prompts.input.mockResolvedValue('ada@example.com');
    expect(await askText(asker(true), 'E-mail address', '--email')).toBe('ada@example.com');
  });

  test('with nobody to ask it names the flag', async () => {
    await expect(askText(asker(false), 'E-mail address', '--email')).rejects.toMatchObject({
      code: 'USAGE',
      message: 'E-mail address is not known, and there is nobody to ask: --email is missing.',
      suggestions: ['--email'],
    });
  });
});
