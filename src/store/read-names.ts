import { stat } from 'node:fs/promises';
import type { Named, NameQuery } from '../domain/names.js';
import { realFiles } from './files.js';
import { listSegments } from './journal-segment.js';
import { newestMigration } from './migrations/newest.js';
import { loadSnapshot, replaySegments } from './replay.js';
import { createNameRepository } from './repositories/names.js';
import { storePaths } from './snapshot.js';
import type { Sqlite } from './sqlite.js';
import { Transaction } from './transaction.js';

/** A larger store takes longer to read than anybody waits for. */
const storeMaxBytes = 96 * 1024 * 1024;
/** Of the journal less: each of its records is run. */
const journalMaxBytes = 6 * 1024 * 1024;

/**
 * Names out of a store that nobody has to have open: it is read past the lock and copied into memory, and not a byte of
 * the directory is changed. Somebody may write to it at the same time: then a half-written record, or a snapshot that
 * goes with other segments, is found out as damage is. Nothing is lost by giving nothing then, so nothing is waited for.
 * @returns nothing as well when there is no store, when it is too large to be quick, or another version's
 * @throws Error for whatever cannot be read; nobody has to be told
 */
export async function readNames(directory: string, query: NameQuery): Promise<readonly Named[]> {
  const { snapshot, journal } = storePaths(directory);
  const segments = await listSegments(realFiles, journal);
  const [snapshotBytes, journalBytes] = await Promise.all([sizeOf([snapshot]), sizeOf(segments)]);
  if (snapshotBytes > storeMaxBytes || journalBytes > journalMaxBytes) return [];
  const loaded = await loadSnapshot(realFiles, snapshot);
  const { sqlite } = loaded;
  try {
    const { sequence } = await replaySegments(realFiles, loaded, segments, { lastMayBeTorn: true });
    if (sequence === 0 || versionOf(sqlite) !== newestMigration) return [];
    return await createNameRepository(new Transaction(sqlite, 'read')).list(query);
  } finally {
    sqlite.close();
  }
}

/** Together; what is not there is empty. */
async function sizeOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function versionOf(sqlite: Sqlite): number {
  const [row] = sqlite.all('select max("version") as "version" from "migration"', []);
  return Number(row?.version ?? 0);
}
