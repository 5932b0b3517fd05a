import { formatDuration } from '../duration.js';
import { plural } from '../plural.js';
import { type CheckResult, ok, problem, warning } from './check-result.js';

/** The oldest Node.js that the program is made for, as in `engines` of package.json. */
const nodeLeast = { major: 20, minor: 19 } as const;
/** Before the program was written: no right clock says so. */
const clockLeastMs = Date.UTC(2026, 0, 1);
/** How far back a clock may be set without anybody noticing. */
const clockBackToleratedMs = 60_000;
/** Descriptors beside those of stations: listeners, journal, file transfers, commands. */
export const descriptorsBeside = 512;

/** @param version of Node.js, without the `v` */
export function checkNode(version: string): CheckResult {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < nodeLeast.major || (major === nodeLeast.major && minor < nodeLeast.minor);
  const least = `${nodeLeast.major}.${nodeLeast.minor}`;
  if (isOld) {
    const message = `Node.js ${version} is too old; ${least} or newer is needed.`;
    return problem('node', message, `Install Node.js ${least} or newer.`);
  }
  return ok('node', `Node.js ${version}`);
}

export interface ClockFacts {
  readonly now: number;
  readonly timeZone: string;
  /** When the newest event was received by the clock of that time; null when there is none. */
  readonly newestEventAt: number | null;
  /** Stations that reported what lay in the future, the first few of them. */
  readonly stationsAhead: readonly string[];
}

export function checkClock({ now, timeZone, newestEventAt, stationsAhead }: ClockFacts): CheckResult {
  const says = `The clock says ${new Date(now).toISOString()}`;
  const advice = 'timedatectl set-ntp true';
  if (now < clockLeastMs) return problem('clock', `${says}, which is long past.`, advice);
  if (newestEventAt !== null && newestEventAt > now + clockBackToleratedMs) {
    const gap = formatDuration(newestEventAt - now);
    return problem('clock', `${says}, but the newest event was received ${gap} later than that.`, advice);
  }
  const zone = `time zone ${timeZone}`;
  if (stationsAhead.length > 0) {
    return warning(
      'clock',
      `${says} (${zone}). Ahead of it are the clocks of ${stationsAhead.join(', ')}.`,
      `evfleet event list ${stationsAhead[0]}`,
    );
  }
  return ok('clock', `${says} (${zone}).`);
}

export interface OpenFilesFacts {
  /** Of the server, or of this process where none is running; null where it cannot be known, or there is none. */
  readonly limit: number | null;
  readonly isServer: boolean;
  /** `--max-connections`, or its default. */
  readonly maxConnections: number;
  /** In the topology. */
  readonly stations: number;
}

/** Each connected station takes one descriptor. */
export function checkOpenFiles({ limit, isServer, maxConnections, stations }: OpenFilesFacts): CheckResult {
  const check = 'open-files';
  if (limit === null) return ok(check, 'There is no limit of open files, or it cannot be read here.');
  const whose = isServer ? 'The server' : 'A process started here';
  const says = `${whose} may have ${limit.toLocaleString('en')} files open`;
  const room = Math.max(0, limit - descriptorsBeside);
  const advice = `Start the server with LimitNOFILE=${maxConnections + descriptorsBeside} (systemd) or after ulimit -n ${maxConnections + descriptorsBeside}.`;
  if (room < stations) {
    return problem(check, `${says}, too few for the ${plural(stations, 'station')} of the fleet.`, advice);
  }
  const most = `--max-connections ${maxConnections}`;
  if (room >= maxConnections) return ok(check, `${says}, enough for ${most}.`);
  // Nobody with three stations has to look after twenty thousand; whoever grows is told in time.
  if (stations <= room / 2) {
    return ok(check, `${says}, enough for ${room.toLocaleString('en')} stations.`);
  }
  return warning(check, `${says}, too few for ${most}.`, advice);
}
