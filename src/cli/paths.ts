import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** The fleet's directory: as given, else `$XDG_DATA_HOME/evfleet`, else `~/.local/share/evfleet`. Absolute. */
export function dataDir(given: string | undefined, env: Env): string {
  if (given === undefined) return join(xdg(env, 'XDG_DATA_HOME', '.local', 'share'), 'evfleet');
  // In a configuration file no shell has replaced the tilde.
  return given === '~' || given.startsWith('~/') ? join(home(env), given.slice(1)) : resolve(given);
}

/** The configuration file, and whether somebody asked for this one, so that it must exist. */
export function configFile(env: Env): { path: string; required: boolean } {
  if (env.EVFLEET_CONFIG) return { path: resolve(env.EVFLEET_CONFIG), required: true };
  return { path: join(xdg(env, 'XDG_CONFIG_HOME', '.config'), 'evfleet', 'config.json'), required: false };
}

/** The keys that `login` keeps, one for each server. Absolute. */
export function credentialsFile(env: Env): string {
  return join(xdg(env, 'XDG_CONFIG_HOME', '.config'), 'evfleet', 'credentials.json');
}

function xdg(env: Env, variable: string, ...fallback: string[]): string {
  const value = env[variable];
  // The XDG Base Directory Specification has relative paths ignored.
  return value && isAbsolute(value) ? value : join(home(env), ...fallback);
}

function home(env: Env): string {
  return env.HOME || homedir();
}

/** Where completion is installed for a user of a shell, and the file with which the shell starts, if it has to be told. */
export function completionPaths(
  shell: 'bash' | 'zsh' | 'fish',
  env: Env,
): { readonly script: string; readonly startFile: string | undefined } {
  const data = xdg(env, 'XDG_DATA_HOME', '.local', 'share');
  switch (shell) {
    case 'bash':
      // Where the package bash-completion looks as well.
      return {
        script: join(data, 'bash-completion', 'completions', 'evfleet'),
        startFile: join(home(env), '.bashrc'),
      };
    case 'zsh':
      return {
        script: join(data, 'zsh', 'site-functions', '_evfleet'),
        startFile: join(env.ZDOTDIR || home(env), '.zshrc'),
      };
    case 'fish':
      return {
        script: join(xdg(env, 'XDG_CONFIG_HOME', '.config'), 'fish', 'completions', 'evfleet.fish'),
        startFile: undefined,
      };
  }
}
