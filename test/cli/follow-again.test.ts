import { Ansis } from 'ansis';
import { expect, it } from 'vitest';
import { followedAgain } from '../../src/cli/follow.js';
import { acrossRestarts } from '../../src/cli/follow-again.js';
import { ConnectionLost } from '../../src/cli/remote/http-transport.js';
import { FleetError } from '../../src/domain/errors.js';

interface Row {
  readonly n: number;
}

type Script = readonly (readonly number[] | FleetError)[];

const lost = new FleetError('SERVER_UNREACHABLE', 'The connection was lost.');

async function* played(script: Script): AsyncGenerator<readonly Row[]> {
  for (const step of script) {
    if (step instanceof FleetError) throw step;
    yield step.map((n) => ({ n }));
  }
}

/** What comes of a stream, and of those that follow it; undefined where no server is there. It ends after the last. */
async function follow(first: Script, later: readonly (Script | undefined | FleetError)[]) {
  const abort = new AbortController();
  const said: string[] = [];
  const tails: number[] = [];
  const left = [...later];
  const rows: number[] = [];
  const stream = acrossRestarts(played(first), {
    signal: abort.signal,
    async open(tail) {
      tails.push(tail);
      const next = left.shift();
      if (next instanceof FleetError) throw next;
      return next && played(next);
    },
    async pause() {
      if (left.length === 0) abort.abort();
    },
    changed: (isServed) => void said.push(isServed ? 'back' : 'stopped'),
  });
  for await (const batch of stream) rows.push(...batch.map(({ n }) => n));
  return { rows, said, tails };
}

it('goes on where it was, with what happened meanwhile, and nothing twice', async () => {
  const { rows, said, tails } = await follow(
    [[1, 2], [3]],
    [undefined, lost, [[2, 3, 4], [5], lost], [[4, 5]]],
  );
  expect(rows).toEqual([1, 2, 3, 4, 5]);
  expect(said).toEqual(['stopped', 'back', 'stopped', 'back', 'stopped']);
  expect(tails).toEqual([1000, 1000, 1000, 1000]);
});

it('takes all for new when none of so many was seen, as after a very long time', async () => {
  const many = Array.from({ length: 1000 }, (_, index) => index + 7);
  const halves = [many.slice(0, 500), many.slice(500)];
  expect((await follow([[1]], [halves, undefined])).rows).toEqual([1, ...many]);
});

it('asks for nothing of before when nothing came', async () => {
  const { rows, tails } = await follow([[]], [[[], [9]], undefined]);
  expect(rows).toEqual([9]);
  expect(tails).toEqual([0, 1000]);
});

it('goes on where nothing had happened yet', async () => {
  const cut = new ConnectionLost('The connection was lost.', {});
  expect((await follow([cut], [[[1]]])).rows).toEqual([1]);
  expect((await follow([], [[[1]]])).rows).toEqual([1]);
});

it('fails when there is no server to begin with, and for any other reason', async () => {
  await expect(follow([lost], [[[1]]])).rejects.toBe(lost);
  const refused = new FleetError('NOT_ALLOWED', 'Not any more.');
  await expect(follow([[1], refused], [[[1]]])).rejects.toBe(refused);
  await expect(follow([[1]], [refused, undefined])).rejects.toBe(refused);
});

it('is for people only: a program is told by the exit code', () => {
  const terminal = {
    isTTY: true,
    columns: 80,
    isUnicode: true,
    paint: new Ansis(0),
    utc: true,
    now: () => 0,
  };
  const command = {
    signal: new AbortController().signal,
    terminal,
    server: undefined,
    storeOptions: { dataDir: '/nonexistent', lockTimeoutMs: 0, signal: new AbortController().signal },
    say: () => undefined,
    jsonEnabled: () => false,
    print: async () => undefined,
    streamJsonLines: async () => undefined,
  };
  const first = played([]);
  const open = () => played([]);
  expect(followedAgain({ ...command, terminal: { ...terminal, isTTY: false } }, first, open)).toBe(first);
  expect(followedAgain({ ...command, jsonEnabled: () => true }, first, open)).toBe(first);
  expect(followedAgain(command, first, open)).not.toBe(first);
});
