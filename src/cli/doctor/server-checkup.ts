import { type CheckResult, ok, problem, warning } from '../../domain/check/check-result.js';
import { checkNode } from '../../domain/check/machine-checks.js';
import { checkJournal, checkServer, checkStations, checkStore } from '../../domain/check/store-checks.js';
import { formatDuration } from '../../domain/duration.js';
import { FleetError } from '../../domain/errors.js';
import type { Fleet } from '../../operations/fleet.js';

export interface ServerCheckupOptions {
  readonly url: string;
  /** Of this program. */
  readonly version: string;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly openFleet: (signal: AbortSignal) => Promise<Fleet>;
}

/** Beyond this, times that a person types mean something else there. */
const clocksApartMs = 60_000;

/** What can be told of a server elsewhere; what needs its machine has to be checked there. */
export async function examineServer(options: ServerCheckupOptions): Promise<CheckResult[]> {
  const before = [checkNode(process.versions.node)];
  let fleet: Fleet | undefined;
  try {
    fleet = await options.openFleet(options.signal);
    const who = await fleet.run('auth.whoami', {});
    before.push(ok('key', `${options.url} takes the key of ${who.name}, role ${who.role}.`));
    return [...before, ...(await checkServed(fleet, options)), elsewhere];
  } catch (error) {
    if (options.signal.aborted || !(error instanceof FleetError)) throw error;
    const { message, suggestions } = error;
    return [
      ...before,
      problem('server', message, suggestions.join('; ') || 'Look at the log of the server.'),
    ];
  } finally {
    await fleet?.close();
  }
}

const elsewhere = ok(
  'machine',
  'Directory, disk, backups, ports and addresses are checked on the machine of the server: evfleet doctor there.',
);

async function checkServed(
  fleet: Fleet,
  { version: ownVersion, now }: ServerCheckupOptions,
): Promise<CheckResult[]> {
  const server = await attempt('server', async () => {
    const begunMs = performance.now();
    const info = await fleet.run('server.info', {});
    const inMs = performance.now() - begunMs;
    const theirs = Date.parse(info.time);
    const answer = { ...info, inMs, startedAt: Date.parse(info.startedAt), now: theirs, ownVersion };
    return [checkServer(answer), checkClocks(theirs, now())];
  });
  const fleetChecks = await attempt('stations', async () => {
    const checkup = await fleet.run('fleet.checkup', {});
    const store = await attempt('store', async () => {
      const info = await fleet.run('store.info', {});
      const { version, snapshotBytes, journalBytes } = info;
      const { compactBytes } = checkup.settings;
      return [
        checkStore({ version, bytes: snapshotBytes + journalBytes, isServed: true }),
        checkJournal({ journalBytes, compactBytes }),
      ];
    });
    return [checkStations(checkup), ...store];
  });
  return [...server, ...fleetChecks];
}

function checkClocks(theirs: number, own: number): CheckResult {
  const apartMs = Math.abs(theirs - own);
  const there = `The clock of the server says ${new Date(theirs).toISOString()}`;
  if (apartMs <= clocksApartMs) return ok('clock', `${there}, as here.`);
  const message = `${there}, ${formatDuration(apartMs)} from the one here.`;
  return warning('clock', message, 'timedatectl set-ntp true, on the machine whose clock is wrong');
}

/** What the role of the key does not let one see is said, and is no reason to see nothing. */
async function attempt(check: string, work: () => Promise<CheckResult[]>): Promise<CheckResult[]> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FleetError) || error.code !== 'NOT_ALLOWED') throw error;
    return [warning(check, error.message, error.suggestions.join('; ') || 'Use a key with another role.')];
  }
}
