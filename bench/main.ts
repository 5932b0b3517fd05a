import { loadavg } from 'node:os';
import { benchAlarms } from './alarms.js';
import { benchAuthorize } from './authorize.js';
import { benchComplete } from './complete.js';
import { line } from './report.js';
import { benchStartUp } from './start-up.js';
import { StationsBench } from './stations.js';
import { benchStore } from './store.js';
import { benchTagImport } from './tag-import.js';
import { benchTls } from './tls.js';

/** `npm run bench [-- [--quick] [--long] [<part>...]]`: figures with their baselines from the same run. */
const argv = process.argv.slice(2);
const quick = argv.includes('--quick');
const stations = new StationsBench({ quick, long: argv.includes('--long') });

/** What stands before the colon means all of them. */
const parts: Record<string, () => Promise<void>> = {
  'stations:meter': () => stations.meter(),
  'stations:mixed': () => stations.mixed(),
  'stations:latency': () => stations.latency(),
  'stations:idle': () => stations.idle(),
  'stations:stall': () => stations.stall(),
  start: () => benchStartUp({ stations: 1000, runs: quick ? 5 : 15 }),
  complete: () => benchComplete({ quick }),
  store: () => benchStore({ quick }),
  authorize: () => benchAuthorize({ quick }),
  alarms: () => benchAlarms({ quick }),
  tls: () => benchTls({ quick }),
  'tags:import': () => benchTagImport({ quick }),
};
const words = argv.filter((word) => !word.startsWith('--'));
const isMeant = (part: string, word: string) => part === word || part.startsWith(`${word}:`);
const stray = words.find((word) => !Object.keys(parts).some((part) => isMeant(part, word)));
if (stray !== undefined) throw new Error(`No part ${stray}; there are ${Object.keys(parts).join(', ')}.`);

/** Load average of a machine that does little else. */
const busyMax = 0.5;
const [busy = 0] = loadavg();
if (busy > busyMax) line(`this machine is busy (load ${busy.toFixed(1)}): the figures are noise`, '');

for (const [part, run] of Object.entries(parts)) {
  if (words.length === 0 || words.some((word) => isMeant(part, word))) await run();
}
