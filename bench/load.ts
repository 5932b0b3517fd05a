import { WebSocket } from 'ws';

/**
 * The load: so many stations, each sending MeterValues one after another as fast as they are answered.
 * Arguments: url, stations, seconds, warm-up seconds. Prints the number of answers in the measured time as JSON.
 */
const [url = '', stations = '500', seconds = '5', warmUp = '2'] = process.argv.slice(2);

interface Lane {
  readonly socket: WebSocket;
  next: number;
}

let answered = 0;
let measuring = false;
const latenciesMs: number[] = [];

function meterValues(lane: number, sequence: number, transactionId: number): string {
  const sample = (value: string, measurand: string, unit: string, phase?: string) => ({
    value,
    context: 'Sample.Periodic',
    measurand,
    location: 'Outlet',
    unit,
    ...(phase !== undefined && { phase }),
  });
  return JSON.stringify([
    2,
    `${lane}-${sequence}`,
    'MeterValues',
    {
      connectorId: 1,
      transactionId,
      meterValue: [
        {
          timestamp: new Date().toISOString(),
          sampledValue: [
            sample(String(1000 + sequence), 'Energy.Active.Import.Register', 'Wh'),
            sample('7360', 'Power.Active.Import', 'W'),
            sample('32.0', 'Current.Import', 'A', 'L1'),
            sample('230.1', 'Voltage', 'V', 'L1-N'),
          ],
        },
      ],
    },
  ]);
}

function ask(lane: Lane, text: string): Promise<string> {
  return new Promise((resolve) => {
    lane.socket.once('message', (data) => resolve(data.toString()));
    lane.socket.send(text);
  });
}

async function connect(index: number): Promise<Lane & { transactionId: number }> {
  const socket = new WebSocket(`${url}BENCH-${String(index).padStart(4, '0')}`, 'ocpp1.6', {
    perMessageDeflate: false,
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const lane: Lane = { socket, next: 0 };
  await ask(
    lane,
    JSON.stringify([
      2,
      'boot',
      'BootNotification',
      { chargePointVendor: 'bench', chargePointModel: 'bench' },
    ]),
  );
  const start = { connectorId: 1, idTag: 'BENCH', meterStart: 1000, timestamp: new Date().toISOString() };
  const answer = JSON.parse(await ask(lane, JSON.stringify([2, 'start', 'StartTransaction', start])));
  // The echo server answers with the call itself; any number does there.
  return { socket, next: 0, transactionId: Number(answer[2]?.transactionId ?? index + 1) };
}

function run(index: number, lane: Lane, transactionId: number): void {
  let sentAt = performance.now();
  const send = (): void => {
    lane.next += 1;
    sentAt = performance.now();
    lane.socket.send(meterValues(index, lane.next, transactionId));
  };
  lane.socket.on('message', () => {
    if (measuring) {
      answered += 1;
      if (answered % 16 === 0) latenciesMs.push(performance.now() - sentAt);
    }
    send();
  });
  send();
}

const lanes = [];
for (let index = 0; index < Number(stations); index += 1) lanes.push(await connect(index));
for (const [index, { transactionId, ...lane }] of lanes.entries()) run(index, lane, transactionId);
await new Promise((resolve) => setTimeout(resolve, Number(warmUp) * 1000));
measuring = true;
const begun = performance.now();
process.stdout.write(`${JSON.stringify({ begun: true })}\n`);
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000));
const elapsedS = (performance.now() - begun) / 1000;
latenciesMs.sort((a, b) => a - b);
const p99Ms = latenciesMs[Math.floor(latenciesMs.length * 0.99)] ?? Number.NaN;
process.stdout.write(`done ${JSON.stringify({ rate: answered / elapsedS, answered, p99Ms })}\n`);
process.exit(0);
