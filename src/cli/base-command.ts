import { Command, Errors, type Interfaces } from '@oclif/core';
import { FleetError } from '../domain/errors.js';
import type { Fleet } from '../operations/fleet.js';
import type { ListQuery } from '../operations/list.js';
import { inAscii } from '../views/ascii.js';
import type { RecordView } from '../views/record.js';
import type { ListView } from '../views/table.js';
import { createTerminal, type Terminal } from '../views/terminal.js';
import { wantsJson, wantsJsonLines } from './flags/flag-sources.js';
import { globalFlags, type ListFlagValues } from './flags/flags.js';
import { parseOptions, typedFlags } from './flags/parse-options.js';
import { checkPeriod } from './flags/period.js';
import type { CommandShape } from './flags/usage-errors.js';
import { Interruption, type StopSignal } from './interruption.js';
import { toListOptions, toListQuery } from './list.js';
import { type OpenFleetOptions, openFleet } from './open-fleet.js';
import { writeJsonArray, writeJsonLines, writeText } from './output.js';
import { dataDir } from './paths.js';
import { chosenServer, type ServerChoice } from './remote/server-choice.js';
import { report, sayOnStderr, toJson } from './report.js';

export type FlagsOf<T extends typeof Command> = Interfaces.InferredFlags<typeof globalFlags & T['flags']>;
export type ArgsOf<T extends typeof Command> = Interfaces.InferredArgs<T['args']>;
type GlobalFlags = Interfaces.InferredFlags<typeof globalFlags>;

interface Parsed<T extends typeof Command> {
  readonly flags: FlagsOf<T>;
  readonly args: ArgsOf<T>;
  readonly words: readonly string[];
  readonly globals: GlobalFlags;
  readonly server: ServerChoice | undefined;
  readonly terminal: Terminal;
}

/**
 * What every command has in common: flags from command line, environment and configuration file, the fleet, output for
 * people and programs, errors with the exit codes of the catalogue, and an orderly end after a signal.
 *
 * `run()` returns the result; with `--json` it becomes the one document on stdout.
 *
 * Every command pays for what is imported here, so what only some need is imported where it is used.
 */
export abstract class FleetCommand<T extends typeof Command> extends Command {
  static override enableJsonFlag = true;
  static override baseFlags = globalFlags;

  readonly #interruption = new Interruption();
  #parsed: Parsed<T> | undefined;
  #fleet: Promise<Fleet> | undefined;
  #failed = false;
  #streamed = false;

  get flags(): FlagsOf<T> {
    return this.#ready.flags;
  }

  get args(): ArgsOf<T> {
    return this.#ready.args;
  }

  /** All arguments in order, for commands that take any number of them (`strict = false`). */
  get words(): readonly string[] {
    return this.#ready.words;
  }

  get terminal(): Terminal {
    return this.#ready.terminal;
  }

  /** Aborts on SIGINT, SIGTERM and when the reader of stdout goes away; its reason is the error to throw. */
  get signal(): AbortSignal {
    return this.#interruption.signal;
  }

  /** Whether there is a person who can be asked. */
  get interactive(): boolean {
    const terminals = process.stdin.isTTY === true && process.stderr.isTTY === true;
    return terminals && !process.env.CI && !this.#ready.globals['no-input'] && !this.jsonEnabled();
  }

  /** The server elsewhere that is meant; undefined for the fleet of this machine. */
  get server(): ServerChoice | undefined {
    return this.#ready.server;
  }

