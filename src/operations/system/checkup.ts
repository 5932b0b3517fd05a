import { type Static, Type } from '@sinclair/typebox';
import type { RecordedEvent } from '../../domain/record-repositories.js';
import { effectiveSettings, ignoredSettings } from '../../domain/settings.js';
import { fleetStaff } from '../access.js';
import { unary } from '../operation.js';
import { instant, nullable, toIso } from '../shared.js';

/** Events in which clocks of stations are looked for. */
const eventsMax = 1000;
/** Stations with a wrong clock that are named. */
const namedMax = 5;
/** A clock that is this much ahead puts sessions and readings in a wrong order. */
const aheadMs = 60_000;

const checkup = Type.Object({
  time: instant,
  stations: Type.Integer(),
  pending: Type.Integer(),
  unknown: Type.Integer(),
  newestEventAt: nullable(instant),
  /** Ids of stations that reported what lay in the future. */
  stationsAhead: Type.Array(Type.String()),
  /** Settings with a stored value that they do not take. */
  ignoredSettings: Type.Array(Type.String()),
  settings: Type.Object({
    publicUrl: nullable(Type.String()),
    ftpUrl: nullable(Type.String()),
    isBackupAutomatic: Type.Boolean(),
    backupDirectory: nullable(Type.String()),
    compactBytes: Type.Integer(),
    diagnosticsMaxBytes: Type.Integer(),
    messagesMaxBytes: nullable(Type.Integer()),
  }),
});
export type Checkup = Static<typeof checkup>;

export const checkupOperations = {
  'fleet.checkup': unary({
    summary: 'What the store knows that doctor looks at',
    access: fleetStaff,
    effect: 'read',
    input: Type.Object({}),
    output: checkup,
    run: ({ store, clock }) =>
      store.read(async (r) => {
        const registrations = await r.stations.countByRegistration();
        const events = await r.events.list({}, { limit: eventsMax });
        const stored = await r.settings.list();
        const settings = effectiveSettings(stored);
        const messagesMax = settings['messages.max-size'];
        return {
          time: toIso(clock.now()),
          stations: registrations.reduce((sum, { stations }) => sum + stations, 0),
          pending: registrations.find(({ registration }) => registration === 'pending')?.stations ?? 0,
          unknown: (await r.unknownStations.list()).length,
          newestEventAt: toIso(events[0]?.receivedAt ?? null),
          stationsAhead: aheadOf(events),
          ignoredSettings: ignoredSettings(stored),
          settings: {
            publicUrl: settings['server.public-url'] ?? null,
            ftpUrl: settings['server.ftp-url'] ?? null,
            isBackupAutomatic: settings['backup.time'] !== 'off',
            backupDirectory: settings['backup.directory'] ?? null,
            compactBytes: settings['store.compact-bytes'],
            diagnosticsMaxBytes: settings['diagnostics.max-size'],
            messagesMaxBytes: messagesMax === 'off' ? null : messagesMax,
          },
        };
      }),
  }),
};

/** What is late was kept by a station that was offline; what is early comes of a wrong clock. */
function aheadOf(events: readonly RecordedEvent[]): string[] {
  const early = events.filter(({ at, receivedAt }) => at > receivedAt + aheadMs);
  return [...new Set(early.map(({ stationId }) => stationId))].slice(0, namedMax);
}
