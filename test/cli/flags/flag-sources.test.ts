import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Flags } from '@oclif/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FleetCommand } from '../../../src/cli/base-command.js';
import {
  durationFlag,
  ifExistsFlag,
  instantFlag,
  integer,
  listFlags,
  timeoutFlag,
  withEnv,
  withOwnEnv,
} from '../../../src/cli/flags/flags.js';
import { type RunOptions, runCommand } from '../../helpers/run-command.js';

class Show extends FleetCommand<typeof Show> {
  static override summary = 'Show the flags';
  static override flags = withEnv({
    ...listFlags,
    ...timeoutFlag,
    ...ifExistsFlag,
    port: integer({ min: 1, max: 65_535 }),
    any: integer(),
    from: instantFlag(),
    until: instantFlag({ towards: 'future' }),
    interval: durationFlag({ minMs: 1_000, maxMs: 3_600_000 }),
    tags: Flags.string({ multiple: true, delimiter: ',' }),
    kind: Flags.option({ options: ['fast', 'slow'] as const, required: true })(),
    oclif: Flags.integer(),
    wait: Flags.boolean({ allowNo: true, default: true }),
    ...withOwnEnv('power', { rate: integer() }),
  });

  async run() {
    return { ...this.flags, dataDir: this.dataDir };
  }
}

let directory: string;
let configPath: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'evfleet-'));
  configPath = join(directory, 'config.json');
});
afterEach(() => rmSync(directory, { recursive: true }));

const show = (argv: readonly string[], options: RunOptions = {}) =>
  runCommand(Show, ['--json', ...argv], { id: 'thing:show', ...options });
const withConfig = (content: unknown, argv: readonly string[] = ['--kind', 'fast'], env = {}) => {
  writeFileSync(configPath, typeof content === 'string' ? content : JSON.stringify(content));
  return show(argv, { env: { EVFLEET_CONFIG: configPath, ...env } });
};

describe('where a value comes from', () => {
  test('flag before environment before configuration file before default', async () => {
    const config = { timeout: '3s', limit: 3, 'thing show': { limit: 4 } };
    const env = { EVFLEET_TIMEOUT: '2s' };
    const kind = ['--kind', 'fast'];
    expect((await show(kind)).json).toMatchObject({ timeout: 30_000 });
    expect((await withConfig(config)).json).toMatchObject({ timeout: 3_000, limit: 4 });
    expect((await withConfig(config, kind, env)).json).toMatchObject({ timeout: 2_000, limit: 4 });
    expect((await withConfig(config, [...kind, '--timeout', '1s'], env)).json).toMatchObject({
      timeout: 1_000,
    });
  });

  test('a flag with variables of its own takes neither the common one nor the general part of the file', async () => {
    const kind = ['--kind', 'fast'];
    const own = { EVFLEET_POWER_RATE: '2' };
    expect((await withConfig({ rate: 1 }, kind, { EVFLEET_RATE: '3' })).json).not.toHaveProperty('rate');
    expect((await withConfig({ rate: 1 }, kind, own)).json).toMatchObject({ rate: 2 });
    expect((await withConfig({ 'thing show': { rate: 4 } }, kind)).json).toMatchObject({ rate: 4 });
  });

  test('the environment satisfies a required flag, and an empty variable is none', async () => {
    expect((await show([], { env: { EVFLEET_KIND: 'slow' } })).json).toMatchObject({ kind: 'slow' });
    expect(await show([], { env: { EVFLEET_KIND: '' } })).toMatchObject({ exitCode: 2 });
  });

  test.each([
    [{ EVFLEET_FILTER: 'site=A,B' }, { filter: ['site=A,B'] }],
    [{ EVFLEET_FILTER: 'site=A\nvendor=B\n' }, { filter: ['site=A', 'vendor=B'] }],
    [{ EVFLEET_TAGS: 'a,b' }, { tags: ['a', 'b'] }],
    [{ EVFLEET_WAIT: 'no' }, { wait: false }],
    [{ EVFLEET_CSV: '1' }, { csv: true }],
    [{ EVFLEET_UTC: 'on' }, { utc: true }],
    [{ EVFLEET_LOCK_TIMEOUT: '0s' }, { 'lock-timeout': 0 }],
    [{ EVFLEET_IF_EXISTS: 'skip' }, { 'if-exists': 'skip' }],
  ])('%j', async (env, expected) => {
    expect(
      (await show(['--kind', 'fast'], { env: { ...env } as Record<string, string> })).json,
    ).toMatchObject(expected);
  });

  test('EVFLEET_JSON is --json', async () => {
    const env = { EVFLEET_JSON: 'true', EVFLEET_KIND: 'fast' };
    expect((await runCommand(Show, [], { env })).json).toMatchObject({ json: true });
    expect((await runCommand(Show, ['--nope'], { env })).json).toMatchObject({ error: { code: 'USAGE' } });
  });

  test('an explicit flag beats a broken or excluding variable', async () => {
    const env = { EVFLEET_LIMIT: 'lots', EVFLEET_ALL: '1' };
    expect((await show(['--kind', 'fast', '--limit', '5'], { env })).json).toMatchObject({ limit: 5 });
  });

  test('repeatable flags leave the arguments after them alone', async () => {
    const result = await show(['--kind', 'fast', '--filter', 'a=1', '--filter', 'b=2']);
    expect(result.json).toMatchObject({ filter: ['a=1', 'b=2'] });
  });
});

