import { LatencyRecorder } from './latency-recorder.js';
import type { LoadOptions, LoadResult } from './load-options.js';
import { ClosedLoop, OpenLoop, type Pace } from './load-pace.js';
import { connectStations } from './load-stations.js';
import { cpuSeconds, waitS } from './measure.js';

/**
 * The load, in a process of its own: so many stations, as fast as they are answered or at a fixed rate. Takes
 * LoadOptions as JSON, prints a LoadResult as JSON.
 */
const options = JSON.parse(process.argv[2] ?? '{}') as LoadOptions;
const { serverPid, seconds, warmUpSeconds, ratePerS } = options;

const stations = await connectStations(options);
const recorder = new LatencyRecorder();
const pace: Pace =
  ratePerS === undefined ? new ClosedLoop(stations, recorder) : new OpenLoop(stations, recorder, ratePerS);
pace.start();
await waitS(warmUpSeconds);

recorder.reset();
const before = { at: performance.now(), cpu: process.cpuUsage(), server: cpuSeconds(serverPid) };
await waitS(seconds);
const elapsedS = (performance.now() - before.at) / 1000;
const { user, system } = process.cpuUsage(before.cpu);
const serverCpuS = cpuSeconds(serverPid) - before.server;
const result: LoadResult = {
  ratePerS: recorder.count / elapsedS,
  p50Ms: recorder.quantileMs(0.5),
  p99Ms: recorder.quantileMs(0.99),
  maxMs: recorder.maxMs,
  serverCpuPer1000: (serverCpuS / recorder.count) * 1000,
  serverBusy: serverCpuS / elapsedS,
  loadBusy: (user + system) / 1e6 / elapsedS,
  failures: pace.failures,
};
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
