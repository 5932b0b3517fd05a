import { inMiB } from '../bytes.js';
import { formatDuration } from '../duration.js';
import { plural } from '../plural.js';
import { isSecretSetting, settingKeys } from '../settings.js';
import { type CheckResult, ok, problem, warning } from './check-result.js';

/** How far the journal may outgrow the size at which it is folded: that is done in the background. */
const journalExcess = 4;
/** SQLite in WebAssembly gets no more memory than this, and the whole store has to fit in. */
const storeMaxBytes = 2 * 1024 ** 3;
/** Early enough to do something about it, and late enough to do it today. */
const storeLarge = { warning: 0.5, problem: 0.85 } as const;
/** A backup a day, and a day for what may come in between. */
const backupLateMs = 49 * 3600_000;
/** An answer of the server that took longer than this is worth a look at the machine. */
const slowMs = 1000;

export interface ServerAnswer {
  readonly inMs: number;
  readonly pid: number;
  readonly startedAt: number;
  readonly now: number;
  /** Of the server's program, and of this one. */
  readonly version: string;
  readonly ownVersion: string;
}

/** @param answer undefined when nothing listens on the control socket */
export function checkServer(answer: ServerAnswer | undefined): CheckResult {
  const check = 'server';
  if (!answer) {
    return warning(check, 'No server is running, so no station can connect.', 'evfleet serve');
  }
  const { inMs, pid, startedAt, now, version, ownVersion } = answer;
  if (version !== ownVersion) {
    const message = `The server is evfleet ${version}, this command ${ownVersion}.`;
    return warning(check, message, 'Start the server again after an update: evfleet serve');
  }
  const runs = `Process ${pid}, running for ${formatDuration(Math.max(0, now - startedAt))},`;
  const message = `${runs} answered in ${Math.ceil(inMs)} ms.`;
  return inMs > slowMs
    ? warning(check, message, 'Look at what else the machine is doing: top')
    : ok(check, message);
}

/** How large it is is told from the disk, which is close to what it takes in memory. */
export function checkStore(info: {
  readonly version: number;
  readonly bytes: number;
  readonly isServed: boolean;
}): CheckResult {
  const where = info.isServed ? 'is open in the server' : 'opens';
  const says = `The store ${where}; version ${info.version}, ${inMiB(info.bytes)}`;
  const share = info.bytes / storeMaxBytes;
  if (share < storeLarge.warning) return ok('store', `${says}.`);
  const message = `${says} of the ${inMiB(storeMaxBytes)} that it may have at most.`;
  const advice = 'evfleet settings set retention.samples=14d';
  return share < storeLarge.problem ? warning('store', message, advice) : problem('store', message, advice);
}

export function checkJournal(facts: {
  readonly journalBytes: number;
  /** The setting `store.compact-bytes`. */
  readonly compactBytes: number;
}): CheckResult {
  const { journalBytes, compactBytes } = facts;
  const message = `The journal has ${inMiB(journalBytes)}, and is folded at ${inMiB(compactBytes)}`;
  if (journalBytes <= journalExcess * compactBytes) return ok('journal', `${message}.`);
  return warning('journal', `${message}: that seems not to work.`, 'evfleet store compact');
}

export interface BackupFacts {
  /** Whether `backup.time` is set. */
  readonly isAutomatic: boolean;
  readonly directory: string;
  /** When the newest automatic backup was begun; null when there is none. */
  readonly newestAt: number | null;
  readonly now: number;
  /** Why the directory cannot be read, if so. */
  readonly failure?: string | undefined;
}

export function checkBackup(facts: BackupFacts): CheckResult {
  const check = 'backup';
  const { isAutomatic, directory, newestAt, now, failure } = facts;
  if (failure !== undefined) {
    const message = `The directory of backups cannot be read: ${failure}.`;
    return problem(check, message, 'evfleet settings set backup.directory=<path>');
  }
  const ageMs = newestAt === null ? null : Math.max(0, now - newestAt);
  const newest = ageMs === null ? 'there is none yet' : `the newest is ${formatDuration(ageMs)} old`;
  if (!isAutomatic) {
    const message = `No backups are written by themselves; in ${directory} ${newest}.`;
    return warning(check, message, 'evfleet settings set backup.time=03:30');
  }
  if (ageMs === null) {
    return warning(
      check,
      `Backups are written daily to ${directory}; ${newest}.`,
      'evfleet store backup <file>',
    );
  }
  const message = `Backups are written daily to ${directory}; ${newest}.`;
  if (ageMs <= backupLateMs) return ok(check, message);
  return problem(check, message, 'evfleet serve, and look for "automatic backup" in its log.');
}

export interface SettingFacts {
  /** Keys whose stored value this program does not take. */
  readonly ignored: readonly string[];
  readonly freeBytes: number;
  /** Largest upload of a station. */
  readonly diagnosticsMaxBytes: number;
  /** Space of the log of messages; null when it is off. */
  readonly messagesMaxBytes: number | null;
  readonly isBackupDirectorySet: boolean;
  readonly isBackupAutomatic: boolean;
}

/** A secret is taken whatever it is; one that is ignored was sealed with the key of another data directory. */
function ignoredSetting(key: string): CheckResult {
  if (settingKeys.some((known) => known === key && isSecretSetting(known))) {
    const message = `${key} cannot be read: the file secrets.key that it was sealed with is not here.`;
    return problem('settings', message, `evfleet settings set --secret-stdin ${key} < file`);
  }
  const message = `The stored value of ${key} is none that it takes; the default is in force.`;
  return problem('settings', message, `evfleet settings show ${key}`);
}

/** One result for each contradiction, or one that says that there is none. */
export function checkSettings(facts: SettingFacts): CheckResult[] {
  const check = 'settings';
  const found: CheckResult[] = [];
  for (const key of facts.ignored) {
    found.push(ignoredSetting(key));
  }
  const { freeBytes, messagesMaxBytes } = facts;
  if (facts.diagnosticsMaxBytes > freeBytes) {
    const message = 'diagnostics.max-size lets a station upload more than there is free space.';
    found.push(warning(check, message, 'evfleet settings set diagnostics.max-size=<less>'));
  }
  if (messagesMaxBytes !== null && messagesMaxBytes > freeBytes) {
    const message = 'messages.max-size lets the log of messages grow by more than there is free space.';
    found.push(warning(check, message, 'evfleet settings set messages.max-size=<less>'));
  }
  if (facts.isBackupDirectorySet && !facts.isBackupAutomatic) {
    const message = 'backup.directory is set, but backup.time is off: nothing is written there.';
    found.push(warning(check, message, 'evfleet settings set backup.time=03:30'));
  }
  return found.length > 0 ? found : [ok(check, 'No setting contradicts another.')];
}

export function checkStations(counts: {
  readonly stations: number;
  readonly pending: number;
  /** Knocked without being in the topology. */
  readonly unknown: number;
}): CheckResult {
  const check = 'stations';
  const { stations, pending, unknown } = counts;
  if (pending > 0) {
    const message = `${plural(pending, 'station')} of ${stations} wait${pending === 1 ? 's' : ''} to be accepted.`;
    return warning(check, message, 'evfleet station list --state pending');
  }
  if (unknown > 0) {
    const message = `${plural(unknown, 'station')} knocked that nobody knows.`;
    return warning(check, message, 'evfleet station list --state unknown');
  }
  return ok(check, `${plural(stations, 'station')}, none waits to be accepted.`);
}
