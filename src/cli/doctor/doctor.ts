import { join } from 'node:path';
import {
  checkAddress,
  checkPassivePorts,
  checkStationPort,
  isLoopback,
  withProbe,
} from '../../domain/check/address-checks.js';
import { checkAuthority } from '../../domain/check/authority-check.js';
import { type CheckResult, ok, problem } from '../../domain/check/check-result.js';
import {
  checkDirectory,
  checkPermissions,
  checkSpace,
  type FoundDirectory,
} from '../../domain/check/directory-checks.js';
import { checkClock, checkNode, checkOpenFiles } from '../../domain/check/machine-checks.js';
import { checkMail } from '../../domain/check/mail-check.js';
import { checkServerCertificate } from '../../domain/check/server-certificate-check.js';
import {
  checkBackup,
  checkJournal,
  checkServer,
  checkSettings,
  checkStations,
  checkStore,
} from '../../domain/check/store-checks.js';
import { formatDuration } from '../../domain/duration.js';
import { FleetError } from '../../domain/errors.js';
import type { Fleet, Output } from '../../operations/fleet.js';
import type { Checkup } from '../../operations/system/checkup.js';
import { inspectDirectory } from './doctor-directory.js';
import { probeAddress, probePorts, probeStations } from './doctor-probes.js';

/** How long the server may take for its first answer. */
const answerTimeoutMs = 5000;
/** What `serve` uses unless told. */
const defaultMaxConnections = 20_000;

export interface DoctorOptions {
  readonly dataDir: string;
  /** Of this program. */
  readonly version: string;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly openFleet: (signal: AbortSignal) => Promise<Fleet>;
  readonly answerTimeoutMs?: number;
}

interface Answers {
  readonly checkup: Checkup;
  readonly mail: Output<'mail.check'>;
  readonly store: Output<'store.info'>;
  /** The newest one alone. */
  readonly authorities: Output<'certificate.list'>['items'];
  /** Undefined when none is running. */
  readonly server: (Output<'server.info'> & { readonly inMs: number }) | undefined;
}

/** Every check that can be made, in the order in which one thing needs another. Makes no directory and no store. */
export async function examine(options: DoctorOptions): Promise<CheckResult[]> {
  const directory = await inspectDirectory(options.dataDir);
  const before = [checkNode(process.versions.node), checkDirectory(directory)];
  if (directory.kind !== 'directory') return [...before, ...(await withoutFleet(options))];
  before.push(checkPermissions(directory), checkSpace(directory));
  // Neither the store nor the socket of a server would open; why is said already.
  if (!directory.isWritable) return [...before, ...(await withoutFleet(options))];
  if (!directory.hasStore) {
    const empty = ok('store', 'There is no store yet; the first command makes it.');
    return [...before, empty, ...(await withoutFleet(options))];
  }
  try {
    return [...before, ...(await checkFleet(await ask(options), directory, options))];
  } catch (error) {
    if (options.signal.aborted || !(error instanceof FleetError)) throw error;
    return [...before, failed(error), ...(await withoutFleet(options))];
  }
}

async function withoutFleet({ now }: DoctorOptions): Promise<CheckResult[]> {
  const clock = { now: now(), timeZone: timeZone(), newestEventAt: null, stationsAhead: [] };
  return [checkClock(clock), await checkLimit(undefined, 0)];
}

/** Why nothing could be learned from the fleet; what needs it is left out. */
function failed({ code, message, suggestions }: FleetError): CheckResult {
  const isStore = code.startsWith('STORE_') || code === 'UNEXPECTED';
  const otherwise = isStore ? 'evfleet store check' : 'Run this as the user of the server.';
  const advice = suggestions.length > 0 ? suggestions.join('; ') : otherwise;
  return problem(isStore ? 'store' : 'server', `${message} What it knows could not be checked.`, advice);
}

async function ask(options: DoctorOptions): Promise<Answers> {
  const { signal, openFleet } = options;
  const patience = new AbortController();
  const fleet = await openFleet(AbortSignal.any([signal, patience.signal]));
  try {
    const server = fleet.served ? await inTime(fleet, patience, options) : undefined;
    return {
      server,
      checkup: await fleet.run('fleet.checkup', {}),
      mail: await fleet.run('mail.check', {}),
      store: await fleet.run('store.info', {}),
      authorities: (await fleet.run('certificate.list', { kind: 'ca', limit: 1 })).items,
    };
  } finally {
    await fleet.close();
  }
}