  /** Absolute path; of no concern when there is a `server`. */
  get dataDir(): string {
    return dataDir(this.#ready.globals['data-dir'], process.env);
  }

  /** How long to wait while another process has the store. */
  get lockTimeoutMs(): number {
    return this.#ready.globals['lock-timeout'];
  }

  /** The server or the store itself, opened on first use and closed at the end of the run. */
  fleet(): Promise<Fleet> {
    this.#fleet ??= this.openFleet(this.storeOptions);
    return this.#fleet;
  }

  /** The fleet for one piece of work only: for commands that run on without it in between. */
  protected async withFleet<R>(work: (fleet: Fleet) => Promise<R>): Promise<R> {
    // Nobody waits for a lock elsewhere, and each new connection would cost.
    if (this.server) return work(await this.fleet());
    const fleet = await this.openFleet(this.storeOptions);
    try {
      return await work(fleet);
    } finally {
      await fleet.close();
    }
  }

  /** Tests put a fleet of their own here. */
  protected openFleet(options: OpenFleetOptions): Promise<Fleet> {
    return openFleet(options);
  }

  /** `sort`, `filter` and `limit` for the operation of a list. */
  protected listQuery(flags: ListFlagValues): ListQuery {
    return toListQuery(flags, { terminal: this.terminal, json: this.jsonEnabled() });
  }

  /** Prints a list the way the flags ask for and gives its rows, which are the result of the command. */
  protected async printList<Row extends object>(
    flags: ListFlagValues,
    { items, total }: { readonly items: readonly Row[]; readonly total: number },
    view: ListView<Row>,
  ): Promise<readonly Row[]> {
    const options = toListOptions(flags);
    if (this.jsonEnabled()) {
      // JSON has all keys whatever the columns; a misspelt one is a mistake all the same.
      if (options.columns !== undefined) (await import('../views/table.js')).chosenColumns(view, options);
      return items;
    }
    const { renderList } = await import('../views/table.js');
    const list = await renderList(items, total, view, options, this.terminal);
    await this.print(list.text);
    if (list.note !== undefined) this.say(list.note);
    return items;
  }

  /** Prints one thing and gives it back, as the result of the command. */
  protected async printRecord<Item extends object>(item: Item, view: RecordView<Item>): Promise<Item> {
    if (!this.jsonEnabled()) {
      const { renderRecord } = await import('../views/record.js');
      await this.print(await renderRecord(item, view, this.terminal));
    }
    return item;
  }

  /** Writes text for people to stdout; nothing with `--json`. Complete lines, no faster than the reader takes them. */
  async print(text: string): Promise<void> {
    if (!this.jsonEnabled()) await writeText(this.legible(text), this.signal);
  }

  /** A line on stderr: progress, a note, a confirmation. Also with `--json`. */
  say(line: string): void {
    sayOnStderr(line);
  }

  /** Writes items as they come, one JSON document per line; then there is no other document on stdout. */
  async streamJsonLines(items: AsyncIterable<unknown> | Iterable<unknown>): Promise<void> {
    this.#streamed = true;
    await writeJsonLines(items, this.signal);
  }

  /** Writes items as they come as one JSON array: the document of a list that is too long to be gathered first. */
  async streamJsonArray(items: AsyncIterable<unknown>): Promise<void> {
    await writeJsonArray(items, this.signal, () => {
      this.#streamed = true;
    });
  }

  /** The exit code of a run that ended without error after a signal. A server overrides it: for it that is success. */
  protected exitCodeAfter(_signal: StopSignal): number | undefined {
    return this.#interruption.exitCode;
  }

  override jsonEnabled(): boolean {
    return this.#parsed?.globals.json ?? wantsJson(this.argv, process.env);
  }

  override warn(input: Error | string): Error | string {
    sayOnStderr(`Warning: ${input instanceof Error ? input.message : input}`);
    return input;
  }

  override logToStderr(message = ''): void {
    sayOnStderr(message);
  }

  protected override logJson(json: unknown): void {
    process.stdout.write(toJson(json));
  }

  protected override async _run<R>(): Promise<R> {
    this.#interruption.listen();
    try {
      const result = await super._run<R>();
      if (this.#failed) return result;
      // oclif prints no document for null, 0, '' and false.
      if (!result && !this.#streamed && this.jsonEnabled()) this.logJson(result);
      const { received } = this.#interruption;
      if (received) process.exitCode = this.exitCodeAfter(received);
      return result;
    } finally {
      this.#interruption.dispose();
    }
  }

  protected override async init(): Promise<void> {
    await super.init();
    const { stdout, env } = process;
    const options = parseOptions(this, { ctor: this.ctor, config: this.config, env });
    const { flags, args, argv, raw } = await this.parse(options);
    checkPeriod(flags);
    const globals: GlobalFlags = flags;
    this.#parsed = {
      flags: flags as FlagsOf<T>,
      args: args as ArgsOf<T>,
      words: argv.map(String),
      globals,
      server: chosenServer(globals, { typed: typedFlags(raw), env }),
      terminal: createTerminal({ stdout, env, flags: globals }),
    };
  }

  /** Reports the error here, so that the exit code is the same with and without `--json` and stdout is never cut off. */
  protected override async catch(error: unknown): Promise<void> {
    this.#failed = true;
    this.parsed = true;
    if (this.#interruption.pipeClosed) {
      process.exitCode = 0;
    } else if (error instanceof Errors.ExitError) {
      process.exitCode = error.oclif.exit;
    } else {
      // Loaded only now: what failing needs must not slow down what succeeds.
      const { toFleetError } = await import('./flags/usage-errors.js');
      const { aimed } = await import('./remote/server-suggestions.js');
      const { outputLost } = this.#interruption;
      const failure = aimed(
        toFleetError(outputLost ? this.signal.reason : error, this.#shape),
        this.#parsed?.server,
      );
      report(this.#afterSignal(error) ?? failure, {
        json: (this.jsonEnabled() || this.#linesWanted) && !outputLost,
        oneLine: this.#streamed || this.#linesWanted,
        noColor: this.#parsed?.globals['no-color'] ?? this.argv.includes('--no-color'),
        exitCode: this.#interruption.exitCode,
      });
    }
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    await super.finally(error);
    const fleet = await this.#fleet?.catch(() => undefined);
    await fleet?.close();
  }

  get #ready(): Parsed<T> {
    if (!this.#parsed) throw new Error('Flags are there once init() is done.');
    return this.#parsed;
  }

  /** Programs get what there is; only where a person reads do signs depend on the locale. */
  protected legible(text: string): string {
    const { isTTY, isUnicode } = this.terminal;
    return isTTY && !isUnicode ? inAscii(text) : text;
  }

  /** Which fleet, and how long to wait for its store. */
  get storeOptions(): OpenFleetOptions {
    const { dataDir, lockTimeoutMs, signal, server } = this;
    // Who mistypes a directory would wonder where the fleet has gone.
    const isToldOf = this.#ready.globals['data-dir'] !== undefined && process.stderr.isTTY;
    const told = { onNew: () => this.say(`A new fleet begins in ${dataDir}: there was none.`) };
    return { dataDir, lockTimeoutMs, signal, ...(isToldOf && told), ...(server && { server }) };
  }

  /** Whether whoever reads stdout takes a document from each line, as of bulk actions; also when the flags do not fit. */
  get #linesWanted(): boolean {
    if (!Object.hasOwn(this.ctor.flags ?? {}, 'json-lines')) return false;
    const values: Readonly<Record<string, unknown>> | undefined = this.#parsed?.flags;
    return values ? values['json-lines'] === true : wantsJsonLines(this.argv, process.env);
  }

  get #shape(): CommandShape {
    const { id, args, flags } = this.ctor;
    const name = `${this.config.bin} ${(id ?? '').replaceAll(':', ' ')}`.trimEnd();
    return { name, args, flags: { ...globalFlags, ...flags } };
  }

  /** The error of a run that was told to stop, whatever that made fail in it. */
  #afterSignal(error: unknown): FleetError | undefined {
    if (!this.#interruption.received) return undefined;
    if (error instanceof FleetError && error.code === 'INTERRUPTED') return error;
    return this.signal.reason;
  }
}
