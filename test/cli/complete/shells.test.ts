import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completionScripts } from '../../../src/cli/complete/scripts.js';
import { openLocalFleet } from '../../../src/server/local-fleet.js';

/*
 * The scripts in real shells, which run the real program (the build that `npm test` makes first). Names are without a
 * server: those with one are asked of the same operation (names.test.ts).
 */
const program = fileURLToPath(new URL('../../../bin/run.js', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'evfleet-shells-'));
const env = {
  HOME: home,
  PATH: `${join(home, 'bin')}:${process.env.PATH}`,
  LANG: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
  XDG_CONFIG_HOME: join(home, 'config'),
  EVFLEET_DATA_DIR: join(home, 'data'),
  // A busy machine must not decide what is offered.
  EVFLEET_COMPLETION_TIMEOUT: '60s',
};

beforeAll(async () => {
  mkdirSync(join(home, 'bin'));
  const evfleet = `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`;
  writeFileSync(join(home, 'bin', 'evfleet'), evfleet, { mode: 0o755 });
  for (const [shell, script] of Object.entries(completionScripts)) writeFileSync(join(home, shell), script);
  writeFileSync(join(home, 'rule file.yaml'), '');
  const { signal } = new AbortController();
  const fleet = await openLocalFleet({ dataDir: env.EVFLEET_DATA_DIR, lockTimeoutMs: 0, signal });
  await fleet.run('site.create', { name: 'Solna Centrum' });
  await fleet.run('site.create', { name: 'Köping: "Nord"' });
  await fleet.run('floor.create', { site: 'Solna Centrum', name: 'P 1' });
  for (const id of ['CP1', 'CP2']) await fleet.run('station.create', { id, connectors: 2 });
  for (const tag of ['A=B', 'T:1', 'T:2']) await fleet.run('tag.create', { tag });
  await fleet.close();
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

function isThere(shell: string): boolean {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0;
}

function run(
  shell: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): string {
  const { stdout, stderr } = spawnSync(shell, args, {
    cwd: home,
    env: { ...env, ...variables },
    encoding: 'utf8',
    timeout: 110_000,
  });
  return stdout + stderr;
}

/** COMP_LINE and the others as bash sets them before it calls the function; COMPREPLY, a word a line. */
function inBash(line: string, point = [...line].length): string[] {
  const script = `. "$HOME/bash"
    compopt() { echo "compopt $*"; }
    COMP_LINE=$LINE COMP_POINT=$POINT COMP_WORDBREAKS=$' \\t\\n"\\'@><=;|&(:'
    _evfleet evfleet '' ''
    printf '<%s>\\n' "\${COMPREPLY[@]}"`;
  const output = run('bash', ['--norc', '-c', script], { LINE: line, POINT: String(point) });
  return output.trimEnd().split('\n');
}

describe('bash', () => {
  it.each([
    ['evfleet stat', ['<station >', '<status >']],
    ['evfleet station show CP', ['<CP1 >', '<CP2 >']],
    ['evfleet tag show T', ['<T:1 >', '<T:2 >']],
    ['evfleet tag show T:', ['<1 >', '<2 >']],
    ['evfleet station list --site=So', ['<Solna\\ Centrum >']],
    ['evfleet station list --site "Kö', ['<Köping: \\"Nord\\">']],
    ['evfleet floor show --site Solna\\ Centrum ', ['<P\\ 1 >']],
    ['evfleet tag show A=', ['<B >']],
    ['evfleet settings set alarms.digest-t', ['<alarms.digest-time=>']],
    ['evfleet config apply --file r', ['compopt +o nospace -o default', '<>']],
    ['evfleet nothing ', ['<>']],
  ])('%s', (line, expected) => {
    expect(inBash(line)).toEqual(expected);
  });

  it('in the middle of the line', () => {
    expect(inBash('evfleet station sh --json', 18)).toEqual(['<show >']);
  });
});

describe.skipIf(!isThere('fish'))('fish, which is not installed everywhere', () => {
  it.each([
    ['evfleet stat', ['station\tCharging stations', 'status\tShow the fleet at a glance']],
    ['evfleet station show CP', ['CP1', 'CP2']],
    ['evfleet station list --site=So', ['--site=Solna Centrum']],
    ['evfleet station list --site "Kö', ['Köping: "Nord"']],
    ["evfleet floor show --site 'Solna Centrum' ", ['P 1\tSolna Centrum']],
    ['evfleet tag show A=', ['A=B']],
    ['evfleet config apply --file=r', ['--file=rule file.yaml']],
    ['evfleet nothing ', ['']],
  ])('%s', (line, expected) => {
    const script = 'source $HOME/fish; complete -C "$LINE"';
    expect(run('fish', ['--no-config', '-c', script], { LINE: line }).trimEnd().split('\n')).toEqual(
      expected,
    );
  });
});

describe.skipIf(!isThere('zsh'))('zsh, which is not installed everywhere', () => {
  /** A shell in a terminal: Ctrl-T completes and writes down what has become of the line. */
  function inZsh(line: string): string {
    const result = join(home, 'zsh-result');
    rmSync(result, { force: true });
    const setUp = join(home, 'zsh-set-up');
    writeFileSync(
      setUp,
      `autoload -Uz compinit && compinit -D -u; . ~/zsh
       tell() { zle complete-word; print -rn -- "$BUFFER" > ${result}.part; mv ${result}.part ${result} }
       zle -N tell; bindkey '^T' tell; print -r 'READ''Y'\n`,
    );
    const driver = `zmodload zsh/zpty zsh/zselect
      zpty z 'zsh -f -i'; zpty -w z ". ${setUp}"; zpty -r z out '*READY*'
      zpty -w -n z "$LINE"$'\\x14'
      for i in {1..500}; do [[ -e ${result} ]] && break; zpty -r -t z out; zselect -t 10; done
      zpty -d z`;
    run('zsh', ['-f', '-c', driver], { LINE: line, TERM: 'xterm' });
    return readFileSync(result, 'utf8');
  }

  it.each([
    ['evfleet stat', 'evfleet stat'],
    ['evfleet statu', 'evfleet status '],
    ['evfleet station show cp', 'evfleet station show CP'],
    ['evfleet station list --site=So', 'evfleet station list --site=Solna\\ Centrum '],
    ['evfleet station list --site "Kö', 'evfleet station list --site "Köping: \\"Nord\\"" '],
    ["evfleet floor show --site 'Solna Centrum' ", "evfleet floor show --site 'Solna Centrum' P\\ 1 "],
    ['evfleet tag show A', 'evfleet tag show A=B '],
    ['evfleet settings set alarms.digest-t', 'evfleet settings set alarms.digest-time='],
    ['evfleet config apply --file=r', 'evfleet config apply --file=rule\\ file.yaml '],
  ])('%s', (line, expected) => {
    expect(inZsh(line)).toBe(expected);
  });
});
