import { describe, expect, it } from 'vitest';
import type { RpcPeer } from '../../src/ocpp/rpc-peer.js';
import { settled } from './fake-schedule.js';
import { lonePeer, wiredPeers } from './peer-fixture.js';

const boot = '[2,"b","BootNotification",{}]';

describe('BootNotification', () => {
  it('is answered before any call leaves, even one that its handler makes', async () => {
    const calls: Promise<unknown>[] = [];
    const { peer, sent, time }: ReturnType<typeof lonePeer> = lonePeer({
      holdCallsDuring: ['BootNotification'],
      handle: () => {
        calls.push(peer.call('GetConfiguration', {}));
        return Promise.resolve({ status: 'Accepted' });
      },
      afterAnswer: ({ action }) => void calls.push(peer.call(`After${action}`, {})),
    });
    peer.receive(boot);
    expect(sent).toEqual([]);
    await settled();
    expect(sent).toEqual(['[3,"b",{"status":"Accepted"}]', '[2,"m1","GetConfiguration",{}]']);
    peer.receive('[3,"m1",{}]');
    expect(sent[2]).toBe('[2,"m2","AfterBootNotification",{}]');
    peer.receive('[3,"m2",{}]');
    await Promise.all(calls);
    expect(time.pending).toBe(0);
  });

  it('holds calls back from its arrival on, also behind a message that is still being handled', async () => {
    const { peer, handler, sent } = lonePeer({ holdCallsDuring: ['BootNotification'] });
    peer.receive('[2,"s","StatusNotification",{}]');
    peer.receive(boot);
    const reset = peer.call('Reset', {});
    handler.answer();
    await settled();
    expect(sent).toEqual(['[3,"s",{}]']);
    handler.fail(new Error('store failed'));
    await settled();
    expect(sent.slice(1).map((text) => JSON.parse(text)[2])).toEqual(['InternalError', 'Reset']);
    peer.receive('[3,"m1",{}]');
    await reset;
  });

  it('is followed at once by a fast station, whose StatusNotification is not lost', async () => {
    const { peer, handler, sent } = lonePeer();
    peer.receive(boot);
    peer.receive('[2,"s","StatusNotification",{}]');
    handler.answer({ status: 'Accepted' });
    await settled();
    handler.answer();
    await settled();
    expect(sent).toEqual(['[3,"b",{"status":"Accepted"}]', '[3,"s",{}]']);
  });
});

describe('a connection that ends', () => {
  it('gets no answer from a handler that was still running', async () => {
    const { peer, handler, sent, noted, time } = lonePeer();
    peer.receive('[2,"1","StartTransaction",{}]');
    peer.receive('[2,"2","MeterValues",{}]');
    peer.close('gone');
    expect(peer.pendingAnswers).toBe(1);
    handler.answer({ transactionId: 1 });
    await settled();
    peer.receive('[2,"3","Heartbeat",{}]');
    await settled();
    expect(sent).toEqual([]);
    expect(handler.calls).toHaveLength(1);
    expect(noted()).toEqual(['unsent-answer']);
    expect([peer.pendingAnswers, time.pending]).toEqual([0, 0]);
  });

  it('may end while an answer is being written', async () => {
    const { peer, handler, sent }: ReturnType<typeof lonePeer> = lonePeer({
      send: () => {
        peer.close('write failed');
        throw new Error('write failed');
      },
    });
    peer.receive('[2,"1","Heartbeat",{}]');
    peer.receive('[2,"2","Heartbeat",{}]');
    handler.answer();
    await settled();
    expect([handler.calls.length, sent.length, peer.pendingAnswers]).toEqual([1, 0, 0]);
  });
});

describe('two peers on one wire', () => {
  it('call each other at the same time, any number of times, each in order', async () => {
    const seen: string[] = [];
    const echo = (side: string) => async (call: { payload: Record<string, unknown> }) => {
      seen.push(`${side}${call.payload.n}`);
      await settled();
      return call.payload;
    };
    const { left, right, time } = wiredPeers({ left: echo('l'), right: echo('r') });
    const numbers = Array.from({ length: 50 }, (_, n) => n);
    const ask = (peer: RpcPeer) => Promise.all(numbers.map((n) => peer.call('Echo', { n })));
    const [fromLeft, fromRight] = await Promise.all([ask(left), ask(right)]);
    expect(fromLeft).toEqual(numbers.map((n) => ({ n })));
    expect(fromRight).toEqual(fromLeft);
    expect(seen.filter((entry) => entry.startsWith('r'))).toEqual(numbers.map((n) => `r${n}`));
    expect(seen.filter((entry) => entry.startsWith('l'))).toEqual(numbers.map((n) => `l${n}`));
    expect([time.pending, left.pendingCalls, right.pendingAnswers]).toEqual([0, 0, 0]);
  });

  it('never have two calls of one side on the wire', async () => {
    const answer = async () => {
      await settled();
      return {};
    };
    const { left, wire } = wiredPeers({ left: answer, right: answer });
    await Promise.all([1, 2, 3, 4].map((n) => left.call('A', { n })));
    const kinds = wire.map((line) => line.slice(0, 4));
    expect(kinds).toEqual(['> [2', '< [3', '> [2', '< [3', '> [2', '< [3', '> [2', '< [3']);
  });

  it('get through each other while both handlers call back', async () => {
    const { left, right }: ReturnType<typeof wiredPeers> = wiredPeers({
      left: async () => ({ got: await left.call('Inner', {}) }),
      right: async ({ action }) => (action === 'Inner' ? { inner: true } : {}),
    });
    await expect(right.call('Outer', {})).resolves.toEqual({ got: { inner: true } });
  });
});
