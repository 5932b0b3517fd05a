import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FleetStore } from '../src/store/fleet-store.js';
import { exportSnapshot, openSnapshot } from '../src/store/replay.js';

/** Opens a store as the server does, in this process. */
export function openStore(directory: string): Promise<FleetStore> {
  return FleetStore.open({ directory, command: 'bench', lockTimeoutMs: 0, now: () => Date.now() });
}

/** Makes a store with so many ended sessions and an empty journal. Half a kilobyte each, indices included. */
export async function createStoreWithSessions(directory: string, sessions: number): Promise<void> {
  const store = await openStore(directory);
  await store.compact();
  await store.close();
  const file = join(directory, 'evfleet.db');
  const { sqlite, sequence } = await openSnapshot(readFileSync(file), file);
  // Straight into SQLite, because a million transactions would take minutes.
  sqlite.run(manySessions, [sessions]);
  for (const counter of ['transactionId', 'sessions']) {
    sqlite.run('INSERT OR REPLACE INTO counter (name, value) VALUES (?, ?)', [counter, sessions]);
  }
  writeFileSync(file, exportSnapshot(sqlite, sequence));
  sqlite.close();
}

const manySessions = `
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
  INSERT INTO session (transactionId, uuid, stationUuid, stationId, stationName, siteUuid, siteName, connector,
    authentication, tag, tagKey, startedAt, stoppedAt, meterStartWh, meterStopWh, stopReason, state, receivedAt, verdict)
  SELECT i, printf('%08x-0000-4000-8000-%012x', i, i), printf('%08x-0000-4000-8000-%012x', i % 1000, i % 1000),
    printf('CP%04d', i % 1000), printf('CP%04d', i % 1000), printf('%08x-1111-4000-8000-%012x', i % 20, i % 20),
    printf('Site %d', i % 20), 1 + i % 2, 'rfid', printf('TAG%05d', i % 20000), printf('tag%05d', i % 20000),
    1600000000000 + i * 60000, 1600003600000 + i * 60000, i * 10, i * 10 + 11000, 'Local', 'ended',
    1600000000000 + i * 60000, 'Accepted'
  FROM n`;
