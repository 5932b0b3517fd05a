import { BackOff } from '../src/simulator/back-off.js';
import { inParallel, socketOptions } from './load-stations.js';
import { RawSocket } from './raw-socket.js';
import { calls } from './workload.js';

/**
 * Stations that boot and then say nothing; when they lose the server they come back as real ones do, each after a wait
 * of its own that doubles with every failure. Arguments: url, stations. Prints `{"all": "connected"}` as JSON once all
 * have booted, and again `{"all": "back", attempts}` after a loss.
 */
const [url = '', count = ''] = process.argv.slice(2);
const stations = Number(count);
const connectingAtOnce = 50;
let booted = 0;
let attempts = 0;

async function boot(index: number): Promise<void> {
  const socket = await RawSocket.open(socketOptions(url, index));
  await socket.ask(calls.boot);
  booted += 1;
  socket.onMessage = () => undefined;
  socket.onClose = () => {
    booted -= 1;
    comeBack(index, new BackOff({}, Math.random));
  };
}

function comeBack(index: number, backOff: BackOff): void {
  setTimeout(() => {
    attempts += 1;
    boot(index).then(
      () => booted === stations && say({ all: 'back', attempts }),
      () => comeBack(index, backOff),
    );
  }, backOff.next());
}

function say(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

await inParallel(stations, connectingAtOnce, boot);
say({ all: 'connected' });
process.on('SIGTERM', () => process.exit(0));
