import { emptyConfiguration } from '../../../src/domain/station/configuration.js';
import { newDiagnostics, newImage, newRollout, newTarget } from './fixtures.js';
import { huge, low, odd } from './odd-values.js';
import type { QuestionsTo } from './question.js';

export const stationQuestions: QuestionsTo<
  'diagnostics' | 'configurations' | 'firmwareImages' | 'firmwareRollouts'
> = {
  diagnostics: {
    insert: [(r) => r.diagnostics.insert(newDiagnostics({ fileName: odd, sizeBytes: huge }))],
    find: [1, huge].map((id) => (r) => r.diagnostics.find(id)),
    findOpen: [
      (r) => r.diagnostics.findOpen('station-CP1', 'GetDiagnostics'),
      (r) => r.diagnostics.findOpen('station-CP1', 'GetLog'),
      (r) => r.diagnostics.findOpen(odd, 'GetLog'),
    ],
    update: [
      (r) => r.diagnostics.update(1, { state: 'failed', reported: odd, endedAt: huge, action: 'GetLog' }),
      (r) => r.diagnostics.update(2, {}),
      (r) => r.diagnostics.update(huge, { sizeBytes: huge }),
    ],
    endOlder: [
      (r) =>
        r.diagnostics.endOlder(
          { id: huge, stationUuid: 'station-CP1', action: 'GetDiagnostics' },
          { state: 'failed', reported: odd, endedAt: low },
        ),
    ],
    endAll: [(r) => r.diagnostics.endAll({ state: 'failed', reported: null, endedAt: huge })],
    list: [
      (r) => r.diagnostics.list({}, { limit: huge }),
      (r) => r.diagnostics.list({ stationId: 'CP1' }, { limit: 1, before: huge }),
      (r) => r.diagnostics.list({ siteUuids: ['s'] }, { limit: 9 }),
      (r) => r.diagnostics.list({ stationId: odd }, { limit: 9, before: 1 }),
    ],
    count: [(r) => r.diagnostics.count({}), (r) => r.diagnostics.count({ stationId: odd })],
    listOld: [(r) => r.diagnostics.listOld(huge, huge), (r) => r.diagnostics.listOld(0, 1)],
    delete: [(r) => r.diagnostics.delete(1), (r) => r.diagnostics.delete(huge)],
  },
  configurations: {
    find: [(r) => r.configurations.find('station-CP1'), (r) => r.configurations.find(odd)],
    put: [
      (r) => r.configurations.put({ ...emptyConfiguration('station-CP1'), desired: { a: odd }, attempts: 1 }),
      (r) => r.configurations.put(emptyConfiguration(odd)),
    ],
    listDue: [
      (r) => r.configurations.listDue(huge, huge),
      (r) => r.configurations.listDue(huge, 1),
      (r) => r.configurations.listDue(low, 9),
    ],
    deleteByStation: [
      (r) => r.configurations.deleteByStation('station-cp1'),
      (r) => r.configurations.deleteByStation('none'),
    ],
    listTemplates: [(r) => r.configurations.listTemplates()],
    putTemplate: [
      (r) => r.configurations.putTemplate({ match: { vendor: 'äb*' }, configuration: { b: '' } }, huge),
      (r) => r.configurations.putTemplate({ match: { model: odd }, configuration: { b: odd } }, low),
    ],
    removeTemplate: [
      (r) => r.configurations.removeTemplate({ vendor: 'Äb*' }),
      (r) => r.configurations.removeTemplate({ model: 'none' }),
    ],
  },
  firmwareImages: {
    insert: [(r) => r.firmwareImages.insert(newImage(odd))],
    findByUuid: ['image-2.0', odd].map((uuid) => (r) => r.firmwareImages.findByUuid(uuid)),
    find: ['ä', '2.0', odd].map(
      (version) => (r) => r.firmwareImages.find({ vendor: 'ACME', model: 'box', version }),
    ),
    list: [(r) => r.firmwareImages.list(), (r) => r.firmwareImages.list({ vendor: 'ACME', version: 'ä' })],
    delete: ['image-2.0', 'none'].map((uuid) => (r) => r.firmwareImages.delete(uuid)),
  },
  firmwareRollouts: {
    nextId: [(r) => r.firmwareRollouts.nextId()],
    insert: [(r) => r.firmwareRollouts.insert(newRollout(5), [newTarget(5, odd), newTarget(5, 'x')])],
    update: [
      (r) => r.firmwareRollouts.update(huge, { state: 'stopped', wave: huge, endedAt: huge }),
      (r) => r.firmwareRollouts.update(1, {}),
      (r) => r.firmwareRollouts.update(low, { wave: 1 }),
    ],
    find: [1, huge, low].map((id) => (r) => r.firmwareRollouts.find(id)),
    list: [
      (r) => r.firmwareRollouts.list({ limit: 9 }, { siteUuids: ['s'] }),
      (r) => r.firmwareRollouts.list({ limit: huge }),
      (r) => r.firmwareRollouts.list({ limit: 1, before: huge }),
    ],
    listOpen: [(r) => r.firmwareRollouts.listOpen()],
    removeOld: [(r) => r.firmwareRollouts.removeOld(1), (r) => r.firmwareRollouts.removeOld(0)],
    tally: [1, huge, low].map((id) => (r) => r.firmwareRollouts.tally(id)),
    findOpenTarget: ['CP1', '_', odd].map((id) => (r) => r.firmwareRollouts.findOpenTarget(`station-${id}`)),
    listTargets: [
      (r) => r.firmwareRollouts.listTargets({}, { limit: huge }),
      (r) => r.firmwareRollouts.listTargets({ rolloutId: huge, wave: 1 }, { limit: 1, offset: 1 }),
      (r) =>
        r.firmwareRollouts.listTargets({ stationId: 'CP1', states: ['offered', 'failed'] }, { limit: 9 }),
      (r) => r.firmwareRollouts.listTargets({ siteUuids: ['s'] }, { limit: 9 }),
    ],
    listOverdue: [
      (r) => r.firmwareRollouts.listOverdue(9, 5),
      (r) => r.firmwareRollouts.listOverdue(8, 5),
      (r) => r.firmwareRollouts.listOverdue(huge, 0),
    ],
    updateTarget: [
      (r) =>
        r.firmwareRollouts.updateTarget(newTarget(huge, '_'), {
          state: 'failed',
          detail: odd,
          endedAt: huge,
        }),
      (r) => r.firmwareRollouts.updateTarget(newTarget(1, 'CP1'), {}),
      (r) => r.firmwareRollouts.updateTarget(newTarget(low, 'CP1'), { failures: 1 }),
    ],
    countUses: ['image-2.0', 'image-Ä', odd].map((uuid) => (r) => r.firmwareRollouts.countUses(uuid)),
  },
};
