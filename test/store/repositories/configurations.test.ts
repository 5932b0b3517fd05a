import { describe, expect, it } from 'vitest';
import { emptyConfiguration } from '../../../src/domain/station/configuration.js';
import { storeEngines } from '../support/engines.js';
import { newStation } from '../support/fixtures.js';

describe.each(storeEngines())('configurations on $name', ({ within }) => {
  it('are kept whole, one for each station, and go with it', () =>
    within(async ({ configurations }) => {
      expect(await configurations.find('u')).toBeUndefined();
      const known = {
        ...emptyConfiguration('u'),
        reported: [{ key: 'A', value: null, readOnly: true, reportedAt: 5 }],
        readAt: 5,
        desired: { B: 'x' },
        answers: [{ key: 'B', value: 'x', status: 'Accepted', at: 6, readBack: false }],
      };
      await configurations.put(known);
      expect(await configurations.find('u')).toEqual(known);
      await configurations.put({ ...known, attempts: 2, dueAt: 9 });
      expect(await configurations.find('u')).toEqual({ ...known, attempts: 2, dueAt: 9 });
      await configurations.deleteByStation('u');
      expect(await configurations.find('u')).toBeUndefined();
    }));

  it('are due in order, only those of stations that there are', () =>
    within(async ({ stations, configurations }) => {
      for (const id of ['A', 'B', 'C', 'D']) await stations.insert(newStation(id));
      const due = { A: 20, B: 10, C: null, D: 31, gone: 5 };
      for (const [id, dueAt] of Object.entries(due)) {
        await configurations.put({ ...emptyConfiguration(`station-${id}`), dueAt });
      }
      const ids = async (now: number, limit: number) =>
        (await configurations.listDue(now, limit)).map(({ stationId }) => stationId);
      expect(await ids(30, 9)).toEqual(['B', 'A']);
      expect(await ids(31, 9)).toEqual(['B', 'A', 'D']);
      expect(await ids(31, 1)).toEqual(['B']);
    }));

  it('have templates that are the same when they match the same', () =>
    within(async ({ configurations }) => {
      await configurations.putTemplate({ match: {}, configuration: { A: '1' } }, 1);
      await configurations.putTemplate({ match: { vendor: 'Acme' }, configuration: { A: '2' } }, 1);
      await configurations.putTemplate({ match: { vendor: 'ACME' }, configuration: { A: '3' } }, 2);
      expect(await configurations.listTemplates()).toEqual([
        { match: {}, configuration: { A: '1' } },
        { match: { vendor: 'ACME' }, configuration: { A: '3' } },
      ]);
      await configurations.removeTemplate({ vendor: 'acme' });
      await configurations.removeTemplate({ vendor: 'Other' });
      expect(await configurations.listTemplates()).toEqual([{ match: {}, configuration: { A: '1' } }]);
    }));
});
