import { importedColumns } from '../../../src/domain/import/tag-import-repository.js';
import { newApiKey, newAuditEntry, newTag, newTagImport, newUser } from './fixtures.js';
import { huge, low, odd } from './odd-values.js';
import type { QuestionsTo } from './question.js';

export const peopleQuestions: QuestionsTo<
  'users' | 'apiKeys' | 'audit' | 'tags' | 'tagImports' | 'settings'
> = {
  users: {
    findByEmail: [(r) => r.users.findByEmail('ADA@EXAMPLE.ORG'), (r) => r.users.findByEmail(odd)],
    findByUuid: [(r) => r.users.findByUuid('user-bob@example.org'), (r) => r.users.findByUuid('none')],
    list: [
      (r) => r.users.list(),
      (r) => r.users.list({ siteUuids: ['s', 'u'] }),
      (r) => r.users.list({ siteUuids: ['u'] }),
      (r) => r.users.list({ siteUuids: [] }),
    ],
    insert: [(r) => r.users.insert(newUser(odd, { siteUuids: ['s', 's'], emailAtAlarm: true }))],
    update: [
      (r) =>
        r.users.update('user-Ada@example.org', { email: 'ÁDA@example.org', disabled: false, siteUuids: [] }),
      (r) => r.users.update('user-Ada@example.org', {}),
      (r) => r.users.update('none', { role: 'admin' }),
    ],
    delete: [(r) => r.users.delete('user-Ada@example.org'), (r) => r.users.delete('none')],
  },
  apiKeys: {
    find: [(r) => r.apiKeys.find('k1'), (r) => r.apiKeys.find('K1')],
    list: [(r) => r.apiKeys.list(), (r) => r.apiKeys.list({ userUuid: 'none' })],
    insert: [(r) => r.apiKeys.insert(newApiKey(odd, 'user-bob@example.org', { lastUsedAt: huge }))],
    update: [
      (r) => r.apiKeys.update('k1', { revokedAt: huge, label: null }),
      (r) => r.apiKeys.update('k1', {}),
      (r) => r.apiKeys.update('none', { lastUsedAt: 1 }),
    ],
    delete: [(r) => r.apiKeys.delete('k1'), (r) => r.apiKeys.delete('none')],
    deleteByUser: [
      (r) => r.apiKeys.deleteByUser('user-bob@example.org'),
      (r) => r.apiKeys.deleteByUser('none'),
    ],
  },
  audit: {
    insert: [(r) => r.audit.insert([newAuditEntry(3, { after: odd }), newAuditEntry(2)])],
    list: [
      (r) => r.audit.list({}, { limit: 10 }),
      (r) => r.audit.list({ actor: 'ada@EXAMPLE.org', operation: 'site', kind: 'site' }, { limit: 1 }),
      (r) =>
        r.audit.list({ operation: 'site.create', target: 'Depot', outcome: 'ok' }, { limit: 9, before: 2 }),
      (r) => r.audit.list({ from: 1, to: huge }, { limit: 9 }),
      (r) => r.audit.list({ target: 'Depot', outcome: 'failed' }, { limit: 9 }),
    ],
    count: [(r) => r.audit.count({}), (r) => r.audit.count({ outcome: 'NOT_ALLOWED' })],
  },
  tags: {
    find: [(r) => r.tags.find('CAFE'), (r) => r.tags.find(odd), (r) => r.tags.find('a\0b')],
    list: [
      (r) => r.tags.list(),
      (r) => r.tags.list({ userUuid: 'user-bob@example.org' }),
      (r) => r.tags.list({ siteUuids: ['s'] }),
      (r) => r.tags.list({ siteUuids: ['u'] }),
      (r) => r.tags.list({ siteUuids: [] }),
      (r) => r.tags.list({ groupUuid: 'g' }),
      (r) => r.tags.list({ after: 'BEEF', limit: 2 }),
      (r) => r.tags.list({ limit: 2, offset: 1 }),
      (r) => r.tags.list({ before: 'Cafe', limit: 1, siteUuids: ['u'] }),
    ],
    count: [
      (r) => r.tags.count(),
      (r) => r.tags.count({ parent: 'CAFE' }),
      (r) => r.tags.count({ parent: odd, siteUuids: ['s'], limit: 1 }),
    ],
    insert: [(r) => r.tags.insert(newTag(odd))],
    insertMany: [(r) => r.tags.insertMany([newTag('many'), newTag('other', { siteUuids: ['s'] })])],
    update: [
      (r) => r.tags.update('CAFE', { blocked: false, expiresAt: null, label: null }),
      (r) => r.tags.update('none', { blocked: true }),
      (r) => r.tags.update('C0DE', { siteUuids: [], groupUuids: [], maxActive: 1 }),
    ],
    delete: [(r) => r.tags.delete('BEEF'), (r) => r.tags.delete('none')],
    noteUnknown: [(r) => r.tags.noteUnknown('f00d', 'CP1', huge), (r) => r.tags.noteUnknown(odd, odd, low)],
    listUnknown: [(r) => r.tags.listUnknown()],
    forgetUnknown: [(r) => r.tags.forgetUnknown('F00d'), (r) => r.tags.forgetUnknown('none')],
  },
  tagImports: {
    find: [(r) => r.tagImports.find()],
    insert: [(r) => r.tagImports.insert(newTagImport('other', { columns: [...importedColumns] }))],
    update: [
      (r) => r.tagImports.update('import', { touchedAt: huge, rows: 2, caller: odd }),
      (r) => r.tagImports.update('import', { columns: ['label'] }),
      (r) => r.tagImports.update('none', { bad: 1 }),
      (r) => r.tagImports.update('import', {}),
    ],
    findLine: [(r) => r.tagImports.findLine('STAGED'), (r) => r.tagImports.findLine(odd)],
    stage: [
      (r) =>
        r.tagImports.stage([
          { tag: newTag(odd, { label: odd, expiresAt: huge }), line: 4, action: 'create' },
          { tag: newTag('x', { siteUuids: ['s', 's'] }), line: 5, action: 'leave' },
        ]),
      (r) => r.tagImports.stage([]),
    ],
    apply: [(r) => r.tagImports.apply([...importedColumns])],
    clear: [(r) => r.tagImports.clear()],
  },
  settings: {
    list: [(r) => r.settings.list()],
    findUpdatedAt: [
      (r) => r.settings.findUpdatedAt('backup.directory'),
      (r) => r.settings.findUpdatedAt('backup.keep'),
    ],
    set: [
      (r) => r.settings.set('backup.directory', '', low),
      (r) => r.settings.set('backup.keep', odd, huge),
    ],
    remove: [(r) => r.settings.remove('backup.directory'), (r) => r.settings.remove('backup.time')],
  },
};
