import { Type } from '@sinclair/typebox';
import { FleetError } from '../domain/errors.js';
import { type NameKind, nameKinds } from '../domain/names.js';
import type { Caller } from '../domain/people/caller.js';
import { checkAccess, everyone, type Protected } from './access.js';
import { alarmOperations } from './alarm/alarm.js';
import { alarmRuleOperations } from './alarm/alarm-rule.js';
import { maintenanceOperations } from './alarm/maintenance.js';
import { outboxOperations } from './alarm/outbox.js';
import { certificateOperations } from './certificate/certificate.js';
import { reservationOperations } from './charging/reservation.js';
import { sessionOperations } from './charging/session.js';
import { unary } from './operation.js';
import { apiKeyOperations } from './people/api-key.js';
import { tagOperations } from './people/tag.js';
import { userOperations } from './people/user.js';
import { configOperations } from './station/config.js';
import { diagnosticsOperations } from './station/diagnostics.js';
import { firmwareOperations } from './station/firmware.js';
import { connectorOperations } from './topology/connector.js';
import { floorOperations } from './topology/floor.js';
import { groupOperations } from './topology/group.js';
import { siteOperations } from './topology/site.js';
import { stationOperations } from './topology/station.js';

/** Whoever may list things may have their names. */
const listedBy: { readonly [Kind in NameKind]: Protected } = {
  alarm: alarmOperations['alarm.list'],
  'alarm-rule': alarmRuleOperations['alarm-rule.list'],
  'api-key': apiKeyOperations['api-key.list'],
  certificate: certificateOperations['certificate.list'],
  'configuration-key': configOperations['config.cached'],
  connector: connectorOperations['connector.list'],
  diagnostics: diagnosticsOperations['diagnostics.list'],
  'firmware-model': firmwareOperations['firmware.list'],
  'firmware-rollout': firmwareOperations['firmware.rollouts'],
  'firmware-vendor': firmwareOperations['firmware.list'],
  'firmware-version': firmwareOperations['firmware.list'],
  floor: floorOperations['floor.list'],
  group: groupOperations['group.list'],
  maintenance: maintenanceOperations['maintenance.list'],
  outbox: outboxOperations['outbox.list'],
  reservation: reservationOperations['reservation.list'],
  'running-session': sessionOperations['session.list'],
  session: sessionOperations['session.list'],
  site: siteOperations['site.list'],
  station: stationOperations['station.list'],
  'station-model': stationOperations['station.list'],
  'station-vendor': stationOperations['station.list'],
  tag: tagOperations['tag.list'],
  'unknown-station': stationOperations['station.list'],
  user: userOperations['user.list'],
};

/** A list that is longer helps nobody who has begun to type. */
const limitMax = 1000;

export const nameOperations = {
  /**
   * What shells complete. Whoever may not list something, and a driver, gets nothing rather than an error: it is asked
   * for while somebody types.
   */
  'name.list': unary({
    summary: 'Names that begin with what somebody has typed',
    access: everyone,
    effect: 'read',
    input: Type.Object({
      kind: Type.Union(nameKinds.map((kind) => Type.Literal(kind))),
      prefix: Type.String({ maxLength: 500 }),
      limit: Type.Integer({ minimum: 1, maximum: limitMax }),
      station: Type.Optional(Type.String()),
      site: Type.Optional(Type.String()),
      vendor: Type.Optional(Type.String()),
      model: Type.Optional(Type.String()),
    }),
    output: Type.Object({
      items: Type.Array(Type.Object({ name: Type.String(), about: Type.String() })),
    }),
    async run({ store, caller }, query) {
      if (caller.role === 'driver' || !mayList(query.kind, caller)) return { items: [] };
      return { items: await store.read((r) => r.names.list(query)) };
    },
  }),
};

function mayList(kind: NameKind, caller: Caller): boolean {
  try {
    checkAccess('name.list', listedBy[kind], caller);
    return true;
  } catch (error) {
    if (error instanceof FleetError) return false;
    throw error;
  }
}
