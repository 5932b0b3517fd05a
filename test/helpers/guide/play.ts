import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nightShift } from '../../docs/scenes/night-shift.js';
import type { Scene } from '../../docs/scenes/scene.js';
import { essence, isAlike, pairIds } from './likeness.js';
import { Mailbox } from './mailbox.js';
import { parseGuide, type Step } from './parse.js';
import { Shell } from './shell.js';

const scenes: Readonly<Record<string, Scene>> = { 'night-shift': nightShift };

const program = fileURLToPath(new URL('../../../bin/run.js', import.meta.url));
const patienceMs = 30_000;
const quietMs = 1000;

/** Ports that guides name; each run has free ones instead, and shows these. */
const ports = [9220, 9221, 9443];

/** On a home network a server is at an address of that, which is one of this machine in fact. */
const hostOfRun = '127.0.0.10';
const hostOfGuide = '192.168.1.10';
const allHosts = '0.0.0.0';

/** A place where a program said something else than the guide shows. */
export interface Difference {
  readonly place: string;
  readonly shown: string;
  readonly said: string;
}

export interface PlayOptions {
  /** Writes down what was said, instead of comparing; what is shown with elisions stays when it is true. */
  readonly record: boolean;
}

/**
 * Plays a guide from top to bottom in a directory of its own.
 * @param text of the document
 * @returns the first difference, and the document with what the programs said
 * @throws Error when a line does not end, or fails without a word
 */
export async function playGuide(
  text: string,
  { record }: PlayOptions,
): Promise<{ readonly difference: Difference | undefined; readonly text: string }> {
  const lines = text.split('\n');
  const reader = await Reader.begin({ record });
  const recorded: { from: number; to: number; said: readonly string[] }[] = [];
  try {
    for (const step of parseGuide(lines)) {
      if (!('shown' in step)) {
        await reader.prepare(step);
        continue;
      }
      const { from, to } = step.shown;
      const shown = lines.slice(from, to);
      const { matches, said } = await reader.look(step, shown);
      if (record && (!matches || !shown.includes('…'))) recorded.push({ from, to, said });
      if (record || matches) continue;
      const [wanted, got] = [shown, said].map((some) => some.map(essence).join('\n'));
      return { difference: { place: placeOf(step), shown: wanted ?? '', said: got ?? '' }, text };
    }
  } finally {
    await reader.end();
  }
  // Last to first: what is above stays at its place.
  for (const { from, to, said } of recorded.reverse()) lines.splice(from, to - from, ...said);
  return { difference: undefined, text: lines.join('\n') };
}

function placeOf(step: Step): string {
  return `line ${step.line}: ${'command' in step ? step.command : step.kind}`;
}

interface ReaderParts {
  readonly root: string;
  readonly home: string;
  readonly shell: Shell;
  readonly mailbox: Mailbox;
  readonly mailPort: number;
}

/** Somebody who does what a guide says. */
class Reader {
  readonly #root: string;
  readonly #home: string;
  readonly #shell: Shell;
  readonly #mailbox: Mailbox;
  readonly #mailPort: number;
  readonly #record: boolean;
  readonly #ports: ReadonlyMap<number, number>;
  readonly #endings: (() => Promise<void>)[] = [];
  /** Ids of the guide with those of this run. */
  readonly #ids = new Map<string, string>();

  private constructor(
    { root, home, shell, mailbox, mailPort, record }: PlayOptions & ReaderParts,
    portsOfRun: ReadonlyMap<number, number>,
  ) {
    this.#root = root;
    this.#home = home;
    this.#shell = shell;
    this.#mailbox = mailbox;
    this.#mailPort = mailPort;
    this.#record = record;
    this.#ports = portsOfRun;
  }

  static async begin({ record }: PlayOptions): Promise<Reader> {
    const root = await mkdtemp(path.join(os.tmpdir(), 'guide-'));
    const home = path.join(root, 'home/ada');
    await mkdir(home, { recursive: true });
    await symlink(program, path.join(root, 'evfleet'));
    const mailbox = new Mailbox();
    const mailPort = await mailbox.listen();
    const free = await freePorts();
    const port = free.get(9220);
    const shell = new Shell(home, {
      PATH: `${root}:${process.env.PATH}`,
      HOME: home,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      TERM: 'xterm',
      NO_COLOR: '1',

      MAIL_PORT: String(mailPort),
      EVFLEET_PORT: String(port),
      EVFLEET_URL: `ws://127.0.0.1:${port}/ocpp/`,
    });
    return new Reader({ root, home, shell, mailbox, mailPort, record }, free);
  }

