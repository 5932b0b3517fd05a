import type { MeterSample } from '../domain/model.js';
import type { MeterStore, Repositories } from '../domain/repositories.js';
import type {
  BackupResult,
  CompactionResult,
  StoreAdmin,
  StoreCheck,
  StoreInfo,
} from '../domain/store-admin.js';
import { Database } from './database.js';
import { asFleetError, type Files, makeDirectory, realFiles } from './files.js';
import { Journal } from './journal.js';
import { acquireLock, type StoreLock } from './lock.js';
import { newestMigration } from './migrations/newest.js';
import { assertNotNewer } from './migrations/store-version.js';
import type { Executor } from './queries.js';
import { recover } from './recovery.js';
import { createRepositories } from './repositories/repositories.js';
import { toSampleRow } from './repositories/samples.js';
import { sealSecrets } from './repositories/settings.js';
import { finishRestore } from './restore.js';
import { SettingVault } from './setting-vault.js';
import { storePaths, writeSnapshot } from './snapshot.js';
import type { Sqlite } from './sqlite.js';
import { type CompactionLimits, StoreFiles } from './store-files.js';
import { describeContent, measureFiles } from './store-info.js';
import { jobsHere } from './store-job.js';
import type { RecoveryReport, StoreFigures, StoreOptions } from './store-options.js';
import { Overseer, Transaction } from './transaction.js';
import { Turns } from './turns.js';
import { isWorthCompacting } from './worth-compacting.js';
import { assertStorableRows, toStatements } from './write-behind.js';

interface Parts {
  readonly options: StoreOptions;
  readonly files: Files;
  readonly lock: StoreLock;
  readonly sqlite: Sqlite;
  readonly journal: Journal;
  readonly storeFiles: StoreFiles;
  readonly recovery: RecoveryReport;
}

/**
 * The embedded store: SQLite in memory, every commit journaled and synced before anybody is told of it.
 * One process at a time owns a directory.
 */