describe('a bad variable is named, its value is not', () => {
  test.each([
    [
      { EVFLEET_LIMIT: 's3cret' },
      'The environment variable EVFLEET_LIMIT does not fit: --limit takes a whole number of at least 0.',
    ],
    [{ EVFLEET_KIND: 's3cret' }, 'The environment variable EVFLEET_KIND must be one of: fast, slow.'],
    [{ EVFLEET_CSV: 's3cret' }, 'The environment variable EVFLEET_CSV must be true or false.'],
    [
      { EVFLEET_OCLIF: 's3cret' },
      'The environment variable EVFLEET_OCLIF does not fit: --oclif takes an integer.',
    ],
  ])('%j', async (env, message) => {
    const variables: Record<string, string> = { EVFLEET_KIND: 'fast', ...env };
    const { json, stderr, stdout } = await show([], { env: variables });
    expect(json).toMatchObject({ error: { code: 'USAGE', message, exitCode: 2 } });
    expect(stdout + stderr).not.toContain('s3cret');
  });
});

describe('values of flags', () => {
  test.each([
    [['--interval', '1h'], { interval: 3_600_000 }],
    [['--from', '2026-11-20T14:03Z'], { from: Date.UTC(2026, 10, 20, 14, 3) }],
    [['--port', '65535'], { port: 65_535 }],
    [['--any=-5'], { any: -5 }],
    [['--no-wait'], { wait: false }],
  ])('%j', async (argv, expected) => {
    expect((await show(['--kind', 'fast', ...argv])).json).toMatchObject(expected);
  });

  test('a bare duration is an instant where the future is meant', async () => {
    const { json } = await show(['--kind', 'fast', '--until', '1h']);
    const { until } = json as { until: number };
    expect(Math.abs(until - Date.now() - 3_600_000)).toBeLessThan(5_000);
  });

  test.each([
    [['--interval', '5'], '--interval takes a duration such as 30s, 15m, 1h30m, 2d or 500ms.'],
    [['--interval', '999ms'], '--interval takes a duration from 1s to 1h 00m.'],
    [['--interval', '3601s'], '--interval takes a duration from 1s to 1h 00m.'],
    [['--timeout', '3601s'], '--timeout takes a duration from 100ms to 1h 00m.'],
    [['--lock-timeout', '25d'], '--lock-timeout takes a duration from 0s to 24d 20h.'],
    [
      ['--from', 'soon'],
      '--from takes an instant such as 2026-11-20, 2026-11-20T14:03, 2026-11-20T14:03:05Z, now, today, yesterday or "2h ago".',
    ],
    [
      ['--from', '1h'],
      '--from takes an instant such as 2026-11-20, 2026-11-20T14:03, 2026-11-20T14:03:05Z, now, today, yesterday or "2h ago".',
    ],
    [['--port', '0'], '--port takes a whole number from 1 to 65535.'],
    [['--port', '65536'], '--port takes a whole number from 1 to 65535.'],
    [['--port', '1.5'], '--port takes a whole number from 1 to 65535.'],
    [['--any', '99999999999999999999'], '--any takes a whole number.'],
    [['--limit', '5', '--all'], '--all cannot also be provided when using --limit.'],
    [['--quiet', '--csv'], '--csv cannot also be provided when using --quiet.'],
    [['--limit'], '--limit expects a value.'],
    [['--if-exists', 'skpi'], '--if-exists takes one of: fail, skip, update.'],
  ])('%j is refused', async (argv, message) => {
    const { json } = await show(['--kind', 'fast', ...argv]);
    expect(json).toMatchObject({ error: { code: 'USAGE', message, exitCode: 2 } });
  });

  test('a missing flag is named', async () => {
    expect((await show([])).json).toMatchObject({ error: { code: 'USAGE', message: 'Missing: --kind.' } });
  });
});

