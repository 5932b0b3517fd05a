import { type CompiledQuery, type SqlBool, sql } from 'kysely';
import { build } from '../queries.js';
import type { Migration } from './migration.js';

const { schema } = build;

const wide = 'bigint';

function statements(): CompiledQuery<unknown>[] {
  return [...users(), ...tags(), ...imports(), ...keys(), ...audit()].map((builder) => builder.compile());
}

function users() {
  return [
    schema
      .createTable('user')
      .addColumn('uuid', 'text', (column) => column.primaryKey())
      .addColumn('email', 'text', (column) => column.notNull())
      .addColumn('emailKey', 'text', (column) => column.notNull().unique())
      .addColumn('firstName', 'text')
      .addColumn('lastName', 'text')
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('passwordHash', 'text')
      .addColumn('disabled', 'integer', (column) => column.notNull())
      .addColumn('emailAtAlarm', 'integer', (column) => column.notNull())
      .addColumn('createdAt', wide, (column) => column.notNull()),
    schema
      .createTable('userSite')
      .addColumn('userUuid', 'text', (column) => column.notNull().references('user.uuid'))
      .addColumn('siteUuid', 'text', (column) => column.notNull().references('site.uuid'))
      .addPrimaryKeyConstraint('userSiteKey', ['userUuid', 'siteUuid']),
    schema.createIndex('userSiteBySite').on('userSite').column('siteUuid'),
    schema.alterTable('session').addColumn('userUuid', 'text'),
    schema.createIndex('sessionByUser').on('session').columns(['userUuid', 'startedAt']),
    // Of people who were deleted, and of addresses that nobody has: otherwise all sessions would be gone through.
    schema
      .createIndex('sessionByEmail')
      .on('session')
      .expression(sql`lower(${sql.ref('userEmail')})`)
      .where(sql<SqlBool>`${sql.ref('userEmail')} is not null`),
    // Of a tag, how many sessions run: asked at every start.
    schema
      .createIndex('sessionOpenByTag')
      .on('session')
      .column('tagKey')
      .where(sql<SqlBool>`${sql.ref('stoppedAt')} is null`),
  ];
}

function tags() {
  return [
    schema.alterTable('tag').addColumn('userUuid', 'text', (column) => column.references('user.uuid')),
    schema.alterTable('tag').addColumn('maxActive', 'integer'),
    schema.alterTable('tag').addColumn('restricted', 'integer', (column) => column.notNull().defaultTo(0)),
    schema.createIndex('tagByUser').on('tag').column('userUuid'),
    schema
      .createTable('tagSite')
      .addColumn('tagKey', 'text', (column) => column.notNull())
      .addColumn('siteUuid', 'text', (column) => column.notNull().references('site.uuid'))
      .addPrimaryKeyConstraint('tagSiteKey', ['tagKey', 'siteUuid']),
    schema.createIndex('tagSiteBySite').on('tagSite').column('siteUuid'),
    schema
      .createTable('tagGroup')
      .addColumn('tagKey', 'text', (column) => column.notNull())
      .addColumn('groupUuid', 'text', (column) => column.notNull().references('stationGroup.uuid'))
      .addPrimaryKeyConstraint('tagGroupKey', ['tagKey', 'groupUuid']),
    schema.createIndex('tagGroupByGroup').on('tagGroup').column('groupUuid'),
  ];
}

/** Tags wait here while they are imported, so that the last step is short and takes all of them. */
function imports() {
  return [
    schema
      .createTable('tagImport')
      .addColumn('uuid', 'text', (column) => column.primaryKey())
      .addColumn('caller', 'text', (column) => column.notNull())
      .addColumn('begunAt', wide, (column) => column.notNull())
      .addColumn('touchedAt', wide, (column) => column.notNull())
      .addColumn('columns', 'text', (column) => column.notNull())
      .addColumn('ifExists', 'text', (column) => column.notNull())
      .addColumn('rows', 'integer', (column) => column.notNull())
      .addColumn('bad', 'integer', (column) => column.notNull())
      .addColumn('created', 'integer', (column) => column.notNull())
      .addColumn('updated', 'integer', (column) => column.notNull())
      .addColumn('skipped', 'integer', (column) => column.notNull())
      .addColumn('unchanged', 'integer', (column) => column.notNull()),
    schema
      .createTable('stagedTag')
      .addColumn('tagKey', 'text', (column) => column.primaryKey())
      .addColumn('tag', 'text', (column) => column.notNull())
      .addColumn('label', 'text')
      .addColumn('blocked', 'integer', (column) => column.notNull())
      .addColumn('expiresAt', wide)
      .addColumn('parent', 'text')
      .addColumn('createdAt', wide, (column) => column.notNull())
      .addColumn('userUuid', 'text')
      .addColumn('maxActive', 'integer')
      .addColumn('restricted', 'integer', (column) => column.notNull())
      .addColumn('line', 'integer', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull()),
    schema
      .createTable('stagedTagPlace')
      .addColumn('tagKey', 'text', (column) => column.notNull())
      .addColumn('siteUuid', 'text')
      .addColumn('groupUuid', 'text'),
  ];
}

function keys() {
  return [
    schema
      .createTable('apiKey')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('userUuid', 'text', (column) => column.notNull().references('user.uuid'))
      .addColumn('label', 'text')
      .addColumn('secretHash', 'text', (column) => column.notNull())
      .addColumn('readOnly', 'integer', (column) => column.notNull())
      .addColumn('origin', 'text', (column) => column.notNull())
      .addColumn('expiresAt', wide)
      .addColumn('createdAt', wide, (column) => column.notNull())
      .addColumn('lastUsedAt', wide)
      .addColumn('revokedAt', wide),
    schema.createIndex('apiKeyByUser').on('apiKey').column('userUuid'),
  ];
}

function audit() {
  return [
    schema
      .createTable('audit')
      .addColumn('sequence', 'integer', (column) => column.primaryKey())
      .addColumn('at', wide, (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('actorKey', 'text', (column) => column.notNull())
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('way', 'text', (column) => column.notNull())
      .addColumn('address', 'text')
      .addColumn('keyId', 'text')
      .addColumn('operation', 'text', (column) => column.notNull())
      .addColumn('kind', 'text')
      .addColumn('target', 'text')
      .addColumn('targetKey', 'text')
      .addColumn('before', 'text')
      .addColumn('after', 'text')
      .addColumn('input', 'text')
      .addColumn('outcome', 'text', (column) => column.notNull()),
    schema.createIndex('auditByTime').on('audit').column('at'),
    schema.createIndex('auditByActor').on('audit').columns(['actorKey', 'sequence']),
    schema.createIndex('auditByTarget').on('audit').columns(['targetKey', 'sequence']),
  ];
}

/** Users, whose tags they are, API keys, and the record of who changed what. */
export const people: Migration = { version: 14, name: 'people', statements };
