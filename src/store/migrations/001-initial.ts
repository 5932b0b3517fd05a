import { type CompiledQuery, type CreateTableBuilder, type SqlBool, sql } from 'kysely';
import { build } from '../queries.js';
import type { Migration } from './migration.js';

const { schema } = build;

/** Instants (ms) and energies (Wh) do not fit 32 bits; SQLite makes every integer 64 bits wide, PostgreSQL asks. */
const wide = 'bigint';

function statements(): CompiledQuery<unknown>[] {
  return [...topology(), ...people(), ...charging(), ...records()].map((builder) => builder.compile());
}

function topology() {
  return [
    schema
      .createTable('counter')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('value', wide, (column) => column.notNull()),
    named('site')
      .addColumn('nameKey', 'text', (column) => column.notNull().unique())
      .addColumn('address', 'text')
      .addColumn('lat', 'double precision')
      .addColumn('lon', 'double precision'),
    named('floor')
      .addColumn('nameKey', 'text', (column) => column.notNull())
      .addColumn('siteUuid', 'text', (column) => column.notNull().references('site.uuid'))
      .addColumn('level', 'integer')
      .addUniqueConstraint('floorNameInSite', ['siteUuid', 'nameKey']),
    named('station')
      .addColumn('id', 'text', (column) => column.notNull().unique())
      .addColumn('siteUuid', 'text', (column) => column.references('site.uuid'))
      .addColumn('floorUuid', 'text', (column) => column.references('floor.uuid'))
      .addColumn('registration', 'text', (column) => column.notNull())
      .addColumn('securityProfile', 'integer', (column) => column.notNull())
      .addColumn('heartbeatIntervalS', 'integer')
      .addColumn('vendor', 'text')
      .addColumn('model', 'text')
      .addColumn('serialNumber', 'text')
      .addColumn('firmwareVersion', 'text')
      .addColumn('protocol', 'text')
      .addColumn('bootedAt', wide)
      .addColumn('lastSeenAt', wide)
      .addColumn('offlineSinceAt', wide),
    schema.createIndex('stationBySite').on('station').column('siteUuid'),
    schema.createIndex('stationByFloor').on('station').column('floorUuid'),
    schema
      .createTable('connector')
      .addColumn('stationUuid', 'text', (column) => column.notNull().references('station.uuid'))
      .addColumn('connector', 'integer', (column) => column.notNull())
      .addColumn('name', 'text')
      .addColumn('mode', 'text', (column) => column.notNull())
      .addColumn('evseId', 'text')
      .addColumn('type', 'text')
      .addColumn('maxPowerW', 'integer')
      .addColumn('status', 'text')
      .addColumn('errorCode', 'text')
      .addColumn('vendorErrorCode', 'text')
      .addColumn('info', 'text')
      .addColumn('statusAt', wide)
      .addPrimaryKeyConstraint('connectorKey', ['stationUuid', 'connector']),
    named('stationGroup').addColumn('nameKey', 'text', (column) => column.notNull().unique()),
    schema
      .createTable('groupMember')
      .addColumn('groupUuid', 'text', (column) => column.notNull().references('stationGroup.uuid'))
      .addColumn('stationUuid', 'text', (column) => column.notNull().references('station.uuid'))
      .addPrimaryKeyConstraint('groupMemberKey', ['groupUuid', 'stationUuid']),
    schema.createIndex('groupMemberByStation').on('groupMember').column('stationUuid'),
  ];
}

