import { setTimeout as sleep } from 'node:timers/promises';
import { Flags } from '@oclif/core';
import { FleetCommand } from '../src/cli/base-command.js';
import { durationFlag, withEnv } from '../src/cli/flags/flags.js';
import { LiveScreen } from '../src/cli/live-screen.js';
import { formatDuration } from '../src/domain/duration.js';
import { FleetError } from '../src/domain/errors.js';
import { parseInstant } from '../src/domain/instant.js';
import type { FleetStatus } from '../src/operations/topology/status.js';
import { instant } from '../src/views/format.js';
import { renderStatus } from '../src/views/status.js';

/** How much longer than a look the pause after it is at least. */
const restPerLook = 4;

export default class Status extends FleetCommand<typeof Status> {
  static override summary = 'Show the fleet at a glance';
  static override description =
    'How many there are in each state, the power now and the energy of today by the hour, then the tree of sites, floors, stations and connectors. On a terminal the tree is folded to fit: what is wrong is shown first, what stands there quietly is counted. With --watch and --json: one document per line, whenever something has changed.';
  static override examples = [
    '<%= config.bin %> status',
    '<%= config.bin %> status --watch',
    '<%= config.bin %> status --site Solna --all',
    '<%= config.bin %> status --json | jq .counts',
  ];
  static override flags = withEnv({
    site: Flags.string({ summary: 'Only this site.' }),
    all: Flags.boolean({ default: false, summary: 'Show every connector, however long it gets.' }),
    watch: Flags.boolean({ char: 'w', default: false, summary: 'Follow it until interrupted.' }),
    interval: durationFlag({ default: 1000, minMs: 100, summary: 'How often --watch looks.' }),
  });

  async run(): Promise<FleetStatus | undefined> {
    if (!this.flags.watch) {
      const status = await this.#look();
      // A line is for the prompt that follows.
      await this.print(this.#picture(status, { reservedLines: 1 }));
      return status;
    }
    if (this.jsonEnabled()) await this.streamJsonLines(this.#changes());
    else if (this.terminal.isTTY) await this.#follow();
    else
      for await (const status of this.#changes())
        await this.print(`${this.#picture(status, { reservedLines: 0 })}\n`);
    return undefined;
  }

  /** Draws the picture in place, again and again, also while the server is away and when the window changes its size. */
  async #follow(): Promise<void> {
    const screen = new LiveScreen(process.stdout);
    let latest: FleetStatus | undefined;
    let trouble = '';
    const draw = () => {
      const every = formatDuration(this.flags.interval);
      const note = `${instant(this.terminal.now(), this.terminal)}, every ${every}; Ctrl-C ends`;
      const picture = latest ? this.#picture(latest, { reservedLines: trouble === '' ? 1 : 2 }) : '';
      screen.draw(this.legible(`${this.terminal.paint.dim(note)}\n${trouble}${picture}`));
    };
    process.stdout.on('resize', draw);
    try {
      // To be interrupted is how it ends, so that there is nothing to report then.
      while (!this.signal.aborted) {
        const begun = performance.now();
        try {
          latest = await this.#look();
          trouble = '';
        } catch (error) {
          trouble = this.#explain(error);
        }
        if (this.signal.aborted) break;
        draw();
        await this.#pause(performance.now() - begun);
      }
    } finally {
      process.stdout.off('resize', draw);
      screen.restore();
    }
  }

  /** @param reservedLines that something else needs on the screen */
  #picture(status: FleetStatus, { reservedLines }: { readonly reservedLines: number }): string {
    const { isTTY } = this.terminal;
    // Of now: the window may have another size than when the command began.
    const { columns, rows } = process.stdout;
    const terminal = isTTY && columns > 0 ? { ...this.terminal, columns } : this.terminal;
    const isFolded = isTTY && rows > 0 && !this.flags.all;
    return renderStatus(status, terminal, isFolded ? rows - reservedLines : undefined);
  }

  async *#changes(): AsyncGenerator<FleetStatus> {
    let last = '';
    while (!this.signal.aborted) {
      const begun = performance.now();
      const status = await this.#look();
      const { time: _time, ...state } = status;
      // Every message moves it; that a station talks is no news.
      const text = JSON.stringify(state, (key, value) => (key === 'lastSeen' ? undefined : value));
      if (text !== last) yield status;
      last = text;
      await this.#pause(performance.now() - begun);
    }
  }

  /** Opened anew each time: without a server, the store must not stay locked in between. */
  #look(): Promise<FleetStatus> {
    const { utc } = this.terminal;
    const nowMs = this.terminal.now();
    const from = parseInstant('today', { nowMs, zone: utc ? 'utc' : 'local' });
    return this.withFleet((fleet) => fleet.run('fleet.status', { site: this.flags.site, from }));
  }

  #explain(error: unknown): string {
    if (this.signal.aborted) return '';
    if (!(error instanceof FleetError) || error.code === 'NOT_FOUND') throw error;
    return `${this.terminal.paint.yellow(error.message)}\n`;
  }

  /** A large fleet is looked at less often than wished: the server has something else to do. */
  async #pause(lookMs: number): Promise<void> {
    const waitMs = Math.max(this.flags.interval - lookMs, lookMs * restPerLook);
    await sleep(waitMs, undefined, { signal: this.signal }).catch(() => undefined);
  }
}
