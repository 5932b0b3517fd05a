import { setTimeout as sleep } from 'node:timers/promises';
import { Flags } from '@oclif/core';
import { FleetCommand } from '../src/cli/base-command.js';
import { durationFlag, withEnv } from '../src/cli/flags/flags.js';
import { LiveScreen } from '../src/cli/live-screen.js';
import { formatDuration } from '../src/domain/duration.js';
import { FleetError } from '../src/domain/errors.js';
import type { FleetStatus } from '../src/operations/topology/status.js';
import { instant } from '../src/views/format.js';
import { renderStatus } from '../src/views/status.js';

export default class Status extends FleetCommand<typeof Status> {
  static override summary = 'Show the fleet at a glance';
  static override description =
    'The tree of sites, floors, stations and connectors with the state of each. With --watch and --json: one document per line, whenever something has changed.';
  static override examples = [
    '<%= config.bin %> status',
    '<%= config.bin %> status --watch',
    '<%= config.bin %> status --json | jq .counts',
  ];
  static override flags = withEnv({
    watch: Flags.boolean({ char: 'w', default: false, summary: 'Follow it until interrupted.' }),
    interval: durationFlag({ default: 1000, minMs: 100, summary: 'How often --watch looks.' }),
  });

  async run(): Promise<FleetStatus | undefined> {
    if (!this.flags.watch) {
      const status = await this.withFleet((fleet) => fleet.run('fleet.status', {}));
      await this.print(renderStatus(status, this.terminal));
      return status;
    }
    if (this.jsonEnabled()) await this.streamJsonLines(this.#changes());
    else if (this.terminal.isTTY) await this.#follow();
    else
      for await (const status of this.#changes())
        await this.print(`${renderStatus(status, this.terminal)}\n`);
    return undefined;
  }

  /** Draws the picture in place, again and again, also while the server is away. */
  async #follow(): Promise<void> {
    const screen = new LiveScreen(process.stdout);
    try {
      // To be interrupted is how it ends, so that there is nothing to report then.
      while (!this.signal.aborted) {
        const picture = await this.#look().then(
          (status) => renderStatus(status, this.terminal),
          (error: unknown) => this.#explain(error),
        );
        const now = instant(this.terminal.now(), this.terminal);
        const every = formatDuration(this.flags.interval);
        screen.draw(`${this.terminal.paint.dim(`${now}, every ${every}; Ctrl-C ends`)}\n${picture}`);
        await this.#pause();
      }
    } finally {
      screen.restore();
    }
  }

  async *#changes(): AsyncGenerator<FleetStatus> {
    let last = '';
    while (!this.signal.aborted) {
      const status = await this.#look();
      const { time: _time, ...state } = status;
      // Every message moves it; that a station talks is no news.
      const text = JSON.stringify(state, (key, value) => (key === 'lastSeen' ? undefined : value));
      if (text !== last) yield status;
      last = text;
      await this.#pause();
    }
  }

  /** Opened anew each time: without a server, the store must not stay locked in between. */
  #look(): Promise<FleetStatus> {
    return this.withFleet((fleet) => fleet.run('fleet.status', {}));
  }

  #explain(error: unknown): string {
    if (this.signal.aborted) return '';
    if (!(error instanceof FleetError)) throw error;
    return `${this.terminal.paint.yellow(error.message)}\n`;
  }

  async #pause(): Promise<void> {
    await sleep(this.flags.interval, undefined, { signal: this.signal }).catch(() => undefined);
  }
}
