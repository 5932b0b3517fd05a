import { Flags } from '@oclif/core';
import { durationForms, formatDuration, parseDuration } from '../../domain/duration.js';
import { FleetError } from '../../domain/errors.js';
import type { Registration } from '../../domain/model.js';
import { toSeconds } from '../values.js';
import { durationFlag, withOwnEnv } from './flags.js';

const dayMs = 86_400_000;

/** Seconds; null is the server's default, 0 no pings. */
const pingInterval = Flags.custom<number | null>({
  helpValue: '<duration>|off|default',
  parse: async (input) => {
    if (input === 'default') return null;
    if (input === 'off') return 0;
    const value = parseDuration(input);
    if (value === undefined) {
      throw new FleetError(
        'USAGE',
        `--ping-interval takes off, default or a duration such as ${durationForms}.`,
      );
    }
    if (value >= 1000 && value <= dayMs) return Math.round(value / 1000);
    const limits = `${formatDuration(1000)} to ${formatDuration(dayMs)}`;
    throw new FleetError('USAGE', `--ping-interval takes a duration from ${limits}.`);
  },
});

/** How the connection of a station is kept alive, and what it speaks when it does not say. */
const connectionFlags = {
  'ping-interval': pingInterval({
    summary: "How often it is pinged: off for never, default for the server's interval.",
  }),
  pong: Flags.boolean({
    allowNo: true,
    summary: 'Whether its silence means that it is gone; --no-pong for stations that never answer a ping.',
  }),
  'assumed-protocol': Flags.option({
    options: ['ocpp1.6', 'none'] as const,
    summary: 'What it speaks when it offers no subprotocol; with none it is refused then.',
  })(),
};

/** How a station is answered and kept alive: shared by `station create` and `station update`. */
export const stationFlags = {
  registration: Flags.option({
    options: ['accepted', 'pending', 'rejected'] as const,
    summary: 'How its BootNotification is answered.',
  })(),
  ...withOwnEnv('station', {
    'heartbeat-interval': durationFlag({
      summary: 'Time between its heartbeats, in whole seconds.',
      minMs: 1000,
      maxMs: 7 * dayMs,
    }),
    ...connectionFlags,
  }),
};

interface StationFlagValues {
  readonly registration?: Registration | undefined;
  /** Milliseconds. */
  readonly 'heartbeat-interval'?: number | undefined;
  readonly 'ping-interval'?: number | null | undefined;
  readonly pong?: boolean | undefined;
  readonly 'assumed-protocol'?: 'ocpp1.6' | 'none' | undefined;
}

/** As the operations take them. */
export function stationInput(flags: StationFlagValues) {
  const assumed = flags['assumed-protocol'];
  return {
    registration: flags.registration,
    heartbeatIntervalS: toSeconds(flags['heartbeat-interval']),
    pingIntervalS: flags['ping-interval'],
    expectsPong: flags.pong,
    assumedProtocol: assumed === 'none' ? null : assumed,
  };
}
