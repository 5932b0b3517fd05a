import { type CompiledQuery, type SqlBool, sql } from 'kysely';
import { build } from '../queries.js';
import type { Migration } from './migration.js';

const { schema } = build;

const wide = 'bigint';

const isOpen = sql<SqlBool>`${sql.ref('endedAt')} is null`;
const isToBeTold = sql<SqlBool>`${sql.ref('backAt')} is not null`;
const isNeverSeen = sql<SqlBool>`${sql.ref('lastSeenAt')} is null`;
const isNotCleared = sql<SqlBool>`${sql.ref('clearedAt')} is null`;

function statements(): CompiledQuery<unknown>[] {
  return [...alarms(), ...rules(), ...outages(), ...maintenance()].map((builder) => builder.compile());
}

function alarms() {
  return [
    // No foreign keys: an alarm outlives its station.
    schema
      .createTable('alarm')
      .addColumn('uuid', 'text', (column) => column.primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('stationUuid', 'text', (column) => column.notNull())
      .addColumn('stationId', 'text', (column) => column.notNull())
      .addColumn('connector', 'integer')
      .addColumn('condition', 'text', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('rule', 'text')
      .addColumn('beganAt', wide, (column) => column.notNull())
      .addColumn('openedAt', wide, (column) => column.notNull())
      .addColumn('count', 'integer', (column) => column.notNull())
      .addColumn('maintenance', 'integer', (column) => column.notNull())
      .addColumn('clearsAt', wide)
      .addColumn('clearedAt', wide)
      .addColumn('clearedBy', 'text')
      .addColumn('note', 'text')
      .addColumn('ackedAt', wide)
      .addColumn('ackedBy', 'text'),
    schema.createIndex('alarmByTime').on('alarm').columns(['openedAt', 'uuid']),
    schema.createIndex('alarmByStation').on('alarm').columns(['stationId', 'openedAt']),
    schema.createIndex('alarmByEnd').on('alarm').column('clearedAt'),
    schema.createIndex('alarmOpen').on('alarm').columns(['stationUuid', 'kind']).where(isNotCleared),
    schema.createIndex('alarmClearing').on('alarm').column('clearsAt').where(isNotCleared),
    schema.createIndex('stationNeverSeen').on('station').column('createdAt').where(isNeverSeen),
  ];
}

function rules() {
  return [
    schema
      .createTable('alarmRule')
      .addColumn('uuid', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('nameKey', 'text', (column) => column.notNull().unique())
      .addColumn('enabled', 'integer', (column) => column.notNull())
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('siteUuid', 'text', (column) => column.references('site.uuid'))
      .addColumn('groupUuid', 'text', (column) => column.references('stationGroup.uuid'))
      .addColumn('triggers', 'text', (column) => column.notNull())
      .addColumn('recipients', 'text', (column) => column.notNull())
      .addColumn('webhooks', 'text', (column) => column.notNull())
      .addColumn('language', 'text', (column) => column.notNull())
      .addColumn('stepsMs', 'text', (column) => column.notNull())
      .addColumn('deliberate', 'integer', (column) => column.notNull())
      .addColumn('createdAt', wide, (column) => column.notNull()),
    schema
      .createTable('alarmRuleStation')
      .addColumn('ruleUuid', 'text', (column) => column.notNull().references('alarmRule.uuid'))
      .addColumn('stationUuid', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('alarmRuleStationKey', ['ruleUuid', 'stationUuid']),
    schema.createIndex('alarmRuleStationByStation').on('alarmRuleStation').column('stationUuid'),
  ];
}

function outages() {
  return [
    schema
      .createTable('outage')
      .addColumn('uuid', 'text', (column) => column.primaryKey())
      .addColumn('stationUuid', 'text', (column) => column.notNull())
      .addColumn('stationId', 'text', (column) => column.notNull())
      .addColumn('since', wide, (column) => column.notNull())
      .addColumn('countsFrom', wide, (column) => column.notNull())
      .addColumn('deliberate', 'integer', (column) => column.notNull())
      .addColumn('nextStepAt', wide)
      .addColumn('heldMs', wide)
      .addColumn('stormUuid', 'text')
      .addColumn('endedAt', wide)
      .addColumn('backAt', wide),
    schema.createIndex('outageOpen').on('outage').column('stationUuid').where(isOpen),
    schema.createIndex('outageDue').on('outage').column('nextStepAt').where(isOpen),
    schema.createIndex('outageByEnd').on('outage').column('endedAt'),
    schema.createIndex('outageByStorm').on('outage').columns(['stormUuid', 'uuid']),
    schema.createIndex('outageBack').on('outage').column('backAt').where(isToBeTold),
    schema.createIndex('outageStormBack').on('outage').columns(['stormUuid', 'backAt']).where(isToBeTold),
    schema
      .createTable('notice')
      .addColumn('subjectUuid', 'text', (column) => column.notNull())
      .addColumn('stepMs', wide, (column) => column.notNull())
      .addColumn('recipientKey', 'text', (column) => column.notNull())
      .addColumn('ruleUuid', 'text', (column) => column.notNull())
      .addColumn('at', wide, (column) => column.notNull())
      .addPrimaryKeyConstraint('noticeKey', ['subjectUuid', 'stepMs', 'recipientKey']),
    schema
      .createTable('watchState')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('value', wide, (column) => column.notNull()),
  ];
}

function maintenance() {
  return [
    schema
      .createTable('maintenanceWindow')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('stationUuid', 'text', (column) => column.notNull())
      .addColumn('stationId', 'text', (column) => column.notNull())
      .addColumn('connector', 'integer')
      .addColumn('from', wide, (column) => column.notNull())
      .addColumn('to', wide, (column) => column.notNull())
      .addColumn('comment', 'text')
      .addColumn('createdBy', 'text', (column) => column.notNull())
      .addColumn('createdAt', wide, (column) => column.notNull()),
    schema.createIndex('maintenanceByStation').on('maintenanceWindow').columns(['stationUuid', 'to']),
    schema.createIndex('maintenanceByTime').on('maintenanceWindow').columns(['from', 'id']),
    schema.alterTable('fault').addColumn('maintenance', 'integer', (column) => column.notNull().defaultTo(0)),
  ];
}

/** Alarms, the rules of who is told, outages with what was told of them, and maintenance windows. */
export const alarmWatch: Migration = { version: 16, name: 'alarm watch', statements };
