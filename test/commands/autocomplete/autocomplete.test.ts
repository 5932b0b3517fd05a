import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import Autocomplete from '../../../commands/autocomplete.js';
import { completionScripts } from '../../../src/cli/complete/scripts.js';
import { runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return runCommand(Autocomplete, argv, { id: 'autocomplete', env });
}

it.each(['bash', 'zsh', 'fish'] as const)('prints the script for %s', async (shell) => {
  const { stdout, stderr } = await run([shell]);
  expect(stdout).toBe(completionScripts[shell]);
  expect(stderr).toBe('');
  expect((await run([shell, '--json'])).json).toEqual({ shell, script: stdout, files: [] });
});

it('installs for the shell in use, once, beside what is there', async () => {
  const home = await temporaryDirectory();
  await writeFile(join(home, '.bashrc'), 'alias l=ls');
  const env = { HOME: home, SHELL: '/usr/bin/bash' };
  const script = join(home, '.local/share/bash-completion/completions/evfleet');
  const files = (change: [string, string]) => [
    { path: script, change: change[0] },
    { path: join(home, '.bashrc'), change: change[1] },
  ];
  const first = await run(['--yes', '--json'], env);
  expect(first.json).toEqual({ shell: 'bash', script: null, files: files(['created', 'updated']) });
  expect(first.stderr).toContain('It works in every new bash.');
  const line = `[ -r ${script} ] && . ${script} # evfleet autocomplete`;
  expect(await readFile(join(home, '.bashrc'), 'utf8')).toBe(`alias l=ls\n${line}\n`);
  expect(await readFile(script, 'utf8')).toBe(completionScripts.bash);
  // Nothing is left to ask about.
  const again = await run(['--json'], env);
  expect(again.stderr).toContain('Completion for bash was installed already.');
  expect(again.json).toMatchObject({ files: files(['unchanged', 'unchanged']) });
});

it('installs where zsh and fish look', async () => {
  const home = await temporaryDirectory();
  const env = { HOME: home, ZDOTDIR: join(home, 'z'), XDG_CONFIG_HOME: join(home, 'c'), SHELL: '/bin/fish' };
  await run(['--yes'], env);
  expect(await readFile(join(home, 'c/fish/completions/evfleet.fish'), 'utf8')).toBe(completionScripts.fish);
  await run(['zsh', '--install', '--yes'], env);
  expect(await readFile(join(home, 'z/.zshrc'), 'utf8')).toContain('_evfleet # evfleet autocomplete\n');
});

it('asks nobody who is not there, and knows no other shell', async () => {
  const home = await temporaryDirectory();
  const unasked = await run([], { HOME: home, SHELL: '/bin/zsh' });
  expect(unasked.exitCode).toBe(2);
  expect(unasked.stderr).toContain('--yes');
  for (const SHELL of ['/bin/tcsh', '']) {
    const other = await run([], { HOME: home, SHELL });
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toContain('evfleet autocomplete zsh');
  }
});

it('says what cannot be written', async () => {
  const home = await temporaryDirectory();
  await mkdir(join(home, '.bashrc'));
  const { exitCode, stderr } = await run(['--yes'], { HOME: home, SHELL: '/bin/bash' });
  expect(exitCode).toBe(4);
  expect(stderr).toContain(join(home, '.bashrc'));
});

it('puts its line in the place of an older one, byte for byte beside what others wrote, through a link', async () => {
  const home = await temporaryDirectory();
  const kept = join(home, 'kept');
  await mkdir(kept);
  // Latin-1, as somebody once wrote it.
  const own = Buffer.from('# caf\u00e9\n', 'latin1');
  await writeFile(
    join(kept, 'bashrc'),
    Buffer.concat([own, Buffer.from('. /old # evfleet autocomplete\nl=1\n')]),
  );
  await chmod(join(kept, 'bashrc'), 0o600);
  await symlink(join(kept, 'bashrc'), join(home, '.bashrc'));
  expect((await run(['--yes'], { HOME: home, SHELL: '/bin/bash' })).exitCode).toBe(0);
  const script = join(home, '.local/share/bash-completion/completions/evfleet');
  const line = `[ -r ${script} ] && . ${script} # evfleet autocomplete\nl=1\n`;
  expect(await readFile(join(kept, 'bashrc'))).toEqual(Buffer.concat([own, Buffer.from(line)]));
  expect((await lstat(join(home, '.bashrc'))).isSymbolicLink()).toBe(true);
  expect((await stat(join(kept, 'bashrc'))).mode & 0o777).toBe(0o600);
  expect(await readdir(kept)).toEqual(['bashrc']);
});
