import fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { FleetCommand } from '../../../src/cli/base-command.js';
import { answerLimit } from '../../../src/cli/remote/answer-limit.js';
import { normalizedServerUrl, refusePlainHttp } from '../../../src/cli/remote/server-url.js';
import { runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

class Where extends FleetCommand<typeof Where> {
  static override summary = 'Say which fleet is meant';

  async run() {
    return { server: this.server?.url ?? null, dataDir: this.dataDir };
  }
}

async function where(
  argv: readonly string[],
  { config, env = {} }: { config?: Record<string, unknown>; env?: Record<string, string> } = {},
) {
  const file = path.join(await temporaryDirectory(), 'config.json');
  await fs.writeFile(file, JSON.stringify(config ?? {}));
  const result = await runCommand(Where, [...argv, '--json'], {
    env: { EVFLEET_CONFIG: file, ...env },
    id: 'where',
  });
  return {
    ...result,
    json: result.json as { server?: string | null; error?: { message: string; suggestions: string[] } },
  };
}

const [a, b] = ['https://a.example', 'https://b.example'];

describe('which server', () => {
  test.each([
    [[], {}, {}, null],
    [['--server', a], { EVFLEET_SERVER: b }, {}, a],
    [[], { EVFLEET_SERVER: b }, { server: a }, b],
    [[], {}, { server: a }, a],
    [[], {}, { where: { server: a } }, a],
    [[], { EVFLEET_SERVER: '' }, {}, null],
    // A directory that is named closer than the server.
    [['--data-dir', '/srv'], { EVFLEET_SERVER: a }, {}, null],
    [[], { EVFLEET_DATA_DIR: '/srv' }, { server: a }, null],
    // At the same place, or farther away, the server counts.
    [[], { EVFLEET_DATA_DIR: '/srv', EVFLEET_SERVER: a }, {}, a],
    [['--server', a], { EVFLEET_DATA_DIR: '/srv' }, {}, a],
    [[], { EVFLEET_SERVER: a }, { 'data-dir': '/srv' }, a],
    [[], {}, { 'data-dir': '/srv', server: a }, a],
    // This machine, whatever is the default.
    [['--server', 'local'], { EVFLEET_SERVER: a }, { server: b }, null],
    [[], { EVFLEET_SERVER: 'local' }, { server: b }, null],
  ])('%j with %j and %j is %s', async (argv, env, config, server) => {
    const { json, exitCode } = await where(argv, { env: env as Record<string, string>, config });
    expect([json.server, exitCode]).toEqual([server, 0]);
  });

  test('server and directory on one command line are a mistake', async () => {
    const { json, exitCode } = await where(['--server', a, '--data-dir', '/srv']);
    expect([json.error?.message, exitCode]).toEqual([
      '--server and --data-dir are two places; a command works on one.',
      2,
    ]);
  });

  test.each(['api-key', 'api_key', 'apiKey', 'EVFLEET_API_KEY', 'token'])(
    'a key in the configuration file (%s) is refused, and not repeated',
    async (name) => {
      const { stdout, json, exitCode } = await where([], { config: { [name]: 'evf_secret' } });
      expect(exitCode).toBe(2);
      expect(json.error?.message).toMatch(/is no place for a key/);
      expect(json.error?.suggestions.join()).toContain('api-key-file');
      expect(stdout).not.toContain('evf_secret');
    },
  );
});

describe('addresses', () => {
  test.each([
    ['https://Fleet.Example.com', 'https://fleet.example.com'],
    ['https://fleet.example.com:443/', 'https://fleet.example.com'],
    ['https://fleet.example.com:9223', 'https://fleet.example.com:9223'],
    ['https://fleet.example.com/evfleet//', 'https://fleet.example.com/evfleet'],
    ['http://127.1:9223', 'http://127.0.0.1:9223'],
    ['https://[::1]:9223', 'https://[::1]:9223'],
  ])('%s is kept as %s', (typed, url) => {
    expect(normalizedServerUrl(typed)).toBe(url);
  });

  test.each([
    'fleet.example.com',
    'fleet.example.com:9223',
    'ws://fleet.example.com',
    'https://ada:hunter2@fleet.example.com',
    'https://fleet.example.com/?key=hunter2',
    'https://',
    '',
  ])('%j is none, and not repeated', async (typed) => {
    const { stdout, exitCode } = await where(['--server', typed]);
    expect(exitCode).toBe(2);
    expect(stdout).toContain('--server https://fleet.example.com:9223');
    expect(stdout).not.toContain('hunter2');
  });

  test.each([
    'http://127.0.0.1:9223',
    'http://localhost:9223',
    'http://[::1]:9223',
    'https://fleet.example.com',
  ])('%s may be told a key', (url) => refusePlainHttp(url, { isAllowed: false }));

  test.each(['http://fleet.example.com:9223', 'http://192.168.1.4:9223', 'http://127.0.0.1.example.com'])(
    '%s may not, unless a flag insists',
    (url) => {
      expect(() => refusePlainHttp(url, { isAllowed: false })).toThrow(
        expect.objectContaining({
          code: 'USAGE',
          suggestions: expect.arrayContaining([expect.stringContaining('https://')]),
        }),
      );
      refusePlainHttp(url, { isAllowed: true });
    },
  );
});

test.each([
  ['site.list', {}, 60_000],
  ['site.list', undefined, 60_000],
  ['remote.start', { timeoutMs: 30_000 }, 90_000],
  ['remote.start', { timeoutMs: 30_000, waitMs: 300_000 }, 390_000],
  ['remote.start', { timeoutMs: 30_000, waitMs: null }, 90_000],
  ['store.backup', { file: '/x' }, 3_600_000],
  ['tag-import.append', {}, 60_000],
  ['tag-import.finish', {}, 3_600_000],
])('%s with %j may take %d ms to answer', (name, input, limitMs) => {
  expect(answerLimit(name, input)).toBe(limitMs);
});