export class FleetStore implements MeterStore, StoreAdmin {
  readonly recovery: RecoveryReport;
  readonly #parts: Parts;
  readonly #turns = new Turns();
  readonly #overseer = new Overseer();
  readonly #counts = { reads: 0, writes: 0, failedWrites: 0 };
  readonly #database: Database;
  readonly #vault: SettingVault;
  #closing: Promise<void> | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.recovery = parts.recovery;
    this.#vault = new SettingVault(parts.options.directory);
    this.#database = new Database(parts.sqlite, (error) => parts.journal.fail(error));
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
    await finishRestore(files, directory);
    const recovery = await recover(files, paths.snapshot, paths.journal);
    const { sqlite, sequence, replayedRecords, tornBytes } = recovery;
    const isEmpty = sequence === 0;
    let journal: Journal | undefined;
    try {
      // Before anything on the disk is changed: a newer store is left as it is.
      const version = isEmpty ? 0 : await assertNotNewer(new Transaction(sqlite, 'read'));
      let { tail, segments, journalBytes, snapshotSequence, snapshotBytes } = recovery;
      const canWait = !recovery.isInterruptedCompaction;
      const written =
        (!canWait || isWorthCompacting(recovery, options)) &&
        (await writeSnapshot(files, directory, { sqlite, sequence, canWait }));
      if (written) {
        snapshotBytes = written;
        tail = undefined;
        segments = 0;
        journalBytes = 0;
        snapshotSequence = sequence;
      }
      let storeFiles: StoreFiles | undefined;
      journal = new Journal({
        files,
        directory: paths.journal,
        lastSequence: sequence,
        ...(tail && { tail }),
        onFailure: (error) => options.onFailure?.(error),
        onSegmentBegun: () => storeFiles?.segmentBegun(),
        ...(segmentMaxBytes !== undefined && { segmentMaxBytes }),
      });
      await journal.open();
      storeFiles = new StoreFiles({
        files,
        directory,
        journal,
        runJob: options.runJob ?? jobsHere(files),
        initial: { segments, bytes: journalBytes, snapshotSequence, snapshotBytes },
        limits: options.compactionLimits,
        onNotice: (level, message) => options.onNotice?.(level, message),
      });
      const report = { replayedRecords, tornBytes };
      const store = new FleetStore({ options, files, lock, sqlite, journal, storeFiles, recovery: report });
      if (version < newestMigration) {
        // Seldom needed, and long to load.
        const { migrate } = await import('./migrations/migrate.js');
        await store.#transact((transaction) => migrate(transaction, { isEmpty, now: options.now() }));
      }
      await store.#lookAtSecrets();
      return store;
    } catch (error) {
      await journal?.close();
      sqlite.close();
      throw error;
    }
  }

  read<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    return this.#query((transaction) => work(createRepositories(transaction, this.#vault)));
  }

  async #query<T>(work: (executor: Executor) => Promise<T>): Promise<T> {
    const endTurn = await this.#takeTurn();
    const { journal } = this.#parts;
    const transaction = new Transaction(this.#database, 'read');
    this.#counts.reads += 1;
    try {
      return await this.#overseer.watch(work(transaction));
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
    return this.#transact((transaction) => work(createRepositories(transaction, this.#vault)));
  }

  async addSamples(samples: readonly MeterSample[], registers: ReadonlyMap<number, number>): Promise<void> {
    if (this.#closing !== undefined) throw new Error('The store is closed.');
    const { journal } = this.#parts;
    if (this.#turns.isFree) return journal.synced(this.#defer(samples, registers));
    // What is under way does not expect the database to change.
    const endTurn = await this.#takeTurn();
    let sequence: number;
    try {
      sequence = this.#defer(samples, registers);
    } finally {
      endTurn();
    }
    return journal.synced(sequence);
  }

  async #lookAtSecrets(): Promise<void> {
    const unreadable = await this.#transact((transaction) => sealSecrets(transaction, this.#vault));
    if (unreadable.length === 0) return;
    const { onNotice } = this.#parts.options;
    onNotice?.('warn', `the key of these secrets is not here, set them again: ${unreadable.join(', ')}`);
  }

  /** Gives them to the journal now and to the database later; returns their sequence in the journal. */
  #defer(samples: readonly MeterSample[], registers: ReadonlyMap<number, number>): number {
    const rows = samples.map(toSampleRow);
    assertStorableRows(rows, registers);
    const statements = toStatements(rows, registers);
    if (statements.length === 0) return 0;
    const sequence = this.#parts.journal.append(statements);
    this.#database.addBehind(rows, registers);
    return sequence;
  }

  /** Finishes what is under way, folds a long journal into the snapshot and gives the directory free. */
  close(): Promise<void> {
    this.#closing ??= this.#turns.take().then((endTurn) => this.#shutDown().finally(endTurn));
    return this.#closing;
  }

  compact(): Promise<CompactionResult> {
    return this.#parts.storeFiles.compact();
  }

  backup(file: string, options: { replace: boolean }): Promise<BackupResult> {
    return this.#parts.storeFiles.backup(file, options);
  }

  check(): Promise<StoreCheck> {
    return this.#parts.storeFiles.check();
  }

  async info(): Promise<StoreInfo> {
    const { files, options, journal, storeFiles } = this.#parts;
    const { version, rows } = await this.#query(describeContent);
    const sizes = await measureFiles(files, options.directory);
    const { snapshotSequence } = storeFiles;
    const { sequence } = journal;
    return { directory: options.directory, version, sequence, snapshotSequence, ...sizes, rows };
  }

  /** What was done since opening, and how much lies on the disk now. */
  get figures(): StoreFigures {
    const { journal, storeFiles } = this.#parts;
    const { journalBytes, snapshotBytes } = storeFiles;
    return {
      ...this.#counts,
      ...journal.figures,
      writtenBytes: journal.appendedBytes,
      journalBytes,
      snapshotBytes,
    };
  }

  /** When to compact while the store is in use; undefined: only when asked. */
  setCompactionLimits(limits: CompactionLimits | undefined): void {
    this.#parts.storeFiles.limits = limits;
  }

  async #shutDown(): Promise<void> {
    const { sqlite, journal, storeFiles, files, options, lock } = this.#parts;
    try {
      await storeFiles.settle();
      await journal.close();
      if (journal.isSound) this.#database.settle();
      // After a failure memory is ahead of the disk and must not become the snapshot.
      if (journal.isSound && isWorthCompacting(storeFiles, options)) {
        // What was asked for is done and safe in the journal: a full disk does not make it fail.
        await writeSnapshot(files, options.directory, { sqlite, sequence: journal.sequence, canWait: true });
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
    const { journal } = this.#parts;
    const database = this.#database;
    const transaction = new Transaction(database, 'write');
    try {
      journal.assertSound();
      const result = await this.#overseer.watch(work(transaction));
      // Before it stays: a change that the journal does not take must not be in memory either.
      if (transaction.changes.length > 0) {
        journal.append(transaction.changes);
        database.keep(transaction.changes);
      }
      this.#counts.writes += 1;
      return result;
    } catch (error) {
      this.#counts.failedWrites += 1;
      if (transaction.changes.length > 0) database.undo();
      throw error;
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
    return this.#turns.take();
  }
}
