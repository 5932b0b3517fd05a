import http from 'node:http';
import { waitS } from './measure.js';
import { printRate, type RunOptions, runLoad } from './rates.js';
import { line, section, verdict } from './report.js';
import { startServer } from './servers.js';

const stallMaxMs = 100;
const scrapeEveryS = 5;
const metric = 'evfleet_event_loop_lag_max_seconds';

/** The longest that the server did nothing else, from the first connection to the end of a long run. */
export async function benchStall(options: RunOptions & { ratePerS: number }): Promise<void> {
  const server = await startServer('evfleet', options.stations);
  const { controlSocket = '' } = server;
  // What it took to start is none of this.
  await longestLagMs(controlSocket);
  const begunAt = performance.now();
  const worst = { lagMs: 0, atS: 0 };
  let isOver = false;
  const load = runLoad(server, { ...options, isEcho: false }).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await Promise.race([waitS(scrapeEveryS), load]);
    const lagMs = await longestLagMs(controlSocket);
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

/** Since this was last asked for; NaN when the server does not tell. */
async function longestLagMs(controlSocket: string): Promise<number> {
  const text = await get(controlSocket, '/metrics');
  const value = new RegExp(`^${metric} (\\S+)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`The server has no metric ${metric}.`);
  return Number(value) * 1000;
}

function get(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get({ socketPath, path }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}
