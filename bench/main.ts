import { benchMeterValues, summarize } from './meter-values.js';
import { benchStartUp } from './start-up.js';

/** `npm run bench [-- --quick]`: figures with their baselines from the same run; medians, because machines are noisy. */
const quick = process.argv.includes('--quick');

function line(what: string, value: string, target = ''): void {
  process.stdout.write(`${what.padEnd(58)} ${value.padStart(18)}   ${target}\n`);
}

function verdict(isReached: boolean, target: string): string {
  return `${isReached ? 'reached' : 'MISSED'}: ${target}`;
}

const stations = 500;
const { echo, evfleet } = await benchMeterValues({ stations, seconds: quick ? 3 : 8, runs: quick ? 1 : 3 });
const baseline = summarize(echo);
const ours = summarize(evfleet);
const ratio = ours.rate / baseline.rate;
process.stdout.write(
  `MeterValues over ${stations} connections, validated, stored and synced before the answer\n`,
);
line(
  '  bare ws echo server',
  `${Math.round(baseline.rate)} /s`,
  `${baseline.cpuPer1000.toFixed(4)} CPU s per 1,000, p99 ${baseline.p99Ms.toFixed(0)} ms`,
);
line(
  '  evfleet serve',
  `${Math.round(ours.rate)} /s`,
  `${ours.cpuPer1000.toFixed(4)} CPU s per 1,000, p99 ${ours.p99Ms.toFixed(0)} ms`,
);
line('  ratio', ratio.toFixed(2), verdict(ratio >= 0.35, 'at least 0.35'));

const listed = 1000;
const startUp = await benchStartUp({ stations: listed, runs: quick ? 5 : 15 });
process.stdout.write(`\nevfleet station list with ${listed} stations, whole process\n`);
line('  empty oclif command', `${startUp.emptyMs.toFixed(0)} ms`);
line('  with a running server', `${startUp.servedMs.toFixed(0)} ms`);
line('  ratio', startUp.servedRatio.toFixed(2), verdict(startUp.servedRatio <= 1.5, 'at most 1.5'));
line('  without a server', `${startUp.offlineMs.toFixed(0)} ms`);
line('  ratio', startUp.offlineRatio.toFixed(2));
