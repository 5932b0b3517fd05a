import { Flags } from '@oclif/core';
import { type AlarmKind, alarmKinds } from '../../domain/alarm/alarm.js';
import { instantFlag, integer } from './flags.js';

/** Which alarms: shared by all lists of them. */
export const alarmFilterFlags = {
  station: Flags.string({ summary: 'Only of this station.' }),
  connector: integer({ min: 0, summary: 'Only of this connector; 0 is the station itself.' }),
  site: Flags.string({ summary: 'Only of stations at this site.' }),
  group: Flags.string({ summary: 'Only of stations in this group.' }),
  kind: Flags.option({ env: 'EVFLEET_ALARM_KIND', options: alarmKinds, summary: 'Only of this kind.' })(),
  from: instantFlag({ summary: 'Only those opened then or later: 2026-11-01, "7d ago", today.' }),
  to: instantFlag({ summary: 'Only those opened before then.' }),
};

interface AlarmFilterValues {
  readonly station?: string | undefined;
  readonly connector?: number | undefined;
  readonly site?: string | undefined;
  readonly group?: string | undefined;
  readonly kind?: AlarmKind | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** The input of the operations for what the flags say. */
export function alarmFilter({
  station: stationId,
  connector,
  site,
  group,
  kind,
  from,
  to,
}: AlarmFilterValues) {
  return { stationId, connector, site, group, kind, from, to };
}
