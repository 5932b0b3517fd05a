import { describe, expect, it } from 'vitest';
import { CallQueueFullError, CallTimeoutError, PeerClosedError } from '../../src/ocpp/call-errors.js';
import { RpcError } from '../../src/ocpp/rpc-error.js';
import { settled } from './fake-schedule.js';
import { lonePeer } from './peer-fixture.js';

/** What became of a promise, so that nothing is rejected unhandled. */
function outcome(promise: Promise<unknown>): { value?: unknown; error?: unknown; done: boolean } {
  const result: { value?: unknown; error?: unknown; done: boolean } = { done: false };
  promise.then(
    (value) => Object.assign(result, { value, done: true }),
    (error) => Object.assign(result, { error, done: true }),
  );
  return result;
}

describe('calls that a peer makes', () => {
  it('leave one at a time, in order, as strict stations demand', async () => {
    const { peer, sent } = lonePeer();
    const first = outcome(peer.call('GetConfiguration', {}));
    const second = outcome(peer.call('Reset', { type: 'Soft' }));
    expect(sent).toEqual(['[2,"m1","GetConfiguration",{}]']);
    expect(peer.pendingCalls).toBe(2);
    peer.receive('[3,"m1",{"unknownKey":[]}]');
    expect(sent[1]).toBe('[2,"m2","Reset",{"type":"Soft"}]');
    peer.receive('[3,"m2",{"status":"Accepted"}]');
    await settled();
    expect(first.value).toEqual({ unknownKey: [] });
    expect(second.value).toEqual({ status: 'Accepted' });
    expect(peer.pendingCalls).toBe(0);
  });

  it('fail with the error that the station answered', async () => {
    const { peer } = lonePeer();
    const call = outcome(peer.call('GetLog', {}));
    peer.receive('[4,"m1","NotImplemented","no logs","ignored"]');
    await settled();
    expect(call.error).toBeInstanceOf(RpcError);
    expect(call.error).toMatchObject({ code: 'NotImplemented', description: 'no logs', details: {} });
  });

  it('fail at once when the answer is unreadable, instead of after the timeout', async () => {
    const { peer, noted } = lonePeer();
    const call = outcome(peer.call('GetConfiguration', {}));
    peer.receive('[3,"m1",{"configurationKey":[');
    await settled();
    expect(call.error).toMatchObject({ code: 'FormationViolation' });
    expect(noted()).toEqual(['malformed']);
  });

  it('get the answer of a station that writes ids as numbers', async () => {
    const { peer } = lonePeer({ newId: () => '7' });
    const call = outcome(peer.call('ClearCache', {}));
    peer.receive('[3,7,{"status":"Accepted"}]');
    await settled();
    expect(call.value).toEqual({ status: 'Accepted' });
  });

  it('time out counted from sending, and then the next one leaves', async () => {
    const { peer, time, sent } = lonePeer({ callTimeoutMs: 100 });
    const first = outcome(peer.call('A', {}));
    const second = outcome(peer.call('B', {}));
    time.pass(99);
    await settled();
    expect([first.done, sent.length]).toEqual([false, 1]);
    time.pass(1);
    await settled();
    expect(first.error).toBeInstanceOf(CallTimeoutError);
    expect(first.error).toMatchObject({ action: 'A', phase: 'sent', timeoutMs: 100 });
    expect(sent).toHaveLength(2);
    time.pass(99);
    await settled();
    expect(second.done).toBe(false);
    time.pass(1);
    await settled();
    expect(second.error).toMatchObject({ phase: 'sent' });
    expect(time.pending).toBe(0);
  });

  it('wait no longer in the queue than allowed, and are then never sent', async () => {
    const { peer, time, sent } = lonePeer({ callTimeoutMs: 1_000, queueTimeoutMs: 300 });
    outcome(peer.call('A', {}));
    const waiting = outcome(peer.call('B', {}));
    const patient = outcome(peer.call('C', {}, { queueTimeoutMs: 5_000, timeoutMs: 50 }));
    time.pass(300);
    await settled();
    expect(waiting.error).toMatchObject({ action: 'B', phase: 'queued', timeoutMs: 300 });
    time.pass(700);
    expect(sent.map((text) => JSON.parse(text)[2])).toEqual(['A', 'C']);
    time.pass(50);
    await settled();
    expect(patient.error).toMatchObject({ action: 'C', phase: 'sent', timeoutMs: 50 });
    expect(peer.pendingCalls).toBe(0);
  });

  it('do not pile up for a mute station', async () => {
    const { peer } = lonePeer({ maxQueuedCalls: 2 });
    const calls = ['A', 'B', 'C', 'D'].map((action) => outcome(peer.call(action, {})));
    await settled();
    expect(calls.map(({ done }) => done)).toEqual([false, false, false, true]);
    expect(calls[3]?.error).toBeInstanceOf(CallQueueFullError);
    expect(calls[3]?.error).toMatchObject({ action: 'D', limit: 2 });
  });

  it('may leave at once even when nothing may wait', async () => {
    const { peer, sent } = lonePeer({ maxQueuedCalls: 0 });
    outcome(peer.call('A', {}));
    const second = outcome(peer.call('B', {}));
    await settled();
    expect(sent).toHaveLength(1);
    expect(second.error).toBeInstanceOf(CallQueueFullError);
  });

  it('that are answered late are noted and change nothing', async () => {
    const { peer, time, notes, sent } = lonePeer({ callTimeoutMs: 100 });
    const first = outcome(peer.call('A', {}));
    const second = outcome(peer.call('B', {}));
    time.pass(100);
    peer.receive('[3,"m1",{"late":true}]');
    expect(notes).toEqual([{ kind: 'late-answer', detail: 'm1 was answered after its timeout' }]);
    peer.receive('[3,"m1",{"late":true}]');
    expect(notes[1]?.kind).toBe('unexpected-answer');
    await settled();
    expect(first.error).toBeInstanceOf(CallTimeoutError);
    expect([second.done, sent.length]).toEqual([false, 2]);
  });

  it('that were never made cannot be answered', () => {
    const { peer, noted } = lonePeer();
    peer.receive('[3,"other",{}]');
    peer.receive('[4,"other","GenericError","",{}]');
    expect(noted()).toEqual(['unexpected-answer', 'unexpected-answer']);
  });

  it('can be given up while they wait: they are not sent', async () => {
    const { peer, sent, time } = lonePeer();
    const abort = new AbortController();
    outcome(peer.call('A', {}));
    const waiting = outcome(peer.call('B', {}, { signal: abort.signal }));
    abort.abort(new Error('Ctrl-C'));
    await settled();
    expect(waiting.error).toEqual(new Error('Ctrl-C'));
    peer.receive('[3,"m1",{}]');
    expect(sent).toHaveLength(1);
    expect(time.pending).toBe(0);
  });

  it('can be given up after sending, but the station still gets no second call before it answered', async () => {
    const { peer, sent, noted } = lonePeer();
    const abort = new AbortController();
    const call = outcome(peer.call('A', {}, { signal: abort.signal }));
    outcome(peer.call('B', {}));
    abort.abort();
    await settled();
    expect(call.error).toMatchObject({ name: 'AbortError' });
    expect(sent).toHaveLength(1);
    peer.receive('[3,"m1",{}]');
    expect(noted()).toEqual(['late-answer']);
    expect(sent).toHaveLength(2);
  });

  it('are not made with a signal that has fired already', async () => {
    const { peer, sent } = lonePeer();
    const call = outcome(peer.call('A', {}, { signal: AbortSignal.abort('stop') }));
    await settled();
    expect(call.error).toBe('stop');
    expect(sent).toEqual([]);
  });

  it('leave no listener behind on a signal that many of them share', async () => {
    const warnings: Error[] = [];
    const listener = (warning: Error) => void warnings.push(warning);
    process.on('warning', listener);
    const { peer } = lonePeer();
    const { signal } = new AbortController();
    const calls = Array.from({ length: 30 }, () => outcome(peer.call('A', {}, { signal })));
    for (let id = 1; id <= 30; id += 1) peer.receive(`[3,"m${id}",{}]`);
    await settled();
    process.off('warning', listener);
    expect(calls.every(({ done }) => done)).toBe(true);
    expect(warnings).toEqual([]);
  });

  it('wait while a hold lasts, and expire all the same', async () => {
    const options = { queueTimeoutMs: 100, holdCallsDuring: ['BootNotification'] };
    const { peer, handler, sent, time } = lonePeer(options);
    for (const id of ['b1', 'b2']) peer.receive(`[2,"${id}","BootNotification",{}]`);
    const expired = outcome(peer.call('A', {}));
    time.pass(50);
    outcome(peer.call('B', {}));
    time.pass(50);
    await settled();
    expect(expired.error).toMatchObject({ phase: 'queued' });
    handler.answer();
    await settled();
    expect(sent).toEqual(['[3,"b1",{}]']);
    handler.answer();
    await settled();
    expect(sent.slice(1)).toEqual(['[3,"b2",{}]', '[2,"m2","B",{}]']);
  });

  it('fail typed when the connection goes away, and tell whether they were sent', async () => {
    const { peer, time, sent } = lonePeer();
    const first = outcome(peer.call('A', {}));
    const second = outcome(peer.call('B', {}));
    peer.close('the station hung up');
    peer.close('twice');
    const third = outcome(peer.call('C', {}));
    await settled();
    expect(first.error).toBeInstanceOf(PeerClosedError);
    expect(first.error).toMatchObject({ sent: true, message: 'A was not answered: the station hung up' });
    expect(second.error).toMatchObject({ sent: false, message: 'B was not sent: the station hung up' });
    expect(third.error).toMatchObject({ sent: false, message: 'C was not sent: the station hung up' });
    expect([sent.length, time.pending, peer.pendingCalls]).toEqual([1, 0, 0]);
  });

  it('fail when the socket does not take them, without stopping the next', async () => {
    let works = false;
    const sent: string[] = [];
    const { peer, time } = lonePeer({
      send: (text) => {
        if (!works) throw new Error('socket gone');
        sent.push(text);
      },
    });
    const first = outcome(peer.call('A', {}));
    works = true;
    outcome(peer.call('B', {}));
    await settled();
    expect(first.error).toMatchObject({
      name: 'PeerClosedError',
      sent: false,
      cause: new Error('socket gone'),
    });
    expect(sent).toHaveLength(1);
    expect(time.pending).toBe(1);
  });

  it('that cannot be encoded are rejected, not thrown', async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const { peer, sent } = lonePeer();
    const call = outcome(peer.call('A', cyclic));
    const long = outcome(lonePeer({ newId: () => 'x'.repeat(37) }).peer.call('A', {}));
    await settled();
    expect(call.error).toBeInstanceOf(TypeError);
    expect(long.error).toBeInstanceOf(RangeError);
    expect([sent.length, peer.pendingCalls]).toEqual([0, 0]);
  });
});