function people() {
  return [
    schema
      .createTable('tag')
      .addColumn('tagKey', 'text', (column) => column.primaryKey())
      .addColumn('tag', 'text', (column) => column.notNull())
      .addColumn('label', 'text')
      .addColumn('blocked', 'integer', (column) => column.notNull())
      .addColumn('expiresAt', wide)
      .addColumn('parent', 'text')
      .addColumn('createdAt', wide, (column) => column.notNull()),
    schema
      .createTable('unknownTag')
      .addColumn('tagKey', 'text', (column) => column.notNull())
      .addColumn('tag', 'text', (column) => column.notNull())
      .addColumn('stationId', 'text', (column) => column.notNull())
      .addColumn('firstSeenAt', wide, (column) => column.notNull())
      .addColumn('lastSeenAt', wide, (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('unknownTagKey', ['tagKey', 'stationId']),
    schema.createIndex('unknownTagByTime').on('unknownTag').column('lastSeenAt'),
  ];
}

function charging() {
  return [
    schema
      .createTable('session')
      .addColumn('transactionId', 'integer', (column) => column.primaryKey())
      .addColumn('uuid', 'text', (column) => column.notNull().unique())
      // No foreign keys: a session outlives the station, site and tag it names.
      .addColumn('stationUuid', 'text', (column) => column.notNull())
      .addColumn('stationId', 'text', (column) => column.notNull())
      .addColumn('stationName', 'text', (column) => column.notNull())
      .addColumn('siteUuid', 'text')
      .addColumn('siteName', 'text')
      .addColumn('floorName', 'text')
      .addColumn('connector', 'integer', (column) => column.notNull())
      .addColumn('evseId', 'text')
      .addColumn('authentication', 'text', (column) => column.notNull())
      .addColumn('tag', 'text')
      .addColumn('tagKey', 'text')
      .addColumn('userEmail', 'text')
      .addColumn('startedAt', wide, (column) => column.notNull())
      .addColumn('stoppedAt', wide)
      .addColumn('meterStartWh', wide, (column) => column.notNull())
      .addColumn('meterStopWh', wide)
      .addColumn('meterLastWh', wide)
      .addColumn('stopReason', 'text')
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('suspicion', 'text')
      .addColumn('receivedAt', wide, (column) => column.notNull())
      .addColumn('verdict', 'text', (column) => column.notNull()),
    schema.createIndex('sessionByStart').on('session').columns(['startedAt', 'transactionId']),
    schema.createIndex('sessionByStation').on('session').columns(['stationUuid', 'startedAt']),
    schema.createIndex('sessionBySite').on('session').columns(['siteUuid', 'startedAt']),
    schema.createIndex('sessionByTag').on('session').columns(['tagKey', 'startedAt']),
    schema.createIndex('sessionByState').on('session').columns(['state', 'startedAt']),
    schema
      .createIndex('sessionOpen')
      .on('session')
      .columns(['stationUuid', 'connector'])
      .where(sql<SqlBool>`${sql.ref('stoppedAt')} is null`),
    schema
      .createTable('meterSample')
      .addColumn('transactionId', 'integer')
      .addColumn('stationUuid', 'text')
      .addColumn('connector', 'integer')
      .addColumn('takenAt', wide, (column) => column.notNull())
      .addColumn('receivedAt', wide, (column) => column.notNull())
      .addColumn('context', 'text', (column) => column.notNull())
      .addColumn('energyWh', wide)
      .addColumn('powerW', 'double precision')
      .addColumn('currentA', 'double precision')
      .addColumn('voltageV', 'double precision')
      .addColumn('soc', 'double precision')
      .addColumn('other', 'text'),
    schema
      .createIndex('meterSampleBySession')
      .on('meterSample')
      .columns(['transactionId', 'takenAt'])
      .where(sql<SqlBool>`${sql.ref('transactionId')} is not null`),
    schema
      .createTable('remoteStart')
      .addColumn('stationUuid', 'text', (column) => column.notNull())
      .addColumn('connector', 'integer')
      .addColumn('tag', 'text', (column) => column.notNull())
      .addColumn('tagKey', 'text', (column) => column.notNull())
      .addColumn('requestedAt', wide, (column) => column.notNull()),
    schema.createIndex('remoteStartByStation').on('remoteStart').columns(['stationUuid', 'tagKey']),
  ];
}

function records() {
  return [
    schema
      .createTable('unknownStation')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('address', 'text')
      .addColumn('protocol', 'text')
      .addColumn('firstSeenAt', wide, (column) => column.notNull())
      .addColumn('lastSeenAt', wide, (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull()),
    schema.createIndex('unknownStationByTime').on('unknownStation').column('lastSeenAt'),
    schema
      .createTable('event')
      .addColumn('at', wide, (column) => column.notNull())
      .addColumn('receivedAt', wide, (column) => column.notNull())
      .addColumn('stationUuid', 'text', (column) => column.notNull())
      .addColumn('stationId', 'text', (column) => column.notNull())
      .addColumn('connector', 'integer')
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('detail', 'text', (column) => column.notNull()),
    schema.createIndex('eventByTime').on('event').column('receivedAt'),
    schema.createIndex('eventByStation').on('event').columns(['stationId', 'receivedAt']),
  ];
}

function named(table: string): CreateTableBuilder<string, string> {
  return schema
    .createTable(table)
    .addColumn('uuid', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('createdAt', wide, (column) => column.notNull()) as CreateTableBuilder<string, string>;
}

export const initial: Migration = { version: 1, name: 'initial', statements };
