import { expect, it } from 'vitest';
import { Follower } from '../../src/message-log/follower.js';
import { FrameLines } from '../../src/message-log/frame-line.js';
import { LineReader } from '../../src/message-log/log-line.js';

const { signal } = new AbortController();
const lines = new FrameLines();

function line(id: number, size = 0): string {
  const text = `[2,"m${id}","Heartbeat",{"x":"${'x'.repeat(size)}"}]`;
  return lines.line(0, 'CP1', 'in', 'call', 'Heartbeat', `m${id}`, text, undefined);
}

it.each([
  ['messages', 10_000, 0],
  ['characters', 83, 50_000],
])('who reads slowly misses %s beyond a limit, and is told how many', async (_, kept, size) => {
  const reader = new LineReader({});
  const follower = new Follower(reader, () => 0);
  for (let id = 0; id < 10_500; id += 1) follower.push(line(id, size));
  const taken = (await follower.take(signal)) ?? [];
  expect(taken.length).toBe(kept + 1);
  expect(reader.read(taken[kept - 1] ?? '')?.messageId).toBe(`m${kept - 1}`);
  expect(reader.read(taken[kept] ?? '')).toMatchObject({
    type: 'gap',
    frame: `{"messages":${10_500 - kept},"reason":"read too slowly"}`,
  });
  follower.push(line(7));
  expect((await follower.take(signal))?.length).toBe(1);
});

it('gets only what was asked for, all of one turn together', async () => {
  const follower = new Follower(new LineReader({ messageId: 'm2' }), () => 0);
  const waiting = follower.take(signal);
  for (const id of [1, 2, 3, 2]) follower.push(line(id));
  expect((await waiting)?.length).toBe(2);
});

it('ends with what is left', async () => {
  const follower = new Follower(new LineReader({}), () => 0);
  follower.push(line(1));
  follower.end();
  expect((await follower.take(signal))?.length).toBe(1);
  expect(await follower.take(signal)).toBeUndefined();
});

it('gives up when it is told to, and leaves no listeners behind', async () => {
  const abort = new AbortController();
  let listeners = 0;
  const counting = new Proxy(abort.signal, {
    get(target, name) {
      if (name === 'addEventListener') listeners += 1;
      if (name === 'removeEventListener') listeners -= 1;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const follower = new Follower(new LineReader({}), () => 0);
  for (let id = 0; id < 3; id += 1) {
    const waiting = follower.take(counting);
    follower.push(line(id));
    await waiting;
  }
  expect(listeners).toBe(0);
  const waiting = follower.take(counting);
  abort.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});
