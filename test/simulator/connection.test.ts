import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import type { ConnectFailure } from '../../src/simulator/connect-failure.js';
import type { VirtualStation } from '../../src/simulator/station.js';
import { ScriptedCentral } from './scripted-central.js';
import { CAR, Stage } from './stage.js';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

describe('the connection', () => {
  it('names the station, the subprotocol and the password', async () => {
    await stage.accepted({ identity: 'RDAM 123/ä', password: 'sésame', url: `${stage.central.url}/` });
    expect(stage.central.handshakes).toEqual([
      {
        path: '/ocpp/RDAM%20123%2F%C3%A4',
        authorization: `Basic ${Buffer.from('RDAM 123/ä:sésame').toString('base64')}`,
        protocol: 'ocpp1.6',
      },
    ]);
  });

  it('sends no credentials without a password', async () => {
    await stage.accepted();
    expect(stage.central.handshakes[0]?.authorization).toBeUndefined();
  });

  const failureOf = async (url: string): Promise<ConnectFailure> => {
    return new Promise((resolve) => {
      stage.station({ url, observer: { connectFailed: resolve } }).start();
    });
  };

  it.each([401, 403, 404, 503, 418])('tells HTTP %i', async (status) => {
    stage.central.refuseWith = status;
    expect((await failureOf(stage.central.url)).reason).toBe(`HTTP ${status}`);
  });

  it('tells that a station is not in the topology', async () => {
    stage.central.refuseWith = 404;
    expect((await failureOf(stage.central.url)).description).toContain('not in the topology');
  });

  it('tells that nothing listens', async () => {
    const other = await ScriptedCentral.start();
    const { url } = other;
    await other.stop();
    expect((await failureOf(url)).reason).toBe('ECONNREFUSED');
  });

  it('tells that the other side does not speak ocpp1.6', async () => {
    const http = createServer();
    const server = new WebSocketServer({ server: http, handleProtocols: () => false });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const { port } = http.address() as AddressInfo;
    expect((await failureOf(`ws://127.0.0.1:${port}`)).reason).toBe('subprotocol');
    server.close();
    await new Promise((resolve) => http.close(resolve));
  });

  it('keeps trying with growing pauses, and gets through in the end', async () => {
    stage.central.refuseWith = 503;
    const attempts: number[] = [];
    const station = stage.station({ observer: { connectFailed: (_failure, count) => attempts.push(count) } });
    station.start();
    const fails = async (count: number): Promise<void> => {
      while (attempts.length < count) await new Promise((resolve) => setImmediate(resolve));
    };
    await fails(1);
    stage.clock.advance(1_000);
    await fails(2);
    stage.clock.advance(2_000);
    await fails(3);
    expect(attempts).toEqual([1, 2, 3]);
    stage.central.refuseWith = undefined;
    stage.clock.advance(4_000);
    await station.untilAccepted();
    await station.untilFlushed();
  });

  it('notices a central system that is gone without a word', async () => {
    const station = await stage.accepted({ configuration: { WebSocketPingInterval: '60' } });
    stage.clock.advance(60_000);
    // Real pongs need real time; the clock does not give it to this one.
    stage.clock.advance(60_000);
    await station.until((one) => !one.isConnected);
  });

  it('stays away while it is offline', async () => {
    const station = await stage.accepted();
    station.goOffline();
    await station.until((one) => !one.isConnected);
    stage.clock.advance(3_600_000);
    expect(stage.central.handshakes).toHaveLength(1);
  });
});

describe('stop', () => {
  const running = (): Promise<VirtualStation> => stage.charging();

  it('ends sessions, says where the connectors are, and closes with 1000', async () => {
    const station = await running();
    await station.stop();
    expect(stage.central.payloads('StopTransaction')[0]).toMatchObject({ reason: 'Local' });
    expect(stage.statuses(1).at(-1)).toBe('Available');
    await stage.central.until(() => stage.central.closed.length > 0);
    expect(stage.central.closed).toEqual([1000]);
    expect(stage.clock.pending).toBe(0);
  });

  it('drops everything when told so', async () => {
    const station = await running();
    await station.stop({ sessions: 'drop' });
    expect(stage.central.payloads('StopTransaction')).toEqual([]);
  });

  it('does not wait for ever for a central system that is silent', async () => {
    const station = await running();
    stage.central.on('StopTransaction', () => 'silence');
    const stopped = station.stop({ timeoutMs: 3_000 });
    await stage.central.nth('StopTransaction', 1);
    stage.clock.advance(3_000);
    await stopped;
  });

  it('ends the waiting of everybody else', async () => {
    const station = await running();
    const waiting = station.untilStatus(1, 'Faulted');
    const outcome = expect(waiting).rejects.toThrow('S1 was switched off');
    await station.stop();
    await outcome;
    await expect(station.until(() => false)).rejects.toThrow();
  });

  it('lets a waiter give up', async () => {
    const station = await stage.accepted();
    const giveUp = new AbortController();
    const waiting = station.untilStatus(1, 'Charging', giveUp.signal);
    giveUp.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    station.plugIn(1, CAR);
    await station.untilFlushed();
  });
});
