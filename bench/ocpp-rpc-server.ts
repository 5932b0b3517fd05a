import type { AddressInfo } from 'node:net';
import { RPCServer } from 'ocpp-rpc';

/** The other baseline: `ocpp-rpc` in strict mode. It checks what it receives and answers, and stores nothing. */
const server = new RPCServer({ protocols: ['ocpp1.6'], strictMode: true });
const idTagInfo = { status: 'Accepted' };
let transactions = 0;
const answers: Record<string, () => object> = {
  BootNotification: () => ({ status: 'Accepted', interval: 300, currentTime: new Date().toISOString() }),
  Heartbeat: () => ({ currentTime: new Date().toISOString() }),
  Authorize: () => ({ idTagInfo }),
  StartTransaction: () => {
    transactions += 1;
    return { transactionId: transactions, idTagInfo };
  },
  StopTransaction: () => ({ idTagInfo }),
  StatusNotification: () => ({}),
  MeterValues: () => ({}),
};
server.auth((accept) => accept());
server.on('client', (client) => {
  for (const [action, answer] of Object.entries(answers)) client.handle(action, answer);
});
const http = await server.listen(0, '127.0.0.1');
const { port } = http.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ url: `ws://127.0.0.1:${port}/ocpp/`, pid: process.pid })}\n`);
process.on('SIGTERM', () => process.exit(0));
