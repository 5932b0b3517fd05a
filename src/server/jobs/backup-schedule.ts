import path from 'node:path';
import type { Clock } from '../../domain/clock.js';
import { LocalCalendar, type TimeOfDay } from '../../domain/local-calendar.js';
import type { Log } from '../../domain/log.js';
import type { Store } from '../../domain/repositories.js';
import { effectiveSettings } from '../../domain/settings.js';
import type { StoreAdmin } from '../../domain/store-admin.js';
import { BackgroundJob } from './background-job.js';
import { backupName, listBackups, rotateBackups } from './backup-files.js';

export interface BackupScheduleOptions {
  readonly store: Store;
  readonly admin: Pick<StoreAdmin, 'backup'>;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** By whose clock the time of day is meant; that of this process when left out. */
  readonly calendar?: LocalCalendar;
}

const firstDelayMs = 2_000;
/** How soon a changed setting, or a clock that was set, is noticed. */
const checkIntervalMs = 60_000;
const retryDelayMs = 3600_000;
const dayMs = 24 * 3600_000;

/** Writes a backup every day at the time that is set, and removes the oldest. */
export function createBackupJob(options: BackupScheduleOptions): BackgroundJob {
  const { clock, log } = options;
  const schedule = new BackupSchedule(options);
  return new BackgroundJob({
    name: 'automatic backup',
    clock,
    log,
    firstDelayMs,
    retryDelayMs,
    run: () => schedule.check(),
  });
}

interface Plan {
  readonly time: TimeOfDay;
  readonly directory: string;
  readonly keep: number;
  /** When `time` was set: what was due before was not missed. */
  readonly since: number;
}

class BackupSchedule {
  readonly #options: BackupScheduleOptions;
  readonly #calendar: LocalCalendar;
  /** The latest instant of a check that went well; never earlier than before, whatever is done to the clock. */
  #seenAt: number | undefined;

  constructor(options: BackupScheduleOptions) {
    this.#options = options;
    this.#calendar = options.calendar ?? new LocalCalendar();
  }

  /** Writes a backup if one is due; gives the time until the next check, ms. */
  async check(): Promise<number> {
    const now = this.#options.clock.now();
    const seenAt = this.#seenAt ?? now;
    const plan = await this.#plan();
    if (plan && (await this.#isDue(plan, now, seenAt))) await this.#backUp(plan, now);
    // Only now: what failed is still due when it is tried again.
    this.#seenAt = Math.max(seenAt, now);
    return plan ? Math.min(this.#calendar.next(plan.time, now) - now, checkIntervalMs) : checkIntervalMs;
  }

  async #plan(): Promise<Plan | undefined> {
    const { store, dataDir } = this.#options;
    const { settings, since } = await store.read(async (r) => ({
      settings: effectiveSettings(await r.settings.list()),
      since: await r.settings.findUpdatedAt('backup.time'),
    }));
    const time = settings['backup.time'];
    if (time === 'off') return undefined;
    const directory = settings['backup.directory'] ?? path.join(dataDir, 'backups');
    return { time, directory, keep: settings['backup.keep'], since: since ?? 0 };
  }

  /**
   * The time of day has come since the last check, or it went by while nobody looked and the last backup is older than
   * a day. What a backup was written for already is never due again.
   */
  async #isDue({ time, directory, since }: Plan, now: number, seenAt: number): Promise<boolean> {
    const due = this.#calendar.latest(time, now);
    if (due <= since) return false;
    // A name from the future was made by a clock that was wrong; it must not hold up all backups until then.
    const last = (await listBackups(directory)).find(({ at }) => at <= now + dayMs);
    if (last && secondOf(due) <= last.at) return false;
    return due > seenAt || last === undefined || now - last.at > dayMs;
  }

  async #backUp({ directory, keep }: Plan, now: number): Promise<void> {
    const { admin, log } = this.#options;
    const file = path.join(directory, backupName(now));
    const { bytes } = await admin.backup(file, { replace: false });
    log.info('backup written', { file, bytes });
    const removed = await rotateBackups(directory, keep);
    if (removed > 0) log.info('old backups removed', { directory, removed, keep });
  }
}

/** Names of backups are to the second. */
function secondOf(instant: number): number {
  return Math.floor(instant / 1000) * 1000;
}