/** Whether it answers at all is asked with the smallest question. */
async function inTime(
  fleet: Fleet,
  patience: AbortController,
  { answerTimeoutMs: timeoutMs = answerTimeoutMs }: DoctorOptions,
): Promise<Answers['server']> {
  const timer = setTimeout(() => {
    patience.abort(
      new FleetError(
        'TIMED_OUT',
        `The server took the call but did not answer within ${formatDuration(timeoutMs)}.`,
        {
          suggestions: [
            'Look at its log and at what else the machine is doing; then start evfleet serve again.',
          ],
        },
      ),
    );
  }, timeoutMs);
  const begunMs = performance.now();
  try {
    const info = await fleet.run('server.info', {});
    return { ...info, inMs: performance.now() - begunMs };
  } finally {
    clearTimeout(timer);
  }
}

async function checkFleet(
  { server, checkup, store, mail, authorities }: Answers,
  directory: FoundDirectory,
  options: DoctorOptions,
): Promise<CheckResult[]> {
  const now = Date.parse(checkup.time);
  const { settings } = checkup;
  const answer = server && {
    ...server,
    startedAt: Date.parse(server.startedAt),
    now,
    ownVersion: options.version,
  };
  return [
    checkStore({
      version: store.version,
      bytes: store.snapshotBytes + store.journalBytes,
      isServed: server !== undefined,
    }),
    checkJournal({ journalBytes: store.journalBytes, compactBytes: settings.compactBytes }),
    await checkBackups(settings, directory.path, now),
    ...checkSettings({
      ...settings,
      ignored: checkup.ignoredSettings,
      freeBytes: directory.freeBytes,
      isBackupDirectorySet: settings.backupDirectory !== null,
    }),
    checkServer(answer),
    ...(await checkAddresses(server, settings, options.signal)),
    ...checkAuthority(endOf(authorities), now),
    checkClock({
      now,
      timeZone: timeZone(),
      newestEventAt: checkup.newestEventAt === null ? null : Date.parse(checkup.newestEventAt),
      stationsAhead: checkup.stationsAhead,
    }),
    await checkLimit(server, checkup.stations),
    checkStations(checkup),
    ...checkMail(mail),
  ];
}

function endOf([newest]: Answers['authorities']): number | undefined {
  return newest && Date.parse(newest.notAfter);
}

async function checkBackups(
  settings: Checkup['settings'],
  dataDir: string,
  now: number,
): Promise<CheckResult> {
  const directory = settings.backupDirectory ?? join(dataDir, 'backups');
  const { isBackupAutomatic: isAutomatic } = settings;
  const { listBackups } = await import('../../server/jobs/backup-files.js');
  try {
    // A name from the future was made by a clock that was wrong.
    const newest = (await listBackups(directory)).find(({ at }) => at <= now);
    return checkBackup({ isAutomatic, directory, newestAt: newest?.at ?? null, now });
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return checkBackup({ isAutomatic, directory, newestAt: null, now, failure });
  }
}

async function checkAddresses(
  server: Answers['server'],
  { publicUrl, ftpUrl }: Checkup['settings'],
  signal: AbortSignal,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  if (server) {
    const probe = await probeStations(server, { signal });
    results.push(checkStationPort(server, { probe, isProxied: isElsewhere(publicUrl) }));
    for (const { file, keyType, validFrom, validTo } of server.certificates) {
      const certificate = { file, keyType, validFrom: Date.parse(validFrom), validTo: Date.parse(validTo) };
      results.push(checkServerCertificate(certificate, Date.parse(server.time)));
    }
  }
  const addresses = [
    { setting: 'server.public-url', url: publicUrl ?? undefined },
    { setting: 'server.ftp-url', url: ftpUrl ?? undefined },
  ] as const;
  for (const { setting, url } of addresses) {
    const result = checkAddress({ setting, url, server });
    const isWorthAsking = server !== undefined && url !== undefined && result.status !== 'problem';
    results.push(isWorthAsking ? withProbe(result, await probeAddress(url, { signal })) : result);
  }
  if (server) {
    const range = server.ftpPassivePorts;
    const ports = range ? await probePorts(server.host, range) : { tried: 0, free: 0 };
    results.push(checkPassivePorts({ server, ...ports }));
  }
  return results;
}

/** Whether stations are told another address than one of this machine alone, so that something brings them here. */
function isElsewhere(publicUrl: string | null): boolean {
  return publicUrl !== null && !isLoopback(new URL(publicUrl).hostname);
}

async function checkLimit(server: Answers['server'], stations: number): Promise<CheckResult> {
  const isServer = server !== undefined;
  const { openFilesLimit } = await import('../../server/server-facts.js');
  const limit = server ? server.openFilesLimit : openFilesLimit();
  const maxConnections = server?.maxConnections ?? defaultMaxConnections;
  return checkOpenFiles({ limit, isServer, maxConnections, stations });
}

function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