  async end(): Promise<void> {
    await this.#shell.close();
    for (const ending of this.#endings) await ending();
    await this.#mailbox.close();
    await rm(this.#root, { recursive: true, force: true });
  }

  async prepare(step: Exclude<Step, { readonly shown: unknown }>): Promise<void> {
    if (step.kind === 'file') {
      const mode = step.text.startsWith('#!') ? 0o755 : 0o644;
      return writeFile(path.join(this.#home, step.name), this.#ofRun(step.text), { mode });
    }
    const command = this.#ofRun(step.command);
    if (step.kind === 'until') {
      let said: readonly string[] = [];
      const succeeds = async () => {
        const { exitCode, lines } = await this.#shell.type(command);
        said = lines;
        return exitCode === 0;
      };
      return eventually(succeeds, () => `${placeOf(step)}: ${said.join('\n')}`);
    }
    if (step.kind === 'scene') return this.#begin(step.command);
    const { exitCode, lines } = await this.#shell.type(command);
    if (exitCode !== 0) throw new Error(`${placeOf(step)}\n${lines.join('\n')}`);
  }

  /** What is to be seen at a step, in the words of the guide. */
  async look(
    step: Extract<Step, { readonly shown: unknown }>,
    shown: readonly string[],
  ): Promise<{ readonly matches: boolean; readonly said: readonly string[] }> {
    let said: readonly string[] = [];
    const matches = () => isAlike(shown, said);
    if (step.kind === 'typed') {
      const { lines, exitCode } = await this.#shell.type(this.#ofRun(step.command));
      said = this.#asShown(lines);
      if (exitCode !== 0 && said.length === 0) throw new Error(`${placeOf(step)} ended with ${exitCode}`);
    } else {
      const soFar =
        step.kind === 'mail'
          ? () => this.#mailbox.mails.at(-1)?.split('\n') ?? []
          : this.#shell.typeElsewhere(this.#ofRun(step.command));
      // What is written down is what there is once nothing more comes.
      let quietSince = performance.now();
      await eventually(
        () => {
          const before = said;
          said = this.#asShown(soFar());
          if (said.length === 0 || said.length > before.length) quietSince = performance.now();
          return (
            (shown.length > 0 && matches()) || (this.#record && performance.now() - quietSince > quietMs)
          );
        },
        () => placeOf(step),
      ).catch(() => undefined);
    }
    const before = new Map(this.#ids);
    pairIds(shown.join('\n'), said.join('\n'), this.#ids);
    // An id that the guide shows already keeps its looks when it is written down anew.
    for (const [id, own] of this.#ids)
      if (!before.has(id)) said = said.map((line) => line.replaceAll(own, id));
    return { matches: matches(), said };
  }

  async #begin(name: string): Promise<void> {
    const scene = scenes[name];
    if (!scene) throw new Error(`there is no scene ${name}`);
    const dataDir = path.join(this.#home, '.local/share/evfleet');
    const port = this.#ports.get(9220) ?? 0;
    this.#endings.push(
      await scene({ dataDir, port, mailPort: this.#mailPort, mails: () => this.#mailbox.mails.length }),
    );
  }

  /** A text of the guide with the ports and ids of this run. */
  #ofRun(text: string): string {
    let result = text.replaceAll(allHosts, hostOfRun).replaceAll(hostOfGuide, hostOfRun);
    for (const [shown, own] of this.#ports)
      result = result.replaceAll(new RegExp(`\\b${shown}\\b`, 'g'), `${own}`);
    for (const [shown, own] of this.#ids) result = result.replaceAll(shown, own);
    return result;
  }

  #asShown(lines: readonly string[]): string[] {
    return lines.map((line) => {
      let result = line.replaceAll(this.#root, '').replaceAll(hostOfRun, hostOfGuide);
      for (const [shown, own] of this.#ports) result = result.replaceAll(`${own}`, `${shown}`);
      for (const [shown, own] of this.#ids) result = result.replaceAll(own, shown);
      return result.trimEnd();
    });
  }
}

async function eventually(reached: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  while (!(await reached())) {
    if (performance.now() > giveUpAt) throw new Error(`in vain: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Free ones for those that guides name. */
async function freePorts(): Promise<Map<number, number>> {
  const servers = ports.map(() => net.createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const free = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return new Map(ports.map((port, index) => [port, free[index] ?? port]));
}
