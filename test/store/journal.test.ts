import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Files } from '../../src/store/files.js';
import { Journal } from '../../src/store/journal.js';
import { readSegment } from '../../src/store/journal-segment.js';
import { codeOf, firstSegment, journalDirectory, statementsOf } from './support/journals.js';
import { MemoryDisk } from './support/memory-disk.js';

function openJournal(files: Files): Journal {
  const onFailure = (error: Error) => {
    throw error;
  };
  return new Journal({ files, directory: journalDirectory, lastSequence: 0, onFailure });
}

/** A disk on which the test decides when a sync is done. */
function steppedDisk() {
  const disk = new MemoryDisk();
  const waiting: (() => void)[] = [];
  const open = disk.files.open.bind(disk.files);
  const files: Files = {
    ...disk.files,
    open: async (...args: Parameters<typeof open>) => {
      const handle = await open(...args);
      // The handle of a directory has none.
      const datasync = handle.datasync?.bind(handle);
      handle.datasync = () => new Promise<void>((resolve) => waiting.push(resolve)).then(datasync);
      return handle;
    },
  };
  const finishSync = async () => {
    while (waiting.length === 0) await nextTurn();
    waiting.shift()?.();
  };
  return { disk, files, finishSync, waiting };
}

describe('the journal', () => {
  it('tells of a commit when its sync is done, and not before', async () => {
    const { files, finishSync, waiting } = steppedDisk();
    const journal = openJournal(files);
    const told: number[] = [];
    const first = journal.synced(journal.append(statementsOf(1))).then(() => told.push(1));
    while (waiting.length === 0) await nextTurn();
    const second = journal.synced(journal.append(statementsOf(2))).then(() => told.push(2));
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    expect(told).toEqual([]);
    await finishSync();
    await first;
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    expect(told).toEqual([1]);
    await finishSync();
    await second;
    expect(told).toEqual([1, 2]);
    await journal.close();
  });

  it('has each batch testify to the one before it, also if it was queued before that was on disk', async () => {
    const { disk, files, finishSync, waiting } = steppedDisk();
    const journal = openJournal(files);
    journal.append(statementsOf(1));
    while (waiting.length === 0) await nextTurn();
    const first = disk.get(firstSegment).length;
    journal.append(statementsOf(2));
    await finishSync();
    await finishSync();
    await journal.close();
    const bytes = Buffer.from(disk.get(firstSegment));
    expect(readSegment(firstSegment, bytes, { isLast: true }).records.length).toBe(2);
    bytes[first - 1] = 0;
    expect(codeOf(() => readSegment(firstSegment, bytes, { isLast: true }))).toBe('STORE_DAMAGED');
  });

  it('never says that something is on disk once it is closed', async () => {
    const reported: Error[] = [];
    const journal = new Journal({
      files: new MemoryDisk().files,
      directory: journalDirectory,
      lastSequence: 0,
      onFailure: (error) => reported.push(error),
    });
    journal.append(statementsOf(1));
    await journal.close();
    const late = journal.synced(journal.append(statementsOf(2)));
    await expect(late).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(reported.length).toBe(1);
  });
});
