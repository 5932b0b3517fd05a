import { validate } from '@readme/openapi-parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { operations } from '../../../src/operations/registry.js';
import { describeApi, openApiText } from '../../../src/server/api/openapi.js';
import { operationAt, servedOperations } from '../../../src/server/api/operation-table.js';
import { TestApi } from '../../helpers/test-api.js';

type Described = {
  paths: Record<string, Record<'get' | 'post', Record<string, unknown>>>;
  components: { schemas: Record<string, object> };
};

/** An array is no input of any operation; some refuse whoever comes this way, or without stations, before they look. */
function refusalOfArray(path: string): number {
  const operation = operationAt(path)?.operation;
  if (operation?.access.reach === 'machine') return 403;
  return operation?.live ? 503 : 400;
}

const described = () => describeApi() as unknown as Described;

describe('the description of the API', () => {
  it('is OpenAPI 3.1', async () => {
    const result = await validate(JSON.parse(openApiText()));
    expect(result).toMatchObject({ valid: true, warnings: [] });
  });

  it('has schemas that are JSON Schema 2020-12', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const [name, schema] of Object.entries(described().components.schemas)) {
      expect([name, ajv.validateSchema(schema), ajv.errorsText()]).toEqual([name, true, 'No errors']);
    }
  });

  it('has every operation, with who may run it', () => {
    const { paths } = described();
    const expected = Object.keys(operations).map((name) => `/api/v1/${name.replaceAll('.', '/')}`);
    expect(Object.keys(paths).sort()).toEqual([...expected, '/api/v1/login'].sort());
    expect(paths['/api/v1/site/list']?.get).toMatchObject({
      operationId: 'site.list.get',
      'x-roles': operations['site.list'].access.roles,
      'x-effect': 'read',
      parameters: expect.arrayContaining([
        { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 0, default: 100 } },
      ]),
    });
    expect(paths['/api/v1/site/create']?.get).toBeUndefined();
    expect(JSON.stringify(paths['/api/v1/session/export']?.post)).toContain('application/x-ndjson');
  });

  it('is the same each time', () => {
    expect(JSON.stringify(describeApi())).toBe(openApiText());
  });

  it('is there for everybody, and each of its paths is', async () => {
    const api = await TestApi.start({ apiLimits: { keyBurst: 1000 } });
    const answer = await api.ask('/api/v1/openapi.json', { key: null });
    expect(answer.headers['content-type']).toContain('application/json');
    const { paths } = answer.json() as Described;
    for (const [path, methods] of Object.entries(paths)) {
      const { status } = await api.ask(path, { body: [] });
      expect([path, status]).toEqual([path, refusalOfArray(path)]);
      if (!methods.get) continue;
      const { text } = await api.ask(`${path}?no-such-thing=1`);
      expect([path, text]).toEqual([path, expect.stringContaining('There is no parameter')]);
    }
  });
});

it('what can be asked for by GET changes nothing', () => {
  const changing = servedOperations.filter(({ operation, query }) => query && operation.effect !== 'read');
  expect(changing).toEqual([]);
  expect(servedOperations.filter(({ query }) => query).length).toBeGreaterThan(20);
});
