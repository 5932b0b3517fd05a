import { describe, expect, it } from 'vitest';
import { candidatesFor, type Sources } from '../../../src/cli/complete/candidates.js';
import { type CommandShape, CommandTree } from '../../../src/cli/complete/command-tree.js';

const flag = (name: string, more: object = {}) => ({ name, type: 'option' as const, ...more });
const bulk = { site: flag('site'), all: flag('all', { type: 'boolean', exclusive: ['site'] }) };
const list: CommandShape = {
  id: 'station:list',
  summary: 'List stations',
  args: {},
  flags: {
    json: flag('json', { type: 'boolean', helpGroup: 'GLOBAL', summary: 'As JSON' }),
    state: flag('state', { options: ['online', 'offline'] }),
    site: flag('site', { summary: 'Of this site' }),
    filter: flag('filter', { multiple: true }),
    columns: flag('columns'),
    quiet: flag('quiet', { type: 'boolean', char: 'q', exclusive: ['columns'] }),
    pong: flag('pong', { type: 'boolean', allowNo: true }),
    'data-dir': flag('data-dir'),
    'api-key-file': flag('api-key-file'),
    secret: flag('secret', { hidden: true }),
  },
};
const show: CommandShape = { id: 'station:show', args: { id: { name: 'id' } }, flags: {} };
const set: CommandShape = {
  id: 'config:set',
  strict: false,
  args: { station: { name: 'station' }, setting: { name: 'setting' } },
  flags: { ...bulk, 'from-file': flag('from-file') },
};
const update: CommandShape = {
  id: 'connector:update',
  args: { station: { name: 'station' }, connector: { name: 'connector' } },
  flags: {},
};
const floor: CommandShape = {
  id: 'floor:show',
  args: { name: { name: 'name' } },
  flags: { site: flag('site') },
};
const remoteStop: CommandShape = {
  id: 'remote:stop',
  strict: false,
  args: { target: { name: 'target' } },
  flags: { connector: flag('connector') },
};
const hidden: CommandShape = { id: 'secret', hidden: true, args: {}, flags: {} };

const help: CommandShape = { id: 'help', args: { command: { name: 'command' } }, flags: {} };
const tree = new CommandTree([list, help, show, set, update, floor, remoteStop, hidden], {
  station: { description: 'Charging stations' },
});

/** What was asked of the fleet is told in the names that come back. */
const sources: Sources = {
  tree,
  namesFor: () => async (query) => {
    const { kind, prefix, ...rest } = query;
    const asked = Object.entries(rest).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${value}`],
    );
    return [{ name: `${prefix}<${[kind, ...asked].join(' ')}>`, about: 'of the fleet' }];
  },
  servers: async () => ['https://fleet.example'],
};

async function words(line: readonly string[], after: readonly string[] = []): Promise<string[]> {
  const found = await candidatesFor(
    { before: line.slice(0, -1), current: line.at(-1) ?? '', after },
    sources,
  );
  return found.words.map(({ word, isOpen }) => (isOpen ? `${word}…` : word));
}

it.each([
  [[''], ['config', 'connector', 'floor', 'help', 'remote', 'station']],
  [['st'], ['station']],
  [['ST'], ['station']],
  [
    ['station', ''],
    ['list', 'show'],
  ],
  [['help', 'station', 's'], ['show']],
  [['help', 'station', 'show', ''], []],
  [['sec'], []],
  [['nothing', ''], []],
  [['station', 'nothing', ''], []],
  [['station', 'list', '--st'], ['--state']],
  [
    ['station', 'list', '--state', ''],
    ['online', 'offline'],
  ],
  [
    ['station', 'list', '--state=o'],
    ['--state=online', '--state=offline'],
  ],
  [['station', 'list', '--site', 'S'], ['S<site>']],
  [['station', 'list', '--site=S'], ['--site=S<site>']],
  [['station', 'list', '--nothing='], []],
  [['station', 'list', '--no'], ['--no-pong']],
  [['station', 'list', '-q', '--colu'], []],
  [['station', 'list', '--columns', 'id,na'], ['id,name']],
  [['station', 'list', '--filter', 'onl'], ['online=…']],
  [['station', 'list', '--state', 'online', '--stat'], []],
  [['station', 'list', '--filter', 'a=b', '--fil'], ['--filter']],
  [['station', 'list', '--', '--st'], []],
  [['station', 'show', 'CP'], ['CP<station>']],
  [['station', 'show', '--', '-C'], ['-C<station>']],
  [['station', 'show', 'CP001', ''], ['--help']],
  [['connector', 'update', 'CP001', ''], ['<connector station=CP001>']],
  [['floor', 'show', '--site', 'Solna', 'P'], ['P<floor site=Solna>']],
  [['floor', 'show', '--site=Solna', ''], ['<floor site=Solna>']],
  [['config', 'set', ''], ['<station>']],
  [['config', 'set', '--site', 'Solna', 'HeartbeatI'], ['HeartbeatInterval=…']],
  [['config', 'set', '--site', 'Solna', 'AuthorizationK'], []],
  [['config', 'set', '--site', 'Solna', '--al'], []],
  [
    ['config', 'set', 'CP001', 'LocalPreAuthorize='],
    ['LocalPreAuthorize=true', 'LocalPreAuthorize=false'],
  ],
  [['config', 'set', 'CP001', 'A=1', 'x'], ['x<configuration-key station=CP001>=…']],
  [
    ['remote', 'stop', '4'],
    ['4<running-session>', '4<station>'],
  ],
  [['remote', 'stop', 'CP1', '--connector', ''], ['<connector station=CP1>']],
])('%j can become %j', async (line, expected) => {
  expect(await words(line)).toEqual(expected);
});

it('offers flags once, those of all commands last, and none that is hidden', async () => {
  const all = ['--state', '--site', '--filter', '--columns', '--quiet', '--pong', '--no-pong', '--data-dir'];
  expect(await words(['station', 'list', '--'])).toEqual([...all, '--api-key-file', '--json', '--help']);
  expect(await words(['station', 'list', '-'])).toContain('-q');
  expect(await words(['station', 'list', '--q'], ['--columns', 'id'])).toEqual([]);
});

it('takes flags behind the cursor into account', async () => {
  expect(await words(['floor', 'show', ''], ['--site', 'Kista'])).toEqual(['<floor site=Kista>']);
});

describe('files', () => {
  it.each([
    [['station', 'list', '--api-key-file', 'x'], 'files', ''],
    [['station', 'list', '--api-key-file=x'], 'files', '--api-key-file='],
    [['station', 'list', '--data-dir', ''], 'directories', ''],
    [['station', 'list', '--site', ''], 'none', ''],
  ])('%j: %s', async (line, files, start) => {
    const found = await candidatesFor(
      { before: line.slice(0, -1), current: line.at(-1) ?? '', after: [] },
      sources,
    );
    expect({ files: found.files, start: found.start }).toEqual({ files, start });
  });
});
