import type { TSchema } from '@sinclair/typebox';
import { errorCatalogue } from '../../domain/errors.js';
import { linesType } from './answer-lines.js';
import { bodyLimits } from './api-options.js';
import { type ServedOperation, servedOperations } from './operation-table.js';
import { pageDefault } from './paging.js';
import { problemType } from './problem.js';

type Json = Record<string, unknown>;

let text: string | undefined;

/** The description of the API, made once; the same for everybody, as it holds nothing of the fleet. */
export function openApiText(): string {
  text ??= JSON.stringify(describeApi());
  return text;
}

/** OpenAPI 3.1, made of the registry of operations. */
export function describeApi(): Json {
  const schemas: Json = { Problem: problemSchema, LoggedIn: loggedInSchema, Login: loginSchema };
  const paths: Json = { [loginPath]: { post: login } };
  for (const served of servedOperations) {
    const { name, path, operation, query } = served;
    schemas[`${name}.input`] = plain(operation.input);
    schemas[`${name}.output`] = plain(operation.output);
    paths[path] = { ...(query && { get: describeGet(served) }), post: describePost(served) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'evfleet', version: '1', description: about, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }],
    tags: [...new Set(servedOperations.map(({ name }) => nounOf(name)))].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      responses: { Problem: problemResponse },
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'evfleet api-key create, or POST /api/v1/login',
        },
      },
    },
  };
}

const about = `The operations of evfleet, each at its noun and verb. POST takes the input as JSON; operations that change nothing are also at GET where their input fits into a query.
Failures are problems (RFC 9457) with the code of the catalogue and suggestions. Streams answer with a JSON document per line; one that fails on the way ends with the line {"$error":{"code","message","suggestions"}}, and an empty line says that nothing has happened for a while.
Lists at GET come in pages: limit, offset, the header Link with rel="next", X-Total-Count. 429 says with Retry-After when to ask again.`;

function describePost({ name, operation }: ServedOperation): Json {
  const bodyMaxBytes = bodyLimits[name];
  return {
    operationId: name,
    ...common(name, operation),
    ...(bodyMaxBytes !== undefined && { 'x-body-max-bytes': bodyMaxBytes }),
    requestBody: { required: true, content: { 'application/json': { schema: reference(name, 'input') } } },
    responses: responses(name, operation, {}),
  };
}

function describeGet({ name, operation, isPaged }: ServedOperation): Json {
  const required: readonly string[] = operation.input.required ?? [];
  const properties: Record<string, TSchema> = operation.input.properties ?? {};
  const parameters = Object.entries(properties).map(([parameter, schema]) => ({
    name: parameter,
    in: 'query',
    ...(required.includes(parameter) && { required: true }),
    schema: isPaged && parameter === 'limit' ? { ...plain(schema), default: pageDefault } : plain(schema),
  }));
  return {
    operationId: `${name}.get`,
    ...common(name, operation),
    parameters,
    responses: responses(name, operation, isPaged ? { headers: pageHeaders } : {}),
  };
}

function common(name: string, { summary, access, effect }: ServedOperation['operation']): Json {
  return {
    summary,
    tags: [nounOf(name)],
    'x-roles': access.roles,
    'x-reach': access.reach,
    'x-effect': effect,
  };
}

function responses(name: string, { kind }: ServedOperation['operation'], extra: Json): Json {
  const type = kind === 'stream' ? linesType : 'application/json';
  const description = kind === 'stream' ? 'A line for each item' : 'What came of it';
  return {
    '200': { description, ...extra, content: { [type]: { schema: reference(name, 'output') } } },
    default: { $ref: '#/components/responses/Problem' },
  };
}

const pageHeaders = {
  Link: { description: 'Where the next page is, rel="next"; absent on the last', schema: { type: 'string' } },
  'X-Total-Count': { description: 'Items on all pages', schema: { type: 'integer' } },
};

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'suggestions'],
  properties: {
    type: { type: 'string', format: 'uri', description: 'urn:evfleet:error:not-found' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What failed and why' },
    code: { enum: Object.keys(errorCatalogue) },
    suggestions: { type: 'array', items: { type: 'string' }, description: 'What to do next' },
  },
};

const problemResponse = {
  description: 'It failed; the status is that of the code',
  headers: {
    'Retry-After': { description: 'With 429: seconds to wait', schema: { type: 'integer' } },
    'WWW-Authenticate': { description: 'With 401', schema: { type: 'string' } },
  },
  content: { [problemType]: { schema: { $ref: '#/components/schemas/Problem' } } },
};

const loginPath = '/api/v1/login';

const loginSchema = {
  type: 'object',
  required: ['email', 'password'],
  properties: {
    email: { type: 'string', minLength: 1, maxLength: 254 },
    password: { type: 'string', minLength: 1, maxLength: 1024 },
    label: { type: 'string', maxLength: 100, description: 'Where the key is for, as lists of keys show it' },
  },
};

const loggedInSchema = {
  type: 'object',
  required: ['key', 'id', 'email', 'role', 'expires'],
  properties: {
    key: { type: 'string', description: 'Shown this once' },
    id: { type: 'string' },
    email: { type: 'string' },
    role: { type: 'string' },
    expires: { type: ['string', 'null'], format: 'date-time' },
  },
};

const login = {
  operationId: 'login',
  summary: 'Give a person with a password a key',
  security: [],
  requestBody: {
    required: true,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Login' } } },
  },
  responses: {
    '200': {
      description: 'The key',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/LoggedIn' } } },
    },
    default: { $ref: '#/components/responses/Problem' },
  },
};

function nounOf(name: string): string {
  return name.split('.', 1)[0] ?? name;
}

function reference(name: string, side: 'input' | 'output'): Json {
  return { $ref: `#/components/schemas/${name}.${side}` };
}

/** Without what TypeBox keeps beside the schema. */
function plain(schema: TSchema): Json {
  return JSON.parse(JSON.stringify(schema)) as Json;
}
