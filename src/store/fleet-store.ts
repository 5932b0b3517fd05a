import type { CompiledQuery } from 'kysely';
import { FleetError } from '../domain/errors.js';
import type { Repositories, Store } from '../domain/repositories.js';
import { type Files, hasCode, realFiles } from './files.js';
import { Journal } from './journal.js';
import type { JournalStatement } from './journal-record.js';
import { acquireLock, type StoreLock } from './lock.js';
import { migrate } from './migrations/migrate.js';
import type { Executor } from './queries.js';
import { type Recovery, recover } from './recovery.js';
import { createRepositories } from './repositories/repositories.js';
import { storePaths, writeSnapshot } from './snapshot.js';
import type { Sqlite } from './sqlite.js';

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
}

/** What opening found: how much of the journal was replayed, and the unfinished commit that was cut off. */
export type RecoveryReport = Pick<Recovery, 'replayedRecords' | 'tornBytes'>;

/** At start and stop the journal is folded into the snapshot when it is longer than both of these. */
const compactAtBytes = 4 * 1024 * 1024;
const compactAtShareOfSnapshot = 0.25;

function isWorthCompacting(journalBytes: number, snapshotBytes: number): boolean {
  return journalBytes > Math.max(compactAtBytes, snapshotBytes * compactAtShareOfSnapshot);
}

interface Parts {
  readonly options: StoreOptions;
  readonly files: Files;
  readonly lock: StoreLock;
  readonly recovery: Recovery;
  readonly journal: Journal;
}

/**
 * The embedded store: SQLite in memory, every commit journaled and synced before anybody is told of it.
 * One process at a time owns a directory.
 */
export class FleetStore implements Store {
  readonly recovery: RecoveryReport;
  readonly #parts: Parts;
  readonly #sqlite: Sqlite;
  readonly #executor: Executor;
  readonly #repositories: Repositories;
  /** The last transaction in line; each waits for the one before it. */
  #turn: Promise<void> = Promise.resolve();
  /** The changes of the write transaction under way. */
  #transaction: 'none' | 'read' | JournalStatement[] = 'none';

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#sqlite = parts.recovery.sqlite;
    this.recovery = parts.recovery;
    this.#executor = this.#createExecutor();
    this.#repositories = createRepositories(this.#executor);
  }

  /**
   * @throws FleetError STORE_LOCKED, STORE_NEWER, STORE_DAMAGED, or NOT_ALLOWED when the directory is not writable
   */
  static async open(options: StoreOptions): Promise<FleetStore> {
    const files = options.files ?? realFiles;
    const { directory, command, lockTimeoutMs, signal } = options;
    await prepareDirectory(files, directory);
    const lock = await acquireLock(directory, {
      command,
      timeoutMs: lockTimeoutMs,
      ...(signal && { signal }),
    });
    try {
      const paths = storePaths(directory);
      const recovery = await recover(files, paths.snapshot, paths.journal);
      const compact = isWorthCompacting(recovery.journalBytes, recovery.snapshotBytes);
      if (compact) await writeSnapshot(files, directory, recovery.sqlite, recovery.sequence);
      const journal = new Journal({
        files,
        directory: paths.journal,
        lastSequence: recovery.sequence,
        ...(!compact && recovery.tail && { tail: recovery.tail }),
        onFailure: (error) => options.onFailure?.(error),
      });
      await journal.open();
      const store = new FleetStore({ options, files, lock, recovery, journal });
      await store.#transact(() =>
        migrate(store.#executor, { isEmpty: recovery.sequence === 0, now: options.now() }),
      );
      return store;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async read<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    const endTurn = await this.#takeTurn();
    let result: T;
    let seen: number;
    try {
      this.#transaction = 'read';
      result = await work(this.#repositories);
      seen = this.#parts.journal.sequence;
    } finally {
      endTurn();
    }
    // Nobody may learn of a change that a power cut could still take back.
    await this.#parts.journal.synced(seen);
    return result;
  }

  write<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    return this.#transact(() => work(this.#repositories));
  }

  /** Finishes what is under way, folds a long journal into the snapshot and gives the directory free. */
  async close(): Promise<void> {
    const endTurn = await this.#takeTurn();
    const { journal, recovery, files, options, lock } = this.#parts;
    try {
      await journal.close();
      const journalBytes = recovery.journalBytes + journal.appendedBytes;
      // After a failure memory is ahead of the disk and must not become the snapshot.
      if (journal.isSound && isWorthCompacting(journalBytes, recovery.snapshotBytes)) {
        await writeSnapshot(files, options.directory, this.#sqlite, journal.sequence);
      }
      this.#sqlite.close();
    } finally {
      await lock.release();
      endTurn();
    }
  }

  async #transact<T>(work: () => Promise<T>): Promise<T> {
    const endTurn = await this.#takeTurn();
    const { journal } = this.#parts;
    let sequence: number;
    let result: T;
    try {
      journal.assertSound();
      const changes: JournalStatement[] = [];
      this.#transaction = changes;
      this.#sqlite.run('BEGIN', []);
      try {
        result = await work();
        this.#sqlite.run('COMMIT', []);
      } catch (error) {
        this.#sqlite.run('ROLLBACK', []);
        throw error;
      }
      sequence = changes.length > 0 ? journal.append(changes) : journal.sequence;
    } finally {
      endTurn();
    }
    await journal.synced(sequence);
    return result;
  }

  async #takeTurn(): Promise<() => void> {
    const before = this.#turn;
    let next = (): void => undefined;
    this.#turn = new Promise((resolve) => {
      next = resolve;
    });
    await before;
    return () => {
      this.#transaction = 'none';
      next();
    };
  }

  #createExecutor(): Executor {
    return {
      all: async <Row>(query: CompiledQuery<Row>) => {
        if (this.#transaction === 'none') throw new Error('A query ran outside of its transaction.');
        return this.#sqlite.all(query.sql, query.parameters) as Row[];
      },
      run: async (query) => {
        if (!Array.isArray(this.#transaction))
          throw new Error('A change ran outside of a write transaction.');
        const changed = this.#sqlite.run(query.sql, query.parameters);
        this.#transaction.push({ sql: query.sql, parameters: query.parameters });
        return changed;
      },
    };
  }
}

async function prepareDirectory(files: Files, directory: string): Promise<void> {
  try {
    await files.mkdir(directory, { recursive: true, mode: 0o700 });
    await files.mkdir(storePaths(directory).journal, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST')) throw error;
    throw new FleetError(
      'NOT_ALLOWED',
      `The data directory ${directory} cannot be written: ${String(error)}.`,
      {
        cause: error,
        suggestions: ['Choose another one with --data-dir or EVFLEET_DATA_DIR, or change its owner.'],
      },
    );
  }
}
