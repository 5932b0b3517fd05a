import { Flags } from '@oclif/core';
import { instantFlag } from './flags.js';

/** Which events: shared by `event list` and `event export`. */
export const eventFilterFlags = {
  station: Flags.string({ summary: 'Only of this station.' }),
  site: Flags.string({ summary: 'Only of stations that stand at this site.' }),
  kind: Flags.string({
    env: 'EVFLEET_EVENT_KIND',
    summary: 'Only of this kind, or of those that begin with it: session, session.started.',
  }),
  from: instantFlag({ summary: 'Only what happened then or later: 2026-11-01, "7d ago", today.' }),
  to: instantFlag({ summary: 'Only what happened before then.' }),
};
