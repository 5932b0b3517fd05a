import fs from 'node:fs/promises';
import path from 'node:path';
import { FleetError } from '../../domain/errors.js';
import { quoteForShell } from '../../domain/shell.js';
import { completionPaths } from '../paths.js';
import { type Shell, shells } from './answers.js';
import { completionScripts } from './scripts.js';

type Env = Readonly<Record<string, string | undefined>>;

export interface InstalledFile {
  /** Absolute. */
  readonly path: string;
  readonly change: 'created' | 'updated' | 'unchanged';
}

/** A file to write, or one to which a line is added. */
interface Step {
  readonly path: string;
  readonly text: string;
  readonly isLine: boolean;
}

/** Ends the line that is ours in a file of somebody else. */
const mark = '# evfleet autocomplete';

/**
 * The shell that somebody uses, by the variable SHELL.
 * @throws FleetError USAGE when it is another one, or not known
 */
export function shellOf({ SHELL = '' }: Env): Shell {
  const name = path.basename(SHELL);
  const shell = shells.find((known) => known === name);
  if (shell) return shell;
  const message =
    SHELL === '' ? 'SHELL does not say which shell you use.' : `There is no completion for ${SHELL}.`;
  throw new FleetError('USAGE', message, {
    suggestions: shells.map((known) => `evfleet autocomplete ${known}`),
  });
}

/** What would be written, in order; fish looks for the file by itself, the others are told in the file they start with. */
export function installationOf(shell: Shell, env: Env): readonly Step[] {
  const { script, startFile } = completionPaths(shell, env);
  const steps: Step[] = [{ path: script, text: completionScripts[shell], isLine: false }];
  if (startFile !== undefined) {
    const quoted = quoteForShell(script);
    steps.push({ path: startFile, text: `[ -r ${quoted} ] && . ${quoted} ${mark}\n`, isLine: true });
  }
  return steps;
}

/**
 * Once or again: what is there already stays as it is.
 * @throws FleetError NOT_ALLOWED when a file cannot be written
 */
export async function install(steps: readonly Step[]): Promise<InstalledFile[]> {
  const files: InstalledFile[] = [];
  for (const step of steps) {
    try {
      files.push({ path: step.path, change: await carriedOut(step) });
    } catch (error) {
      const message = `${step.path} cannot be written: ${error instanceof Error ? error.message : String(error)}.`;
      throw new FleetError('NOT_ALLOWED', message, {
        cause: error,
        suggestions: ['evfleet autocomplete --help, for how to do it by hand'],
      });
    }
  }
  return files;
}

/** Whether nothing is left to write. What cannot be read is not installed: writing will say why. */
export async function isInstalled(steps: readonly Step[]): Promise<boolean> {
  try {
    const files = await Promise.all(steps.map(contentsOf));
    return files.every(({ before, after }) => before === after);
  } catch {
    return false;
  }
}

async function contentsOf({ path: file, text, isLine }: Step) {
  const own = Buffer.from(text).toString('latin1');
  const before = await readIfThere(file);
  return { before, after: isLine ? withLine(before ?? '', own) : own };
}

async function carriedOut(step: Step): Promise<InstalledFile['change']> {
  const { path: file } = step;
  const { before, after } = await contentsOf(step);
  if (before === after) return 'unchanged';
  await fs.mkdir(path.dirname(file), { recursive: true });
  if (before === undefined) {
    await fs.writeFile(file, after, 'latin1');
    return 'created';
  }
  // What is there already is never written anew in its place: on a full disk it would be lost.
  if (after.startsWith(before)) await fs.appendFile(file, after.slice(before.length), 'latin1');
  else await replaced(file, after);
  return 'updated';
}

/** Through a link, to where it points: start files are often kept elsewhere. */
async function replaced(file: string, content: string): Promise<void> {
  const target = await fs.realpath(file);
  const temporary = `${target}.${process.pid}.tmp`;
  const { mode } = await fs.stat(target);
  try {
    await fs.writeFile(temporary, content, { encoding: 'latin1', flag: 'wx', mode: mode & 0o777 });
    await fs.rename(temporary, target);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}

/** The line as it is now, in the place of one of before or at the end. */
function withLine(before: string, line: string): string {
  const lines = before.split(/(?<=\n)/);
  const at = lines.findIndex((one) => one.trimEnd().endsWith(mark));
  if (at >= 0) return [...lines.slice(0, at), line, ...lines.slice(at + 1)].join('');
  return `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${line}`;
}

/** A character for each byte: a start file may be in whatever encoding. */
async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await fs.readFile(file, 'latin1');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
