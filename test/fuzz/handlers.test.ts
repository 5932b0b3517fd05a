import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import type { StationAction16 } from '../../src/csms/v16/handler.js';
import { isRpcErrorCode, readErrorCode } from '../../src/ocpp/rpc-error.js';
import { checkResponse } from '../../src/ocpp/v16/validate.js';
import type { Answer } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';
import { anyMessage, casesWanted, type Message, stationActions, transactionMessage } from './cases.js';

/** Messages sent one right behind the other, as after a long time offline. */
const atOnce = 30;
const runs = Math.ceil(casesWanted / atOnce);
const timeoutMs = 30_000 + casesWanted * 20;

/** A server with a station that says anything; what nobody catches is caught here. */
async function started() {
  const loose: unknown[] = [];
  const note = (reason: unknown) => void loose.push(reason);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  const server = await TestServer.start({ maxMessageRate: 0, pingIntervalMs: 3_600_000 });
  const station = await server.connected('CP1', { connectors: 2 });
  let id = 0;
  const ask = ({ action, payload }: Message) => {
    id += 1;
    return station.ask(action, payload, `f${id}`);
  };
  const quiet = () => {
    expect(loose).toEqual([]);
    expect(server.log.find(/handler-failed|callback-failed|send-failed/)).toEqual([]);
    expect(station.socket.readyState).toBe(station.socket.OPEN);
  };
  return { server, station, ask, quiet };
}

function isStationAction(action: string): action is StationAction16 {
  return stationActions.some((known) => known === action);
}

/** Strictly valid, or an error with a code of OCPP that says what was wrong: never that the server failed. */
function expectProper(action: string, { payload, error }: Answer): void {
  if (payload !== undefined && isStationAction(action)) {
    expect(() => checkResponse(action, payload as never)).not.toThrow();
    return;
  }
  const code = readErrorCode(error?.code ?? '');
  expect(isRpcErrorCode(code), `${action}: ${error?.code}`).toBe(true);
  expect(code, `${action}: ${error?.description}`).not.toBe('InternalError');
}

it('answers whatever a station says, properly', { timeout: timeoutMs }, async () => {
  const { ask, quiet } = await started();
  await fc.assert(
    fc.asyncProperty(fc.array(anyMessage, { minLength: 1, maxLength: atOnce }), async (messages) => {
      const answers = await Promise.all(messages.map(ask));
      for (const [i, answer] of answers.entries()) expectProper(messages[i]?.action ?? '', answer);
      quiet();
    }),
    { numRuns: runs * 2 },
  );
});

it('answers every message of a transaction that can be understood with a result: an error would lose it', {
  timeout: timeoutMs,
}, async () => {
  const { ask, quiet } = await started();
  await fc.assert(
    fc.asyncProperty(fc.array(transactionMessage, { minLength: 1, maxLength: atOnce }), async (messages) => {
      const answers = await Promise.all(messages.map(ask));
      for (const [i, { payload, error }] of answers.entries()) {
        expect(payload, `${JSON.stringify(messages[i])}: ${error?.code} ${error?.description}`).toBeDefined();
      }
      quiet();
    }),
    { numRuns: Math.ceil(runs / 2) },
  );
});
