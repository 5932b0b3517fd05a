import { describe, expect, it } from 'vitest';
import { applyListQuery, type ListQuery } from '../../src/operations/list.js';
import { failure } from '../helpers/failure.js';

const fields = ['id', 'power', 'site'];
const rows = [
  { id: 'CP10', power: 22, site: 'Solna' },
  { id: 'cp2', power: null, site: null },
  { id: 'CP1', power: 3.7, site: 'Berlin' },
];
const ids = (query: ListQuery) => applyListQuery(rows, query, fields).items.map(({ id }) => id);

async function refusal(query: ListQuery) {
  return failure(
    Promise.resolve().then(() => applyListQuery(rows, query, fields)),
    'USAGE',
  );
}

describe('list query', () => {
  it.each<[string, ListQuery, string[]]>([
    ['as it is', {}, ['CP10', 'cp2', 'CP1']],
    ['text with numbers by their value, in any case', { sort: 'id' }, ['CP1', 'cp2', 'CP10']],
    ['descending', { sort: '-id' }, ['CP10', 'cp2', 'CP1']],
    ['numbers, absent ones last', { sort: 'power' }, ['CP1', 'CP10', 'cp2']],
    ['absent ones last when descending too', { sort: '-power' }, ['CP10', 'CP1', 'cp2']],
    ['a filter in any case', { filter: ['site=SOLNA'] }, ['CP10']],
    ['a filter for nothing', { filter: ['site='] }, ['cp2']],
    ['a filter by number', { filter: ['power=3.7'] }, ['CP1']],
    ['filters that all must hold', { filter: ['site=Solna', 'id=CP1'] }, []],
    ['a limit after sorting', { sort: 'id', limit: 1 }, ['CP1']],
    ['no items at all', { limit: 0 }, []],
    ['from the second on', { sort: 'id', offset: 1 }, ['cp2', 'CP10']],
    ['a page', { sort: 'id', offset: 1, limit: 1 }, ['cp2']],
    ['a page behind the end', { offset: 3, limit: 1 }, []],
  ])('%s', (_, query, expected) => {
    expect(ids(query)).toEqual(expected);
  });

  it('tells how many there are without the limit', () => {
    expect(applyListQuery(rows, { limit: 1, filter: ['id=CP1'] }, fields).total).toBe(1);
    expect(applyListQuery(rows, { limit: 1 }, fields).total).toBe(3);
    expect(applyListQuery(rows, { offset: 5 }, fields).total).toBe(3);
  });

  it('leaves the rows it was given in their order', () => {
    applyListQuery(rows, { sort: 'id' }, fields);
    expect(rows[0]?.id).toBe('CP10');
  });

  it.each([
    [{ sort: 'poewr' }, 'There is no field "poewr" to sort by.', '--sort power'],
    [{ filter: ['sit=x'] }, 'There is no field "sit" to filter by.', '--filter site=…'],
    [{ sort: 'zzzzzzzz' }, 'There is no field "zzzzzzzz" to sort by.', 'The fields are: id, power, site.'],
    [{ filter: ['site'] }, 'The filter "site" is not of the form field=value.', '--filter id=…'],
    [{ filter: ['=x'] }, 'The filter "=x" is not of the form field=value.', '--filter id=…'],
  ])('%j is explained', async (query, message, suggestion) => {
    const error = await refusal(query);
    expect(error.message).toBe(message);
    expect(error.suggestions).toEqual([suggestion]);
  });
});
