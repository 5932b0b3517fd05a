import type { FleetError } from '../domain/errors.js';
import type { Repositories, Store } from '../domain/repositories.js';
import { asFleetError, type Files, makeDirectory, realFiles } from './files.js';
import { Journal } from './journal.js';
import { acquireLock, type StoreLock } from './lock.js';
import { assertNotNewer, migrate } from './migrations/migrate.js';
import { type Recovery, recover } from './recovery.js';
import { createRepositories } from './repositories/repositories.js';
import { storePaths, writeSnapshot } from './snapshot.js';
import type { Sqlite } from './sqlite.js';
import { Overseer, Transaction } from './transaction.js';

export interface StoreOptions {
  readonly directory: string;
  /** What this process is doing, for others that find the store locked. */
  readonly command: string;
  readonly lockTimeoutMs: number;
  readonly signal?: AbortSignal;
  /** Called once when the disk failed: the process must stop, because memory is ahead of it. */
  readonly onFailure?: (error: FleetError) => void;
  readonly now: () => number;
  readonly files?: Files;
  /** A segment is closed and the next begun when it has grown past this; 16 MiB when left out. */
  readonly segmentMaxBytes?: number;
  /** At start and stop the journal is folded into the snapshot when it is longer than this (4 MiB when left out)… */
  readonly compactAtBytes?: number;
  /** …and than this share of the snapshot; a quarter when left out. */
  readonly compactAtShareOfSnapshot?: number;
}

/** What opening found: how much of the journal was replayed, and the unfinished commit that was cut off. */
export type RecoveryReport = Pick<Recovery, 'replayedRecords' | 'tornBytes'>;

interface Sizes {
  readonly journalBytes: number;
  readonly snapshotBytes: number;
}

interface Parts {
  readonly options: StoreOptions;
  readonly files: Files;
  readonly lock: StoreLock;
  readonly sqlite: Sqlite;
  readonly journal: Journal;
  /** Once opened. */
  readonly sizes: Sizes;
  readonly recovery: RecoveryReport;
}

/**
 * The embedded store: SQLite in memory, every commit journaled and synced before anybody is told of it.
 * One process at a time owns a directory.
 */
