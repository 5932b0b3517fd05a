import { benchIdle } from './idle.js';
import { bestOf, printRate, type RunOptions, runLoad } from './rates.js';
import { line, section, verdict } from './report.js';
import { type ServerName, startServer } from './servers.js';
import { benchStall } from './stall.js';

export interface StationsOptions {
  /** One short run of each: to see that it works, not how fast. */
  readonly quick: boolean;
  /** The stall is looked for in 10 minutes instead of 30 s. */
  readonly long: boolean;
}

const stations = 500;
const baselines = { echo: 0.6, mixedEcho: 0.5, rpc: 1 };
const p99MaxMs = 50;
const longS = 600;

/** How many messages the server takes over many connections, and how long they wait. */
export class StationsBench {
  readonly #quick: boolean;
  readonly #runs: number;
  readonly #stallS: number;
  readonly #options: Omit<RunOptions, 'workload'>;
  #maximumPerS: number | undefined;

  constructor({ quick, long }: StationsOptions) {
    this.#quick = quick;
    this.#stallS = long ? longS : quick ? 10 : 30;
    this.#runs = quick ? 1 : 3;
    this.#options = { stations, seconds: quick ? 3 : 8, warmUpSeconds: quick ? 1 : 2 };
  }

  async meter(): Promise<void> {
    const names: ServerName[] = ['echo', 'rpc', 'evfleet'];
    const best = await bestOf(this.#runs, names, { ...this.#options, workload: 'meter' });
    section(`MeterValues over ${stations} connections, validated, stored and synced before the answer`);
    for (const [name, result] of best) printRate(name, result);
    const rate = (name: ServerName) => best.get(name)?.ratePerS ?? Number.NaN;
    this.#maximumPerS = rate('evfleet');
    printRatio('ratio to the echo server', rate('evfleet') / rate('echo'), baselines.echo);
    printRatio('ratio to ocpp-rpc, which stores nothing', rate('evfleet') / rate('rpc'), baselines.rpc);
  }

  async mixed(): Promise<void> {
    const best = await bestOf(this.#runs, ['echo', 'evfleet'], { ...this.#options, workload: 'mixed' });
    section(`Whole sessions over ${stations} connections: boots, status, heartbeats, meter values`);
    for (const [name, result] of best) printRate(name, result);
    const rate = (name: ServerName) => best.get(name)?.ratePerS ?? Number.NaN;
    printRatio('ratio to the echo server', rate('evfleet') / rate('echo'), baselines.mixedEcho);
  }

  async latency(): Promise<void> {
    const ratePerS = (await this.#maximum()) / 2;
    const results = [];
    for (let run = 0; run < this.#runs; run += 1) {
      const server = await startServer('evfleet', stations);
      results.push(await runLoad(server, { ...this.#options, workload: 'meter', isEcho: false, ratePerS }));
      await server.stop();
    }
    section(`MeterValues at half the maximum rate, ${Math.round(ratePerS)} /s; time from when each was due`);
    for (const result of results) printRate('evfleet', result);
    const p99Ms = Math.min(...results.map((result) => result.p99Ms));
    line('p99', `${p99Ms.toFixed(1)} ms`, verdict(p99Ms <= p99MaxMs, `at most ${p99MaxMs} ms`));
  }

  async idle(): Promise<void> {
    await benchIdle(this.#quick ? { stations: 2000, settleS: 10 } : { stations: 10_000, settleS: 60 });
  }

  async stall(): Promise<void> {
    const ratePerS = (await this.#maximum()) / 2;
    await benchStall({ ...this.#options, workload: 'meter', seconds: this.#stallS, ratePerS });
    if (this.#stallS < longS) line('', '', `a short run: --long takes ${longS} s`);
  }

  /** As measured by `meter`, or now. */
  async #maximum(): Promise<number> {
    if (this.#maximumPerS === undefined) {
      const best = await bestOf(1, ['evfleet'], { ...this.#options, workload: 'meter' });
      this.#maximumPerS = best.get('evfleet')?.ratePerS ?? Number.NaN;
    }
    return this.#maximumPerS;
  }
}

function printRatio(what: string, ratio: number, least: number): void {
  line(what, ratio.toFixed(2), verdict(ratio >= least, `at least ${least}`));
}
