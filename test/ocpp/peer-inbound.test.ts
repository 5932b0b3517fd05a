import { describe, expect, it } from 'vitest';
import { RpcError } from '../../src/ocpp/rpc-error.js';
import { settled } from './fake-schedule.js';
import { lonePeer } from './peer-fixture.js';

const call = (id: number | string, action = 'Heartbeat', payload: unknown = {}) =>
  JSON.stringify([2, id, action, payload]);

describe('calls that a peer receives', () => {
  it('are handled in order and one at a time: StartTransaction before its MeterValues', async () => {
    const { peer, handler, sent } = lonePeer();
    peer.receive(call('1', 'StartTransaction', { connectorId: 1 }));
    peer.receive(call('2', 'MeterValues'));
    peer.receive(call('3', 'StopTransaction'));
    await settled();
    expect(handler.calls.map(({ action }) => action)).toEqual(['StartTransaction']);
    expect(handler.calls[0]).toEqual({
      id: '1',
      action: 'StartTransaction',
      payload: { connectorId: 1 },
      raw: '[2,"1","StartTransaction",{"connectorId":1}]',
      receivedAt: 0,
    });
    expect(peer.pendingAnswers).toBe(3);
    handler.answer({ transactionId: 1 });
    await settled();
    expect(handler.calls.map(({ action }) => action)).toEqual(['StartTransaction', 'MeterValues']);
    handler.answer();
    await settled();
    handler.answer();
    await settled();
    expect(sent).toEqual(['[3,"1",{"transactionId":1}]', '[3,"2",{}]', '[3,"3",{}]']);
    expect(peer.pendingAnswers).toBe(0);
  });

  it('do not hold up the answers to our own calls', async () => {
    const { peer, handler } = lonePeer();
    peer.receive(call('1', 'StartTransaction'));
    const answer = peer.call('GetConfiguration', {});
    peer.receive('[3,"m1",{"ok":1}]');
    await expect(answer).resolves.toEqual({ ok: 1 });
    expect(handler.calls).toHaveLength(1);
  });

  it('are answered although a call of ours is unanswered', async () => {
    const { peer, handler, sent, time } = lonePeer();
    const waiting = peer.call('GetConfiguration', {});
    peer.receive(call('1'));
    handler.answer({ currentTime: 'now' });
    await settled();
    expect(sent[1]).toBe('[3,"1",{"currentTime":"now"}]');
    time.pass(30_000);
    await expect(waiting).rejects.toThrow('not answered within 30s');
  });

  it('answer with the error that the handler throws', async () => {
    const { peer, handler, sent, noted } = lonePeer();
    peer.receive(call('1'));
    handler.fail(new RpcError('SecurityError', 'not accepted yet', { since: 1 }));
    await settled();
    expect(sent).toEqual(['[4,"1","SecurityError","not accepted yet",{"since":1}]']);
    expect(noted()).toEqual([]);
  });

  it('do not tell the station what broke inside', async () => {
    const { peer, handler, sent, notes } = lonePeer();
    peer.receive(call('1', 'Authorize'));
    const cause = new Error('SELECT * FROM tag: no such table');
    handler.fail(cause);
    await settled();
    expect(sent).toEqual(['[4,"1","InternalError","The message could not be processed",{}]']);
    expect(notes).toEqual([
      { kind: 'handler-failed', detail: 'Authorize (1) could not be processed', cause },
    ]);
  });

  it('survive a handler that throws before it promises, and one that answers nonsense', async () => {
    let turn = 0;
    const { peer, sent, noted } = lonePeer({
      handle: () => {
        turn += 1;
        if (turn === 1) throw new RpcError('NotSupported');
        if (turn === 2) return Promise.resolve(JSON.parse('[]'));
        if (turn === 3) return Promise.resolve({ big: 1n });
        return Promise.reject(new RpcError('GenericError', 'why', { big: 1n }));
      },
    });
    for (const id of ['1', '2', '3', '4']) peer.receive(call(id));
    await settled();
    expect(sent.map((text) => JSON.parse(text).slice(1, 3))).toEqual([
      ['1', 'NotSupported'],
      ['2', 'InternalError'],
      ['3', 'InternalError'],
      ['4', 'GenericError'],
    ]);
    expect(noted()).toEqual(['handler-failed', 'handler-failed']);
  });

  it('get their numeric or over-long id back as it was', async () => {
    const { peer, sent } = lonePeer({ handle: () => Promise.resolve({}) });
    peer.receive(call(42));
    peer.receive(call('x'.repeat(80)));
    await settled();
    expect(sent).toEqual(['[3,42,{}]', `[3,"${'x'.repeat(80)}",{}]`]);
  });

  it('are refused when too many wait, so that the station sends them again later', async () => {
    const { peer, handler, sent, noted } = lonePeer({ maxInbox: 2 });
    for (const id of ['1', '2', '3', '4']) peer.receive(call(id));
    expect(sent.map((text) => JSON.parse(text).slice(0, 3))).toEqual([[4, '4', 'InternalError']]);
    expect(noted()).toEqual(['inbox-full']);
    for (let at = 0; at < 3; at += 1) {
      handler.answer();
      await settled();
    }
    expect(handler.calls.map(({ id }) => id)).toEqual(['1', '2', '3']);
    peer.receive(call('4'));
    expect(handler.calls.map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
  });

  it('are dropped silently when they are no calls', () => {
    const { peer, sent, notes, noted } = lonePeer();
    for (const text of ['', 'x', '[]', '[2]', '[3]', '[9,"1",{}]', '[4,"1"', '{}']) peer.receive(text);
    expect(sent).toEqual([]);
    const kinds = new Set(noted());
    expect(notes).toHaveLength(8);
    expect([...kinds]).toEqual(['malformed', 'unknown-type']);
  });

  it('are answered with an error when they are malformed but have an id', () => {
    const { peer, sent, noted } = lonePeer();
    peer.receive('[2,"1","Heartbeat",{"a":}]');
    peer.receive('[2,17,"Heartbeat",[]]');
    expect(sent).toEqual([
      '[4,"1","FormationViolation","not valid JSON",{}]',
      '[4,17,"FormationViolation","the payload of Heartbeat is not an object",{}]',
    ]);
    expect(noted()).toEqual(['malformed', 'malformed']);
  });

  it('never break the receiver, not even with a broken log, socket or callback', async () => {
    const broken = () => {
      throw new Error('broken');
    };
    const { peer } = lonePeer({
      send: broken,
      onNote: broken,
      afterAnswer: broken,
      handle: () => Promise.resolve({}),
    });
    for (const text of ['', call('1'), call('1'), '[2,"1","A",3]', '[3,"9",{}]']) {
      expect(() => peer.receive(text)).not.toThrow();
    }
    await settled();
    expect(() => peer.receive(call('1'))).not.toThrow();
  });
});

describe('a message that is sent again', () => {
  it('gets the same answer and is not handled twice', async () => {
    const { peer, handler, sent, noted } = lonePeer();
    const start = call('1', 'StartTransaction', { idTag: 'A1' });
    peer.receive(start);
    handler.answer({ transactionId: 7 });
    await settled();
    peer.receive(start);
    await settled();
    expect(handler.calls).toHaveLength(1);
    expect(sent).toEqual(['[3,"1",{"transactionId":7}]', '[3,"1",{"transactionId":7}]']);
    expect(noted()).toEqual(['repeated-call']);
  });

  it('while the first is still being handled is answered once per time it was received', async () => {
    const { peer, handler, sent } = lonePeer();
    const start = call('1', 'StartTransaction');
    peer.receive(start);
    peer.receive(call('2'));
    peer.receive(start);
    peer.receive(call('2'));
    handler.answer({ transactionId: 7 });
    await settled();
    expect(sent).toEqual(['[3,"1",{"transactionId":7}]', '[3,"1",{"transactionId":7}]']);
    handler.answer();
    await settled();
    expect(handler.calls).toHaveLength(2);
    expect(sent.slice(2)).toEqual(['[3,"2",{}]', '[3,"2",{}]']);
  });

  it('cannot make us answer without end', async () => {
    const { peer, handler, sent } = lonePeer({ maxInbox: 3 });
    for (let at = 0; at < 10; at += 1) peer.receive(call('1'));
    expect(sent).toHaveLength(6);
    expect(sent.every((text) => text.includes('InternalError'))).toBe(true);
    handler.answer();
    await settled();
    expect(sent.slice(6)).toEqual(['[3,"1",{}]', '[3,"1",{}]', '[3,"1",{}]', '[3,"1",{}]']);
  });

  it('with other content under the same id is a new message', async () => {
    const { peer, handler, sent } = lonePeer();
    peer.receive(call('1', 'MeterValues', { connectorId: 1 }));
    peer.receive(call('1', 'MeterValues', { connectorId: 2 }));
    handler.answer({ first: 1 });
    await settled();
    handler.answer({ second: 2 });
    await settled();
    expect(handler.calls).toHaveLength(2);
    expect(sent).toEqual(['[3,"1",{"first":1}]', '[3,"1",{"second":2}]']);
    peer.receive(call('1', 'MeterValues', { connectorId: 2 }));
    expect(sent[2]).toBe('[3,"1",{"second":2}]');
  });

  it('gets the same refusal too', async () => {
    const { peer, handler, sent } = lonePeer();
    peer.receive(call('1'));
    handler.fail(new RpcError('SecurityError'));
    await settled();
    peer.receive(call('1'));
    expect(sent).toEqual(['[4,"1","SecurityError","",{}]', '[4,"1","SecurityError","",{}]']);
  });

  it('is remembered up to the limit and not beyond', async () => {
    const { peer, handler } = lonePeer({ rememberedAnswers: 2 });
    for (const id of ['1', '2', '3']) {
      peer.receive(call(id));
      handler.answer();
      await settled();
    }
    peer.receive(call('2'));
    peer.receive(call('3'));
    expect(handler.calls).toHaveLength(3);
    peer.receive(call('1'));
    expect(handler.calls).toHaveLength(4);
  });

  it('is always new when no answers are remembered', async () => {
    const { peer, handler } = lonePeer({ rememberedAnswers: 0 });
    peer.receive(call('1'));
    handler.answer();
    await settled();
    peer.receive(call('1'));
    expect(handler.calls).toHaveLength(2);
  });

  it('by a station that uses one id for ever gets the time of day again after a minute', async () => {
    const { peer, handler, sent, time } = lonePeer();
    peer.receive(call('1'));
    handler.answer({ currentTime: '12:00' });
    await settled();
    time.pass(60_000);
    peer.receive(call('1'));
    expect(sent[1]).toBe('[3,"1",{"currentTime":"12:00"}]');
    time.pass(1);
    peer.receive(call('1'));
    handler.answer({ currentTime: '12:01' });
    await settled();
    expect(sent[2]).toBe('[3,"1",{"currentTime":"12:01"}]');
  });

  it('is recognised by its content when it is megabytes long', async () => {
    const { peer, handler, sent } = lonePeer();
    const stop = call('1', 'StopTransaction', { data: 'x'.repeat(3_000_000) });
    const other = call('1', 'StopTransaction', { data: `${'x'.repeat(2_999_999)}y` });
    peer.receive(stop);
    handler.answer();
    await settled();
    peer.receive(stop);
    expect([handler.calls.length, sent.length]).toEqual([1, 2]);
    peer.receive(other);
    expect(handler.calls).toHaveLength(2);
  });
});
