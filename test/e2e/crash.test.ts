import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { Payload } from '../../src/ocpp/frame.js';
import { serve } from '../helpers/program.js';
import { runProgram } from '../helpers/run-command.js';
import { ScriptedStation } from '../helpers/scripted-station.js';
import { until } from '../helpers/until.js';

const directory = mkdtempSync(join(tmpdir(), 'evfleet-crash-'));
const dataDir = join(directory, 'data');

afterEach(() => rmSync(directory, { recursive: true, force: true }));

const run = (...argv: string[]) => runProgram(argv, { env: { EVFLEET_DATA_DIR: dataDir } });

interface Acknowledged {
  answers: number;
  readonly transactions: number[];
  /** Meter values per transaction. */
  readonly samples: Map<number, number>;
  readonly tags: string[];
}

/** A station that starts sessions and reports as fast as it is answered, and keeps account of the answers it got. */
async function chargeUntilCut(url: string, connectorId: number, account: Acknowledged): Promise<void> {
  const station = await ScriptedStation.connect(url, 'CP001');
  const cut = station.closed.then(() => undefined);
  async function call(action: string, payload: Payload): Promise<Payload | undefined> {
    const result = await Promise.race([station.call(action, payload), cut]);
    if (result) account.answers += 1;
    return result;
  }
  for (;;) {
    const meterStart = account.transactions.length;
    const start = { connectorId, idTag: 'ANYONE', meterStart, timestamp: new Date().toISOString() };
    const started = await call('StartTransaction', start);
    if (!started) return;
    const transactionId = Number(started.transactionId);
    account.transactions.push(transactionId);
    for (let reading = 1; reading <= 3; reading += 1) {
      const sampledValue = [{ value: String(1000 * reading) }];
      const meterValue = [{ timestamp: new Date().toISOString(), sampledValue }];
      if (!(await call('MeterValues', { connectorId, transactionId, meterValue }))) return;
      account.samples.set(transactionId, reading);
    }
  }
}

/** Commands that change something at the same time. */
async function createTagsUntilCut(account: Acknowledged, isCut: () => boolean): Promise<void> {
  while (!isCut()) {
    const tag = `T${account.tags.length}`;
    const { exitCode } = await run('tag', 'create', tag, '--if-exists', 'skip');
    if (exitCode === 0) account.tags.push(tag);
  }
}

/** After how many answers and tags the server is killed: at once, in the middle of much, and in between. */
const rounds = [
  { answers: 30, tags: 1 },
  { answers: 1, tags: 0 },
  { answers: 200, tags: 8 },
  { answers: 10, tags: 2 },
];

it('keeps everything that was acknowledged, once, when serve is killed at any moment', async () => {
  await run('station', 'create', 'CP001');
  await run('connector', 'update', 'CP001', '1', '--mode', 'open');
  const account: Acknowledged = { answers: 0, transactions: [], samples: new Map(), tags: [] };

  for (const { answers, tags } of rounds) {
    const server = await serve({ dataDir });
    const [answersMin, tagsMin] = [account.answers + answers, account.tags.length + tags];
    let cut = false;
    const commands = createTagsUntilCut(account, () => cut);
    const charging = chargeUntilCut(server.url, 1, account);
    await until(() => account.answers >= answersMin && account.tags.length >= tagsMin, 'enough');
    await server.kill('SIGKILL');
    cut = true;
    await Promise.all([charging, commands]);
  }

  expect(account.transactions.length).toBeGreaterThan(rounds.length);
  const stored = JSON.parse((await run('session', 'list', '--json')).stdout) as {
    transactionId: number;
  }[];
  const ids = stored.map(({ transactionId }) => transactionId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(account.transactions.filter((id) => !ids.includes(id))).toEqual([]);
  // No number is handed out twice, not even one that nobody was told of.
  expect(new Set(account.transactions).size).toBe(account.transactions.length);

  const last = account.transactions.slice(-3);
  for (const id of last) {
    const samples = JSON.parse((await run('session', 'samples', String(id), '--json')).stdout);
    expect(samples.length).toBeGreaterThanOrEqual(account.samples.get(id) ?? 0);
  }
  const tags = JSON.parse((await run('tag', 'list', '--json')).stdout) as {
    tag: string;
  }[];
  expect(account.tags.filter((tag) => !tags.some((known) => known.tag === tag))).toEqual([]);
});
