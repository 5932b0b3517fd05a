import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

/** Width of the terminal that guides are written for. */
const columns = 100;
const patienceMs = 30_000;
const preload = fileURLToPath(new URL('terminal.cjs', import.meta.url));

/** A file that stands for a screen: what is written to it shows as on a terminal. */
class Screen {
  readonly descriptor: number;
  readonly #file: string;
  #seen = 0;

  constructor(file: string) {
    this.#file = file;
    this.descriptor = openSync(file, 'a');
  }

  get name(): string {
    const { dev, ino } = fstatSync(this.descriptor);
    return `${dev}:${ino}`;
  }

  /** The lines since the last `clear`. */
  lines(): string[] {
    const text = readFileSync(this.#file).subarray(this.#seen).toString('utf8');
    const lines = text.split('\n').map(visible);
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }

  clear(): void {
    this.#seen = readFileSync(this.#file).length;
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/** A line as one sees it in the end, when progress was written over before. */
function visible(line: string): string {
  return stripVTControlCharacters(line).split('\r').at(-1) ?? '';
}

/** The shell of a reader: lines are typed into it one after the other, and leave variables and directories behind. */
export class Shell {
  readonly #directory: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #screens: Screen[] = [];
  readonly #others: ChildProcess[] = [];
  readonly #screen: Screen;
  readonly #bash: ChildProcess;

  /** @param env all that the programs get; nothing of the developer's own settings gets in */
  constructor(directory: string, env: Readonly<Record<string, string>>) {
    this.#directory = directory;
    this.#env = env;
    this.#screen = this.#newScreen();
    this.#bash = this.#start(this.#screen, 'pipe');
  }

  /** Runs a line to its end. */
  async type(command: string): Promise<{ readonly lines: string[]; readonly exitCode: number }> {
    this.#screen.clear();
    const done = this.#bash.stdio[3] as Readable;
    const ended = new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`${command} did not end; it said ${JSON.stringify(this.#screen.lines())}`));
      }, patienceMs);
      done.once('data', (code: Buffer) => {
        clearTimeout(timer);
        resolve(code.toString());
      });
    });
    // What runs on in the background must not take the lines that are typed after it.
    this.#bash.stdin?.write(`{ ${command}\n} </dev/null 3>&-; echo $? >&3\n`);
    return { exitCode: Number(await ended), lines: this.#screen.lines() };
  }

  /** Begins a line in a terminal of its own, where it goes on until the end of the guide; gives what it said so far. */
  typeElsewhere(command: string): () => string[] {
    const screen = this.#newScreen();
    const other = this.#start(screen, 'ignore', ['-c', `exec ${command}`]);
    this.#others.push(other);
    return () => screen.lines();
  }

  /** Ends everything that still runs: first what was begun last, so that stations leave before their server does. */
  async close(): Promise<void> {
    await ended(this.#bash);
    for (const other of this.#others.reverse()) await ended(other);
    for (const screen of this.#screens) screen.close();
  }

  #newScreen(): Screen {
    const screen = new Screen(path.join(this.#directory, `../.screen-${this.#screens.length}`));
    this.#screens.push(screen);
    return screen;
  }

  #start(screen: Screen, stdin: 'pipe' | 'ignore', argv: readonly string[] = []): ChildProcess {
    const { descriptor } = screen;
    return spawn('bash', ['--noprofile', '--norc', ...argv], {
      // A process group of its own, which ends as a whole.
      detached: true,
      cwd: this.#directory,
      stdio: [stdin, descriptor, descriptor, 'pipe'],
      env: {
        ...this.#env,
        NODE_OPTIONS: `--require ${preload}`,
        GUIDE_SCREEN: screen.name,
        GUIDE_COLUMNS: String(columns),
      },
    });
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    const closed = once(child, 'exit');
    process.kill(-child.pid, 'SIGTERM');
    // A shell that reads lines takes no notice of that.
    child.stdin?.end();
    await closed;
  }
  try {
    // What it began may be stopped, or in no hurry.
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