export class FleetStore implements Store {
  readonly recovery: RecoveryReport;
  readonly #parts: Parts;
  /** The last transaction in line; each waits for the one before it. */
  #turn: Promise<void> = Promise.resolve();
  readonly #overseer = new Overseer();
  #closing: Promise<void> | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.recovery = parts.recovery;
  }

  /**
   * @throws FleetError STORE_LOCKED, STORE_NEWER, STORE_DAMAGED, STORE_FAILED, or NOT_ALLOWED when the directory is
   * not writable
   */
  static async open(options: StoreOptions): Promise<FleetStore> {
    const files = options.files ?? realFiles;
    const { directory, command, lockTimeoutMs, signal } = options;
    let lock: StoreLock | undefined;
    try {
      await makeDirectory(files, storePaths(directory).journal);
      lock = await acquireLock(directory, {
        command,
        timeoutMs: lockTimeoutMs,
        ...(signal && { signal }),
      });
      return await FleetStore.#openLocked(files, lock, options);
    } catch (error) {
      await lock?.release();
      throw asFleetError(error, directory);
    }
  }

  static async #openLocked(files: Files, lock: StoreLock, options: StoreOptions): Promise<FleetStore> {
    const { directory, segmentMaxBytes } = options;
    const paths = storePaths(directory);
    const recovery = await recover(files, paths.snapshot, paths.journal);
    const { sqlite, sequence, replayedRecords, tornBytes } = recovery;
    const isEmpty = sequence === 0;
    let journal: Journal | undefined;
    try {
      // Before anything on the disk is changed: a newer store is left as it is.
      if (!isEmpty) await assertNotNewer(new Transaction(sqlite, 'read'));
      let sizes: Sizes = recovery;
      let { tail } = recovery;
      if (recovery.isInterruptedCompaction || isWorthCompacting(sizes, options)) {
        const snapshotBytes = await writeSnapshot(files, directory, sqlite, sequence);
        sizes = { journalBytes: 0, snapshotBytes };
        tail = undefined;
      }
      journal = new Journal({
        files,
        directory: paths.journal,
        lastSequence: sequence,
        ...(tail && { tail }),
        onFailure: (error) => options.onFailure?.(error),
        ...(segmentMaxBytes !== undefined && { segmentMaxBytes }),
      });
      await journal.open();
      const report = { replayedRecords, tornBytes };
      const store = new FleetStore({ options, files, lock, sqlite, journal, sizes, recovery: report });
      await store.#transact((transaction) => migrate(transaction, { isEmpty, now: options.now() }));
      return store;
    } catch (error) {
      await journal?.close();
      sqlite.close();
      throw error;
    }
  }

  async read<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    const endTurn = await this.#takeTurn();
    const { sqlite, journal } = this.#parts;
    const transaction = new Transaction(sqlite, 'read');
    try {
      return await this.#overseer.watch(work(createRepositories(transaction)));
    } finally {
      const seen = journal.sequence;
      transaction.end();
      this.#overseer.rest();
      endTurn();
      // Nobody may learn, by an answer or by a refusal, of a change that a power cut could still take back.
      await journal.synced(seen);
    }
  }

  write<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    return this.#transact((transaction) => work(createRepositories(transaction)));
  }

  /** Finishes what is under way, folds a long journal into the snapshot and gives the directory free. */
  close(): Promise<void> {
    this.#closing ??= this.#waitInLine().then((endTurn) => this.#shutDown().finally(endTurn));
    return this.#closing;
  }

  async #shutDown(): Promise<void> {
    const { sqlite, journal, sizes, files, options, lock } = this.#parts;
    try {
      await journal.close();
      const { snapshotBytes } = sizes;
      const journalBytes = sizes.journalBytes + journal.appendedBytes;
      // After a failure memory is ahead of the disk and must not become the snapshot.
      if (journal.isSound && isWorthCompacting({ journalBytes, snapshotBytes }, options)) {
        await writeSnapshot(files, options.directory, sqlite, journal.sequence);
      }
    } catch (error) {
      throw asFleetError(error, options.directory);
    } finally {
      sqlite.close();
      await lock.release();
    }
  }

  async #transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const endTurn = await this.#takeTurn();
    const { sqlite, journal } = this.#parts;
    const transaction = new Transaction(sqlite, 'write');
    try {
      journal.assertSound();
      sqlite.run('BEGIN', []);
      try {
        const result = await this.#overseer.watch(work(transaction));
        // Before the commit: a change that the journal does not take must not stay in memory either.
        if (transaction.changes.length > 0) journal.append(transaction.changes);
        sqlite.run('COMMIT', []);
        return result;
      } catch (error) {
        sqlite.run('ROLLBACK', []);
        throw error;
      }
    } finally {
      const seen = journal.sequence;
      transaction.end();
      this.#overseer.rest();
      endTurn();
      await journal.synced(seen);
    }
  }

  async #takeTurn(): Promise<() => void> {
    if (this.#closing !== undefined) throw new Error('The store is closed.');
    return this.#waitInLine();
  }

  async #waitInLine(): Promise<() => void> {
    const before = this.#turn;
    let endTurn = (): void => undefined;
    this.#turn = new Promise((resolve) => {
      endTurn = resolve;
    });
    await before;
    return endTurn;
  }
}

function isWorthCompacting({ journalBytes, snapshotBytes }: Sizes, options: StoreOptions): boolean {
  const { compactAtBytes = 4 * 1024 * 1024, compactAtShareOfSnapshot = 0.25 } = options;
  return journalBytes > Math.max(compactAtBytes, snapshotBytes * compactAtShareOfSnapshot);
}