describe('configuration file', () => {
  test.each([
    ['{', 'is not JSON'],
    ['[]', 'does not hold a JSON object'],
    [{ limitt: 1 }, 'names a flag that does not exist: "limitt"'],
    [{ 'thing show': { limitt: 1 } }, 'names a flag that does not exist: "thing show.limitt"'],
    [{ 'thing shwo': { limit: 1 } }, 'names a command that does not exist: "thing shwo"'],
    [{ limit: null }, 'no text, number, true, false or list of them at "limit"'],
    [{ limit: [true] }, 'no text, number, true, false or list of them at "limit"'],
    [{ limit: 'many' }, '"limit" in CONFIG does not fit: --limit takes a whole number of at least 0.'],
    [{ limit: [1, 2] }, '"limit" in CONFIG must be one value, not a list.'],
    [{ 'thing show': { csv: 'perhaps' } }, '"thing show.csv" in CONFIG must be true or false.'],
  ])('%j is a usage error that names file and key', async (content, message) => {
    const { json, exitCode } = await withConfig(content);
    const { error } = json as { error: { code: string; message: string } };
    expect([error.code, exitCode]).toEqual(['USAGE', 2]);
    expect(error.message).toContain(message.replace('CONFIG', configPath));
    expect(error.message).toContain(configPath);
  });

  test('a near name is suggested', async () => {
    expect((await withConfig({ 'thing show': { limitt: 1 } })).json).toMatchObject({
      error: { suggestions: [`"limit" in ${configPath}`] },
    });
  });

  test('one that was asked for must exist, the usual one need not', async () => {
    const missing = await show(['--kind', 'fast'], { env: { EVFLEET_CONFIG: configPath } });
    expect(missing.json).toMatchObject({
      error: { code: 'USAGE', message: expect.stringContaining('does not exist') },
    });
    expect(await show(['--kind', 'fast'], { env: { XDG_CONFIG_HOME: directory } })).toMatchObject({
      exitCode: 0,
    });
  });

  test('lists and command ids with spaces or colons', async () => {
    expect((await withConfig({ filter: ['a=1', 'b=2'], 'thing:show': { all: true } })).json).toMatchObject({
      filter: ['a=1', 'b=2'],
      all: true,
    });
  });
});

describe('data directory', () => {
  const dataDir = async (argv: readonly string[], env: Record<string, string>) =>
    ((await show(['--kind', 'fast', ...argv], { env })).json as { dataDir: string }).dataDir;

  test.each([
    [['--data-dir', '/flag'], { EVFLEET_DATA_DIR: '/env', XDG_DATA_HOME: '/xdg' }, '/flag'],
    [[], { EVFLEET_DATA_DIR: '/env', XDG_DATA_HOME: '/xdg' }, '/env'],
    [[], { XDG_DATA_HOME: '/xdg' }, '/xdg/evfleet'],
    [[], { HOME: '/home/me' }, '/home/me/.local/share/evfleet'],
    [[], { HOME: '/home/me', XDG_DATA_HOME: 'relative' }, '/home/me/.local/share/evfleet'],
    [[], { HOME: '/home/me', EVFLEET_DATA_DIR: '~/fleet' }, '/home/me/fleet'],
    [['--data-dir', 'here'], {}, join(process.cwd(), 'here')],
  ])('%j %j is %s', async (argv, env, expected) => {
    expect(await dataDir(argv, { ...env } as Record<string, string>)).toBe(expected);
  });

  test('the home directory of the system when HOME is empty', async () => {
    expect(await dataDir([], { HOME: '' })).toBe(join(homedir(), '.local/share/evfleet'));
  });
});
