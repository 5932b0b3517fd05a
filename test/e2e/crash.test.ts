import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { evfleet, serve } from '../helpers/program.js';

const directory = mkdtempSync(join(tmpdir(), 'evfleet-crash-'));
const dataDir = join(directory, 'data');

afterEach(() => rmSync(directory, { recursive: true, force: true }));

interface Acknowledged {
  readonly transactions: number[];
  /** Meter values per transaction. */
  readonly samples: Map<number, number>;
  readonly tags: string[];
}

/** A station that starts sessions and reports as fast as it is answered, and keeps account of the answers it got. */
async function chargeUntilCut(url: string, connector: number, account: Acknowledged): Promise<void> {
  const socket = new WebSocket(`${url}CP001`, 'ocpp1.6');
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const cut = new Promise<never>((_resolve, reject) => {
    socket.once('close', () => reject(new Error('cut')));
  });
  cut.catch(() => undefined);
  let sequence = 0;
  async function call(action: string, payload: object): Promise<{ transactionId: number }> {
    sequence += 1;
    const answer = new Promise<string>((resolve) =>
      socket.once('message', (data) => resolve(data.toString())),
    );
    socket.send(JSON.stringify([2, String(sequence), action, payload]));
    const [type, , result] = JSON.parse(await Promise.race([answer, cut]));
    expect(type).toBe(3);
    return result;
  }
  try {
    for (;;) {
      const timestamp = new Date().toISOString();
      const start = {
        connectorId: connector,
        idTag: 'ANYONE',
        meterStart: account.transactions.length,
        timestamp,
      };
      const { transactionId } = await call('StartTransaction', start);
      account.transactions.push(transactionId);
      for (let reading = 1; reading <= 3; reading += 1) {
        const meterValue = [
          { timestamp: new Date().toISOString(), sampledValue: [{ value: String(1000 * reading) }] },
        ];
        await call('MeterValues', { connectorId: connector, transactionId, meterValue });
        account.samples.set(transactionId, reading);
      }
    }
  } catch (error) {
    if (!(error instanceof Error && error.message === 'cut')) throw error;
  }
}

/** Commands that change something at the same time. */
async function createTagsUntilCut(account: Acknowledged, isCut: () => boolean): Promise<void> {
  while (!isCut()) {
    const tag = `T${account.tags.length}`;
    const { code } = await evfleet(['tag', 'create', tag, '--if-exists', 'skip'], { dataDir });
    if (code === 0) account.tags.push(tag);
  }
}

it('keeps everything that was acknowledged, once, when serve is killed at any moment', async () => {
  await evfleet(['station', 'create', 'CP001'], { dataDir });
  await evfleet(['connector', 'update', 'CP001', '1', '--mode', 'open'], { dataDir });
  const account: Acknowledged = { transactions: [], samples: new Map(), tags: [] };

  for (const aliveMs of [150, 40, 400, 90]) {
    const server = await serve({ dataDir });
    let cut = false;
    const commands = createTagsUntilCut(account, () => cut);
    const charging = chargeUntilCut(server.url, 1, account);
    await new Promise((resolve) => setTimeout(resolve, aliveMs));
    await server.kill('SIGKILL');
    cut = true;
    await Promise.all([charging, commands]);
  }

  expect(account.transactions.length).toBeGreaterThan(4);
  const stored = JSON.parse((await evfleet(['session', 'list', '--json'], { dataDir })).stdout) as {
    transactionId: number;
  }[];
  const ids = stored.map(({ transactionId }) => transactionId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(account.transactions.filter((id) => !ids.includes(id))).toEqual([]);
  // No number is handed out twice, not even one that nobody was told of.
  expect(new Set(account.transactions).size).toBe(account.transactions.length);

  const last = account.transactions.slice(-3);
  for (const id of last) {
    const samples = JSON.parse(
      (await evfleet(['session', 'samples', String(id), '--json'], { dataDir })).stdout,
    );
    expect(samples.length).toBeGreaterThanOrEqual(account.samples.get(id) ?? 0);
  }
  const tags = JSON.parse((await evfleet(['tag', 'list', '--json'], { dataDir })).stdout) as {
    tag: string;
  }[];
  expect(account.tags.filter((tag) => !tags.some((known) => known.tag === tag))).toEqual([]);
}, 60_000);
