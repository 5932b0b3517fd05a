import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import AlarmOutboxDrop from '../../../commands/alarm/outbox/drop.js';
import AlarmOutboxList from '../../../commands/alarm/outbox/list.js';
import AlarmOutboxRetry from '../../../commands/alarm/outbox/retry.js';
import type { Repositories } from '../../../src/domain/repositories.js';
import { FleetStore } from '../../../src/store/fleet-store.js';
import { testStart } from '../../helpers/fake-clock.js';
import { runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { newOutboxMessage } from '../../store/support/fixtures.js';

async function outbox() {
  const directory = await temporaryDirectory();
  const env = { EVFLEET_DATA_DIR: directory };
  const inStore = async <T>(work: (r: Repositories) => Promise<T>): Promise<T> => {
    const options = { directory, command: randomUUID(), lockTimeoutMs: 0, now: () => testStart };
    const store = await FleetStore.open(options);
    try {
      return await store.write(work);
    } finally {
      await store.close();
    }
  };
  const ended = { nextAttemptAt: null, endedAt: testStart };
  await inStore(async (r) => {
    await r.outbox.insert(newOutboxMessage({ ...ended, state: 'sent', subject: 'One' }));
    await r.outbox.insert(newOutboxMessage({ ...ended, state: 'dead', lastError: '550 no', attempts: 1 }));
    await r.outbox.insert(newOutboxMessage({ createdAt: testStart, nextAttemptAt: testStart }));
    await r.outbox.insert(newOutboxMessage({ nextAttemptAt: null }));
    const hook = { channel: 'webhook', recipient: 'https://example.org/x' } as const;
    await r.outbox.insert(newOutboxMessage({ ...ended, ...hook, state: 'dead' }));
  });
  const due = () =>
    inStore(async (r) =>
      (await r.outbox.list({}, { limit: 99 }))
        .reverse()
        .map(({ state, nextAttemptAt }) => `${state}${nextAttemptAt === null ? '' : ' due'}`),
    );
  return {
    due,
    list: (...argv: string[]) => runCommand(AlarmOutboxList, argv, { env, id: 'alarm:outbox:list' }),
    retry: (...argv: string[]) => runCommand(AlarmOutboxRetry, argv, { env, id: 'alarm:outbox:retry' }),
    drop: (...argv: string[]) => runCommand(AlarmOutboxDrop, argv, { env, id: 'alarm:outbox:drop' }),
  };
}

describe('alarm outbox list', () => {
  it('is a list like others, newest first', async () => {
    const { list } = await outbox();
    expect((await list('-q')).stdout).toBe('5\n4\n3\n2\n1\n');
    expect((await list('--state', 'dead', '-q')).stdout).toBe('5\n2\n');
    expect((await list('--recipient', 'ADA@example.org', '--channel', 'mail', '-q')).stdout).toBe(
      '4\n3\n2\n1\n',
    );
    expect((await list('--limit', '1', '--sort', 'id', '--columns', 'id,subject')).stdout).toBe(
      'id\tsubject\n1\tOne\n',
    );
    expect((await list('--state', 'dropped', '--json')).json).toEqual([]);
  });

  it('with --json gives every field', async () => {
    const { list } = await outbox();
    expect((await list('--json', '--filter', 'id=2')).json).toEqual([
      {
        id: 2,
        channel: 'mail',
        recipient: 'ada@example.org',
        kind: 'test',
        subject: 'A test',
        state: 'dead',
        attempts: 1,
        createdAt: expect.stringMatching(/Z$/),
        nextAttemptAt: null,
        endedAt: '2026-05-04T10:00:00.000Z',
        lastError: '550 no',
        messageId: '<1@example.org>',
      },
    ]);
  });
});

describe('alarm outbox retry', () => {
  it('puts messages back, in their place before later ones to the same recipient', async () => {
    const { retry, due } = await outbox();
    expect((await retry('2', '2')).stderr).toBe('1 message to be sent.\n');
    expect(await due()).toEqual(['sent', 'pending due', 'pending', 'pending', 'dead']);
  });

  it('puts all back that were given up', async () => {
    const { retry, due } = await outbox();
    expect((await retry('--all-dead', '--json')).json).toEqual({ messages: 2 });
    expect(await due()).toEqual(['sent', 'pending due', 'pending', 'pending', 'pending due']);
  });

  it.each([
    [['1'], 6, 'Message 1 was sent already.'],
    [['2', '99'], 5, 'There is no message 99 in the outbox.'],
    [[], 2, 'No message was named.'],
    [['x'], 2, 'A message has a number, not "x".'],
    [['2', '--all-dead'], 2, 'Either messages are named, or all that were given up are meant.'],
  ])('of %j ends with %i', async (argv, code, message) => {
    const { retry, due } = await outbox();
    const before = await due();
    const { exitCode, json } = await retry(...argv, '--json');
    expect([exitCode, json]).toMatchObject([code, { error: { message } }]);
    expect(await due()).toEqual(before);
  });
});

describe('alarm outbox drop', () => {
  it('throws messages away, and the next has its turn', async () => {
    const { drop, due } = await outbox();
    expect((await drop('2', '3', '--yes')).stderr).toBe('2 messages dropped.\n');
    expect(await due()).toEqual(['sent', 'dropped', 'dropped', 'pending due', 'dead']);
  });

  it('asks first, and drops nothing that was sent', async () => {
    const { drop, due } = await outbox();
    expect((await drop('2')).exitCode).toBe(2);
    expect((await drop('2', '1', '--yes')).exitCode).toBe(6);
    expect((await due())[1]).toBe('dead');
  });
});
