import { waitS } from './measure.js';
import { printRate, type RunOptions, runLoad } from './rates.js';
import { line, section, verdict } from './report.js';
import { scrape } from './scrape.js';
import { startServer } from './servers.js';

const stallMaxMs = 100;
const scrapeEveryS = 5;

/** The longest that the server did nothing else, from the first connection to the end of a long run. */
export async function benchStall(options: RunOptions & { ratePerS: number }): Promise<void> {
  const server = await startServer('evfleet', options.stations);
  const { controlSocket = '' } = server;
  // Since this was last asked for; what it took to start is none of this.
  const longestLagMs = async () => (await scrape(controlSocket, 'evfleet_event_loop_lag_max_seconds')) * 1000;
  await longestLagMs();
  const begunAt = performance.now();
  const worst = { lagMs: 0, atS: 0 };
  let isOver = false;
  const load = runLoad(server, { ...options, isEcho: false }).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await Promise.race([waitS(scrapeEveryS), load]);
    const lagMs = await longestLagMs();
    if (lagMs > worst.lagMs) Object.assign(worst, { lagMs, atS: (performance.now() - begunAt) / 1000 });
  }
  const result = await load;
  await server.stop();
  section(`${options.seconds} s of MeterValues at half the maximum rate`);
  printRate('evfleet', result);
  line(
    'longest stall of the event loop, told by the server',
    `${worst.lagMs.toFixed(0)} ms`,
    `${verdict(worst.lagMs <= stallMaxMs, `at most ${stallMaxMs} ms`)}; seen after ${worst.atS.toFixed(0)} s`,
  );
  line('longest wait for an answer, from when it was due', `${result.maxMs.toFixed(0)} ms`);
}
