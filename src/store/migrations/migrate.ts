import { build, type Executor } from '../queries.js';
import { initial } from './001-initial.js';
import { settings } from './002-settings.js';
import { sessionCounter } from './003-session-counter.js';
import { guessedStops } from './004-guessed-stops.js';
import { stationPolicy } from './005-station-policy.js';
import { fleetRecord } from './006-fleet-record.js';
import { guessIndex } from './007-guess-index.js';
import { configuration } from './008-configuration.js';
import { localListsAndReservations } from './009-local-lists-and-reservations.js';
import { chargingProfiles } from './010-charging-profiles.js';
import { diagnostics } from './011-diagnostics.js';
import { firmware } from './012-firmware.js';
import { startProfiles } from './013-start-profiles.js';
import { people } from './014-people.js';
import { alarms } from './015-alarms.js';
import { alarmWatch } from './016-alarm-watch.js';
import { stationKeys } from './017-station-keys.js';
import { certificates } from './018-certificates.js';
import type { Migration } from './migration.js';
import { storeVersion } from './store-version.js';

export const migrations: readonly Migration[] = [
  initial,
  settings,
  sessionCounter,
  guessedStops,
  stationPolicy,
  fleetRecord,
  guessIndex,
  configuration,
  localListsAndReservations,
  chargingProfiles,
  diagnostics,
  firmware,
  startProfiles,
  people,
  alarms,
  alarmWatch,
  stationKeys,
  certificates,
];

/**
 * Brings the store to the version of this program, inside the current transaction.
 * @param isEmpty whether nothing was ever written to the store
 * @param now for the record of when, milliseconds since the epoch
 * @param upTo the version to stop at: makes stores as older programs did
 */
export async function migrate(
  executor: Executor,
  { isEmpty, now, upTo = Number.POSITIVE_INFINITY }: { isEmpty: boolean; now: number; upTo?: number },
): Promise<void> {
  const current = isEmpty ? await createHistory(executor) : await storeVersion(executor);
  for (const migration of migrations) {
    if (migration.version <= current || migration.version > upTo) continue;
    for (const statement of migration.statements()) await executor.run(statement);
    const { version, name } = migration;
    await executor.run(build.insertInto('migration').values({ version, name, appliedAt: now }).compile());
  }
}

async function createHistory(executor: Executor): Promise<number> {
  await executor.run(
    build.schema
      .createTable('migration')
      .addColumn('version', 'integer', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('appliedAt', 'bigint', (column) => column.notNull())
      .compile(),
  );
  return 0;
}
