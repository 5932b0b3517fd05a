import { Flags } from '@oclif/core';
import { instantFlag, integer } from './flags.js';

/** Which sessions: shared by `session list` and `session export`. */
export const sessionFilterFlags = {
  station: Flags.string({ summary: 'Only of this station.' }),
  connector: integer({ summary: 'Only of this connector.', min: 0 }),
  site: Flags.string({ summary: 'Only at this site.' }),
  user: Flags.string({ helpValue: '<email>', summary: 'Only of this driver, by e-mail address.' }),
  tag: Flags.string({ summary: 'Only with this tag.' }),
  from: instantFlag({ summary: 'Only those that started then or later: 2026-11-01, "7d ago", today.' }),
  to: instantFlag({ summary: 'Only those that started before then.' }),
  state: Flags.option({
    env: 'EVFLEET_SESSION_STATE',
    options: ['active', 'ended', 'suspect'] as const,
    summary: 'Only in this state; suspect ones want a look by a person.',
  })(),
};

interface SessionFilterValues {
  readonly station?: string | undefined;
  readonly connector?: number | undefined;
  readonly site?: string | undefined;
  readonly user?: string | undefined;
  readonly tag?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly state?: 'active' | 'ended' | 'suspect' | undefined;
}

/** The input of the operations for what the flags say. */
export function sessionFilter({
  station: stationId,
  connector,
  site,
  user,
  tag,
  from,
  to,
  state,
}: SessionFilterValues) {
  return { stationId, connector, site, user, tag, from, to, state };
}
