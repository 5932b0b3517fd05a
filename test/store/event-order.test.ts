import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { FleetEvent } from '../../src/domain/model.js';
import { migrate } from '../../src/store/migrations/migrate.js';
import { Sqlite } from '../../src/store/sqlite.js';
import { Transaction } from '../../src/store/transaction.js';
import { temporaryDirectories } from './support/directories.js';
import { asSnapshot } from './support/old-stores.js';
import { openStore, testNow } from './support/open-store.js';

const newDirectory = temporaryDirectories();

function event(kind: string, receivedAt = 5): FleetEvent {
  const station = { stationUuid: 'station-CP1', stationId: 'CP1', connector: null };
  return { at: receivedAt, receivedAt, ...station, kind, detail: '{}' };
}

it('events of a store of version 3 keep their order, and are found by what their kind begins with', async () => {
  const sqlite = await Sqlite.open();
  await migrate(new Transaction(sqlite, 'write'), { isEmpty: true, now: testNow, upTo: 3 });
  const kinds = ['session.suspect', 'station.booted', 'data-transfer.refused', 'session.started', 'odd'];
  for (const [index, kind] of kinds.entries()) {
    // The first two in the same millisecond, the others with a clock that ran backwards.
    const { at, stationUuid, stationId, connector, detail } = event(kind);
    sqlite.run(
      'INSERT INTO event (at, "receivedAt", "stationUuid", "stationId", connector, kind, detail) VALUES (?, ?, ?, ?, ?, ?, ?)',
      [at, 100 - Math.max(1, index), stationUuid, stationId, connector, kind, detail],
    );
  }
  const directory = await newDirectory();
  await writeFile(path.join(directory, 'evfleet.db'), asSnapshot(sqlite));
  sqlite.close();

  const store = await openStore(directory);
  await store.write(({ events }) => events.insert(event('session.ended')));
  const all = await store.read(({ events }) => events.list({}, { limit: 10 }));
  expect(all.map(({ sequence, kind }) => [sequence, kind])).toEqual(
    [...kinds, 'session.ended'].map((kind, index) => [index + 1, kind]).reverse(),
  );
  const sessions = await store.read(({ events }) => events.list({ kind: 'session' }, { limit: 10 }));
  expect(sessions.map(({ sequence }) => sequence)).toEqual([6, 4, 1]);
  const refused = await store.read(({ events }) => events.list({ kind: 'data-transfer' }, { limit: 10 }));
  expect(refused.map(({ sequence }) => sequence)).toEqual([3]);
  await store.close();
});

it('replaying the journal gives events the same numbers', async () => {
  const directory = await newDirectory();
  const store = await openStore(directory, { compactAtBytes: Number.MAX_SAFE_INTEGER });
  for (const kind of ['a.b', 'c', 'd.e'])
    await store.write(async ({ events }) => {
      await events.insert(event(kind));
      await events.insert(event(`${kind}.again`));
    });
  await store.write(({ retention }) => retention.removeEvents({ receivedBefore: 5, limit: 1 }));
  const before = await store.read(({ events }) => events.list({}, { limit: 10 }));
  await store.close();
  const again = await openStore(directory);
  expect(again.recovery.replayedRecords).toBeGreaterThan(2);
  expect(await again.read(({ events }) => events.list({}, { limit: 10 }))).toEqual(before);
  expect(before.map(({ sequence }) => sequence)).toEqual([6, 5, 4, 3, 2, 1]);
  await again.close();
});
