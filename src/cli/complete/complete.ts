import { writeSync } from 'node:fs';
import { parseDuration } from '../../domain/duration.js';
import { bashAnswer, fishAnswer, type Shell, shells, zshAnswer } from './answers.js';
import { type Candidates, candidatesFor, type Sources } from './candidates.js';
import { CommandTree } from './command-tree.js';
import { fleetNames } from './fleet-names.js';
import { isOpenToOthers } from './kept-keys.js';
import { splitLine, unquoted } from './shell-words.js';
import type { Words } from './typed-line.js';

type Env = Readonly<Record<string, string | undefined>>;

/** Somebody waits with a finger on the tab key; EVFLEET_COMPLETION_TIMEOUT (`5s`) is for those who wait longer. */
const hereWithinMs = 400;
const elsewhereWithinMs = 1500;
/** What is more is no waiting any more, but a shell that hangs. */
const withinMaxMs = 60_000;

/**
 * What the scripts of `evfleet autocomplete` run for each press of the tab key: `__complete bash LINE POINT BREAKS` or
 * `__complete zsh|fish -- WORD... CURRENT`. It is loaded instead of oclif, which alone takes longer than there is. It
 * never fails and says nothing beside its answer: whatever goes wrong, nothing is offered.
 */
export async function complete(argv: readonly string[], root: string): Promise<never> {
  let answer = '';
  // The terminal is the line editor's.
  process.stderr.write = () => true;
  try {
    answer = await answerTo(argv, { root, env: process.env });
  } catch {
    // Nothing is offered.
  }
  try {
    writeSync(1, answer);
  } catch {
    // The shell has stopped listening.
  }
  process.exit(0);
}

export async function answerTo(
  [shell, ...rest]: readonly string[],
  { root, env }: { readonly root: string; readonly env: Env },
): Promise<string> {
  const patienceMs = patience(env);
  const limits = {
    hereWithinMs: patienceMs ?? hereWithinMs,
    elsewhereWithinMs: patienceMs ?? elsewhereWithinMs,
  };
  const sources: Sources = {
    tree: CommandTree.read(root),
    namesFor: (line) => fleetNames(line, { env, ...limits }),
    servers: () => keptServers(env),
  };
  switch (known(shell)) {
    case 'bash': {
      const [line = '', point = '', wordBreaks = ''] = rest;
      const { words, current } = splitLine(line, Number(point));
      return bashAnswer(await candidatesFor(words, sources), current, wordBreaks);
    }
    case 'zsh':
      return zshAnswer(await candidatesOf(rest, sources));
    case 'fish':
      return fishAnswer(await candidatesOf(rest, sources));
    case undefined:
      return '';
  }
}

function patience(env: Env): number | undefined {
  const wished = parseDuration(env.EVFLEET_COMPLETION_TIMEOUT ?? '');
  return wished === undefined ? undefined : Math.min(Math.max(wished, 1), withinMaxMs);
}

function known(shell: string | undefined): Shell | undefined {
  return shells.find((name) => name === shell);
}

/** `-- WORD... CURRENT`, the last one as it is typed. */
function candidatesOf(argv: readonly string[], sources: Sources): Promise<Candidates> {
  const words = argv[0] === '--' ? argv.slice(1) : argv;
  const before = words.slice(0, -1);
  const line: Words = { before, current: unquoted(words.at(-1) ?? ''), after: [] };
  return candidatesFor(line, sources);
}

/** Their addresses alone. */
async function keptServers(env: Env): Promise<readonly string[]> {
  const { Credentials } = await import('../remote/credentials.js');
  const { credentialsFile } = await import('../paths.js');
  if (isOpenToOthers(credentialsFile(env))) return [];
  const kept = new Credentials({ file: credentialsFile(env), warn: () => undefined });
  return [...(await kept.all()).keys()];
}
