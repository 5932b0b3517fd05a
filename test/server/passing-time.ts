import { setImmediate as endOfTurn } from 'node:timers/promises';
import type { MailBin } from '../alarms/delivery-bench.js';
import type { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

const minuteMs = 60_000;

/** Time passes for the server, which does what is due meanwhile. */
export async function pass(server: TestServer, durationMs: number): Promise<void> {
  for (let left = durationMs; left > 0; left -= minuteMs) {
    server.clock.advance(Math.min(left, minuteMs));
    for (let turn = 0; turn < 20; turn += 1) await endOfTurn();
  }
}

/** What falls due while the server is busy is done when its clock is looked at next. */
export function mailed(server: TestServer, bin: MailBin, count: number): Promise<void> {
  return until(() => {
    server.clock.advance(0);
    return bin.mails.length >= count;
  }, `${count} mails`);
}
