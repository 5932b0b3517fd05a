import { line, section, verdict } from './report.js';
import { benchStartUp } from './start-up.js';
import { StationsBench } from './stations.js';
import { benchStore } from './store.js';

/**
 * `npm run bench [-- [--quick] [--long] [<part>...]]`: figures with their baselines from the same run. Parts are
 * stations:meter, stations:mixed, stations:latency, stations:idle, stations:stall, together called stations; start; store.
 */
const argv = process.argv.slice(2);
const quick = argv.includes('--quick');
const parts = argv.filter((word) => !word.startsWith('--'));
const wanted = (part: string) =>
  parts.length === 0 || parts.some((word) => word === part || part.startsWith(`${word}:`));

const stations = new StationsBench({ quick, long: argv.includes('--long') });
if (wanted('stations:meter')) await stations.meter();
if (wanted('stations:mixed')) await stations.mixed();
if (wanted('stations:latency')) await stations.latency();
if (wanted('stations:idle')) await stations.idle();
if (wanted('stations:stall')) await stations.stall();
if (wanted('start')) await start(1000);
if (wanted('store')) await benchStore({ quick });

async function start(count: number): Promise<void> {
  const figures = await benchStartUp({ stations: count, runs: quick ? 5 : 15 });
  section(`evfleet station list with ${count} stations, whole process`);
  line('empty oclif command', `${figures.emptyMs.toFixed(0)} ms`);
  line('with a running server', `${figures.servedMs.toFixed(0)} ms`);
  line('ratio', figures.servedRatio.toFixed(2), verdict(figures.servedRatio <= 1.5, 'at most 1.5'));
  line('without a server', `${figures.offlineMs.toFixed(0)} ms`);
  line('ratio', figures.offlineRatio.toFixed(2));
}
