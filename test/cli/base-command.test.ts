import { Args } from '@oclif/core';
import { describe, expect, test } from 'vitest';
import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv, yesFlag } from '../../src/cli/flags/flags.js';
import { confirm } from '../../src/cli/prompt.js';
import { FleetError } from '../../src/domain/errors.js';
import type { Fleet } from '../../src/operations/fleet.js';
import * as format from '../../src/views/format.js';
import type { ListView } from '../../src/views/table.js';
import { runCommand } from '../helpers/run-command.js';

interface Row {
  readonly id: string;
  readonly online: boolean;
  readonly lastSeen: string | null;
}

const view: ListView<Row> = {
  columns: {
    id: { title: 'ID' },
    online: { title: 'Online', show: (value, _row, { paint }) => (value ? paint.green('yes') : 'no') },
    lastSeen: { title: 'Last seen', show: (value, _row, terminal) => format.instant(value, terminal) },
  },
  defaults: ['id', 'online', 'lastSeen'],
  id: (row) => row.id,
};

class List extends FleetCommand<typeof List> {
  static override summary = 'List';
  static override flags = withEnv(listFlags);

  async run() {
    const { limit = 412 } = this.listQuery(this.flags);
    const row = (index: number) => ({
      id: `CP-${index}`,
      online: true,
      lastSeen: '2026-11-20T13:03:05.678Z',
    });
    const items = Array.from({ length: Math.min(limit, 412) }, (_, index) => row(index));
    return this.printList(this.flags, { items, total: 412 }, view);
  }
}

const lineCount = (text: string) => text.split('\n').length - 1;
const env = { TZ: 'UTC' };

describe('a list', () => {
  test('on a terminal shows 50 rows and says so on stderr', async () => {
    const { stdout, stderr } = await runCommand(List, ['--utc'], {
      columns: 100,
      env: { ...env, TERM: 'xterm' },
    });
    expect(lineCount(stdout)).toBe(51);
    expect(stdout.split('\n')[1]).toBe('CP-0   \u001b[32myes\u001b[39m     2026-11-20 13:03:05Z');
    expect(stderr).toBe('50 of 412: --all shows the rest, --limit and --filter choose.\n');
  });

  test.each([
    [['--all'], 413, ''],
    [['--limit', '3'], 4, '3 of 412: --all shows the rest, --limit and --filter choose.\n'],
    [['-q'], 412, ''],
    [['--csv'], 413, ''],
    [['--no-header', '--all'], 412, ''],
  ])('on a terminal with %j has %d lines', async (argv, lines, note) => {
    const { stdout, stderr } = await runCommand(List, argv, { columns: 100, env });
    expect([lineCount(stdout), stderr]).toEqual([lines, note]);
  });

  test('on a terminal with --json is whole', async () => {
    const { json, stdout } = await runCommand(List, ['--json'], { columns: 100, env });
    expect(json).toHaveLength(412);
    expect(stdout).toMatch(/^\[\n {2}\{\n {4}"id": "CP-0",\n/);
  });

  test('piped is whole, raw, in UTC and silent', async () => {
    const { stdout, stderr } = await runCommand(List, [], { env: { TZ: 'Asia/Tokyo' } });
    expect(lineCount(stdout)).toBe(413);
    expect(stdout.split('\n')[1]).toBe('CP-0\ttrue\t2026-11-20T13:03:05.678Z');
    expect(stderr).toBe('');
  });

  test.each([
    ['NO_COLOR', { NO_COLOR: '1' }, []],
    ['TERM=dumb', { TERM: 'dumb' }, []],
    ['--no-color', {}, ['--no-color']],
    ['EVFLEET_NO_COLOR', { EVFLEET_NO_COLOR: '1' }, []],
  ])('%s takes the colours off', async (_what, more, argv) => {
    const { stdout } = await runCommand(List, argv, { columns: 100, env: { ...env, ...more } });
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain('CP-0   yes');
  });

  test('an error is coloured on a terminal only', async () => {
    expect((await runCommand(List, ['--columns', 'di'], { env })).stderr).toBe(
      'Error: There is no column "di".\nTry: --columns id\nThe columns are: id, online, lastSeen.\n',
    );
  });
});

describe('a result', () => {
  class Give extends FleetCommand<typeof Give> {
    static override summary = 'Give';
    static override args = { value: Args.string({ required: true }) };
    async run() {
      this.say('progress');
      this.warn('careful');
      await this.print('for people\n');
      return JSON.parse(this.args.value);
    }
  }

  test.each(['null', '0', '""', 'false', '[]', '{"a":1}'])('%s is exactly one document', async (value) => {
    const { json, stderr, exitCode } = await runCommand(Give, [value, '--json']);
    expect(json).toEqual(JSON.parse(value));
    expect([stderr, exitCode]).toEqual(['progress\nWarning: careful\n', 0]);
  });

  test('without --json is what the command prints', async () => {
    expect(await runCommand(Give, ['1'])).toMatchObject({ stdout: 'for people\n' });
  });
});

describe('the fleet', () => {
  class Use extends FleetCommand<typeof Use> {
    static override summary = 'Use';
    static override args = { what: Args.string({ required: true }) };
    static readonly log: string[] = [];

    protected override async openFleet(): Promise<Fleet> {
      Use.log.push('open');
      const close = async () => {
        Use.log.push('close');
        if (this.args.what === 'close') throw new FleetError('STORE_FAILED', 'The disk is full.');
      };
      if (this.args.what === 'open') throw new FleetError('STORE_LOCKED', 'Locked.');
      return { close } as Fleet;
    }

    async run() {
      if (this.args.what === 'none') return;
      await this.fleet();
      await this.fleet();
      if (this.args.what === 'fail') throw new FleetError('NOT_FOUND', 'No such thing.');
      return { done: true };
    }
  }

  test.each([
    ['none', 0, []],
    ['use', 0, ['open', 'close']],
    ['fail', 5, ['open', 'close']],
    ['open', 6, ['open']],
    ['close', 1, ['open', 'close']],
  ])('%s: exit %d, %j', async (what, exit, log) => {
    for (const json of [[], ['--json']]) {
      Use.log.length = 0;
      const result = await runCommand(Use, [what, ...json]);
      expect([result.exitCode, Use.log]).toEqual([exit, log]);
      if (json.length > 0) expect(() => result.json).not.toThrow();
      else expect(result.stderr.startsWith('Error: ')).toBe(exit !== 0);
    }
  });
});

describe('a question', () => {
  class Delete extends FleetCommand<typeof Delete> {
    static override summary = 'Delete';
    static override flags = withEnv(yesFlag);
    async run() {
      await confirm(this, 'Delete it?');
      return { deleted: true };
    }
  }

  test.each([[[]], [['--json']], [['--no-input']]])('with nobody to ask %j names the flag', async (argv) => {
    const { exitCode, stdout, stderr } = await runCommand(Delete, argv);
    expect(exitCode).toBe(2);
    expect(stdout + stderr).toContain('--yes is missing');
  });

  test.each([
    [['--yes'], {}],
    [['-y'], {}],
    [[], { EVFLEET_YES: '1' }],
  ])('%j %j is an answer', async (argv, more) => {
    expect(await runCommand(Delete, argv, { env: { ...more } as Record<string, string> })).toMatchObject({
      exitCode: 0,
    });
  });
});

test('flags are typed and checked before run', async () => {
  const { stderr, exitCode } = await runCommand(List, ['--limit', '-1']);
  expect([stderr, exitCode]).toEqual([
    'Error: --limit takes a whole number of at least 0.\nTry: evfleet list --help\n',
    2,
  ]);
});
