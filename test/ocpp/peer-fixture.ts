import type { Payload } from '../../src/ocpp/frame.js';
import type { InboundCall } from '../../src/ocpp/inbound-calls.js';
import { type RpcNote, RpcPeer, type RpcPeerOptions } from '../../src/ocpp/rpc-peer.js';
import { FakeSchedule } from './fake-schedule.js';

/** A handler whose answers the test gives when it wants. */
class ManualHandler {
  readonly calls: InboundCall[] = [];
  readonly #waiting: { resolve: (payload: Payload) => void; reject: (error: unknown) => void }[] = [];

  readonly handle = (call: InboundCall): Promise<Payload> => {
    this.calls.push(call);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  };

  answer(payload: Payload = {}): void {
    this.#waiting.shift()?.resolve(payload);
  }

  fail(error: unknown): void {
    this.#waiting.shift()?.reject(error);
  }
}

/** One peer whose frames the test writes and reads by hand. */
export function lonePeer(options: Partial<RpcPeerOptions> = {}) {
  const time = new FakeSchedule();
  const handler = new ManualHandler();
  const sent: string[] = [];
  const notes: RpcNote[] = [];
  let ids = 0;
  const peer = new RpcPeer({
    send: (text) => void sent.push(text),
    handle: handler.handle,
    newId: () => {
      ids += 1;
      return `m${ids}`;
    },
    schedule: time.schedule,
    now: time.now,
    onNote: (note) => void notes.push(note),
    ...options,
  });
  return { peer, time, handler, sent, notes, noted: () => notes.map(({ kind }) => kind) };
}

/** Two peers on one wire, as a central system and a station are. */
export function wiredPeers(answers: {
  left: (call: InboundCall) => Promise<Payload>;
  right: (call: InboundCall) => Promise<Payload>;
}) {
  const time = new FakeSchedule();
  const wire: string[] = [];
  let ids = 0;
  const common = {
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    schedule: time.schedule,
    now: time.now,
  };
  const left: RpcPeer = new RpcPeer({
    ...common,
    handle: answers.left,
    send: (text) => {
      wire.push(`> ${text}`);
      right.receive(text);
    },
  });
  const right: RpcPeer = new RpcPeer({
    ...common,
    handle: answers.right,
    send: (text) => {
      wire.push(`< ${text}`);
      left.receive(text);
    },
  });
  return { left, right, time, wire };
}
