import { benchMeterValues, summarize } from './meter-values.js';
import { line, section, verdict } from './report.js';
import { benchStartUp } from './start-up.js';
import { benchStore } from './store.js';

/**
 * `npm run bench [-- --quick] [-- store|stations|start]`: figures with their baselines from the same run; medians,
 * because machines are noisy.
 */
const argv = process.argv.slice(2);
const quick = argv.includes('--quick');
const wanted = (part: string) => argv.every((word) => word.startsWith('--')) || argv.includes(part);

if (wanted('stations')) await stations(500);
if (wanted('start')) await start(1000);
if (wanted('store')) await benchStore({ quick });

async function stations(count: number): Promise<void> {
  const measured = await benchMeterValues({ stations: count, seconds: quick ? 3 : 8, runs: quick ? 1 : 3 });
  const [echo, ours] = [summarize(measured.echo), summarize(measured.evfleet)];
  const cpu = ({ cpuPer1000, p99Ms }: typeof ours) =>
    `${cpuPer1000.toFixed(4)} CPU s per 1,000, p99 ${p99Ms.toFixed(0)} ms`;
  section(`MeterValues over ${count} connections, validated, stored and synced before the answer`);
  line('bare ws echo server', `${Math.round(echo.rate)} /s`, cpu(echo));
  line('evfleet serve', `${Math.round(ours.rate)} /s`, cpu(ours));
  const ratio = ours.rate / echo.rate;
  line('ratio', ratio.toFixed(2), verdict(ratio >= 0.35, 'at least 0.35'));
}

async function start(count: number): Promise<void> {
  const figures = await benchStartUp({ stations: count, runs: quick ? 5 : 15 });
  section(`evfleet station list with ${count} stations, whole process`);
  line('empty oclif command', `${figures.emptyMs.toFixed(0)} ms`);
  line('with a running server', `${figures.servedMs.toFixed(0)} ms`);
  line('ratio', figures.servedRatio.toFixed(2), verdict(figures.servedRatio <= 1.5, 'at most 1.5'));
  line('without a server', `${figures.offlineMs.toFixed(0)} ms`);
  line('ratio', figures.offlineRatio.toFixed(2));
}
