import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import * as format from '../../src/views/format.js';
import { type RecordView, renderRecord } from '../../src/views/record.js';
import { type ListOptions, type ListView, renderList } from '../../src/views/table.js';
import { createTerminal } from '../../src/views/terminal.js';
import { textWidth } from '../../src/views/text-width.js';

interface Row {
  readonly id: string;
  readonly name: string | null;
  readonly online: boolean;
  readonly energyKwh: number;
  readonly lastSeen: string | null;
}

const view: ListView<Row> = {
  columns: {
    id: { title: 'ID' },
    name: { title: 'Name' },
    online: {
      title: 'Online',
      show: (value, _row, { paint }) => (value ? paint.green('yes') : paint.red('no')),
    },
    energyKwh: {
      title: 'Energy',
      align: 'right',
      show: (value, _row, terminal) => format.energyKwh(value, terminal),
    },
    lastSeen: { title: 'Last seen', show: (value, _row, terminal) => format.instant(value, terminal) },
  },
  defaults: ['id', 'name', 'online', 'energyKwh'],
  id: (row) => row.id,
};

const row = (id: string, more: Partial<Row> = {}): Row => ({
  id,
  name: 'Lobby',
  online: true,
  energyKwh: 1.5,
  lastSeen: '2026-11-20T13:03:05.000Z',
  ...more,
});

const person = (columns = 80, env: Record<string, string> = { NO_COLOR: '1' }) =>
  createTerminal({ stdout: { isTTY: true, columns }, env, flags: { utc: true } });
const program = createTerminal({ stdout: {}, env: {} });
const plain: ListOptions = { format: 'table', header: true };

const text = async (rows: readonly Row[], options: Partial<ListOptions> = {}, terminal = program) =>
  (await renderList(rows, rows.length, view, { ...plain, ...options }, terminal)).text;

describe('on a terminal', () => {
  test('columns are aligned, two spaces apart, wide characters included', async () => {
    const rows = [row('CP-1'), row('充电桩', { name: null, online: false, energyKwh: 1234.5 })];
    expect(await text(rows, {}, person())).toBe(
      [
        'ID      Name   Online        Energy',
        'CP-1    Lobby  yes        1.500 kWh',
        '充电桩  -      no      1234.500 kWh',
        '',
      ].join('\n'),
    );
  });

  test('colours change nothing but colours', async () => {
    const rows = [row('CP-1'), row('CP-2', { online: false })];
    const coloured = await text(rows, {}, person(80, {}));
    expect(coloured).toContain('\u001b[32myes\u001b[39m');
    expect(stripVTControlCharacters(coloured)).toBe(await text(rows, {}, person()));
  });

  test.each([40, 31])('long cells give way in %d columns, the id last', async (columns) => {
    const rows = [row('CP-0001', { name: 'The charging station behind the old barn' }), row('CP-2')];
    const lines = (await text(rows, {}, person(columns))).trimEnd().split('\n');
    expect(lines[1]).toMatch(/^CP-0001 {2}The.*… /);
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
  });

  test('an instant is shown for people', async () => {
    expect(await text([row('A')], { columns: 'lastSeen', header: false }, person())).toBe(
      '2026-11-20 13:03:05Z\n',
    );
  });

  test('a value with control characters stays one harmless line', async () => {
    expect(await text([row('A\u001b[2J\nB')], { columns: 'id', header: false }, person())).toBe('A [2J B\n');
  });

  test('a cut list says so, a whole one does not', async () => {
    const cut = await renderList([row('A')], 412, view, plain, person());
    expect(cut.note).toMatch(/^1 of 412: --all /);
    expect(await renderList([row('A')], 1, view, plain, person())).not.toHaveProperty('note');
  });

  test('an empty list says so on stderr', async () => {
    expect(await renderList([], 0, view, plain, person())).toEqual({ text: '', note: 'Nothing to list.' });
    expect(await renderList([], 0, { ...view, empty: 'No stations yet.' }, plain, person())).toEqual({
      text: '',
      note: 'No stations yet.',
    });
  });

  test('thousands of rows take no more than a moment', async () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => row(`CP-${index}`));
    const before = process.cpuUsage();
    expect((await text(rows, {}, person())).split('\n')).toHaveLength(10_002);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5_000);
  });
});

describe('on a narrow terminal', () => {
  const rows = [
    row('CP-0001', { name: 'The charging station behind the old barn' }),
    row('東京-2', { name: '👩‍👩‍👧 駅前の充電器、三番出口の左', energyKwh: 12_345.678 }),
  ];
  const columns = 'id,name,online,energyKwh,lastSeen';

  test('numbers and instants stay whole, text gives way', async () => {
    expect(await text(rows, {}, person(44))).toBe(
      [
        'ID       Name          Online         Energy',
        'CP-0001  The chargin…  yes         1.500 kWh',
        '東京-2   👩‍👩‍👧 駅前の充…  yes     12345.678 kWh',
        '',
      ].join('\n'),
    );
  });

  test('the last columns are left out when text cannot give more, and that is said', async () => {
    const list = await renderList(rows, 2, view, plain, person(30));
    expect(list.text.split('\n').slice(0, 2)).toEqual([
      'ID       Name           Online',
      'CP-0001  The charging…  yes',
    ]);
    expect(list.note).toBe('No room for energyKwh: --columns chooses, --json has all.');
  });

  test('columns without a value are left out before others', async () => {
    const nameless = rows.map((item) => ({ ...item, name: null, lastSeen: null }));
    const wide: ListView<Row> = { ...view, defaults: ['id', 'lastSeen', 'name', 'online', 'energyKwh'] };
    const list = await renderList(nameless, 2, wide, plain, person(34));
    expect(list.text.split('\n')[0]).toMatch(/^ID +Online +Energy$/);
    expect(list.left).toEqual(['lastSeen', 'name']);
  });

  test('the main column stays before others', async () => {
    const columns = { ...view.columns, online: { title: 'Online', isMain: true } };
    const main: ListView<Row> = { ...view, columns, defaults: ['id', 'lastSeen', 'energyKwh', 'online'] };
    const list = await renderList([row('CP-0001')], 1, main, plain, person(30));
    expect(list.text.split('\n')[0]).toBe('ID       Online');
    expect(list.left).toEqual(['lastSeen', 'energyKwh']);
  });

  test('a long id gives way before a column goes, and stays whole otherwise', async () => {
    const long = [row('STATION-WITH-A-LONG-IDENTITY', { name: 'x'.repeat(60) })];
    const at = async (width: number) => (await text(long, { header: false }, person(width))).trimEnd();
    expect(await at(64)).toMatch(/^STATION-WITH-A-LONG-IDENTITY {2}x+… {2}yes +1\.500 kWh$/);
    expect(await at(50)).toMatch(/^STATION-W\S+… {2}x+… {2}yes +1\.500 kWh$/);
  });

  test('columns that were asked for are all there', async () => {
    const list = await renderList(rows, 2, view, { ...plain, columns }, person(40));
    expect(list.note).toBeUndefined();
    expect(list.text.split('\n')[0]).toMatch(/^ID +Name +Onl… +Energy {2}Last seen$/);
  });

  test.each([200, 80, 60, 40, 20])('no line is longer than %i columns or ends in a space', async (width) => {
    for (const line of (await text(rows, {}, person(width, {}))).split('\n')) {
      expect(textWidth(line)).toBeLessThanOrEqual(width);
      expect(line).toBe(line.trimEnd());
    }
  });
});

describe('columns for where there is room', () => {
  const roomy: ListView<Row> = { ...view, defaults: ['id', 'energyKwh'], whereRoom: ['name', 'lastSeen'] };
  const head = async (columns: number, options: Partial<ListOptions> = {}) => {
    const list = await renderList([row('CP1')], 1, roomy, { ...plain, ...options }, person(columns));
    return list.text.split('\n')[0];
  };

  test('follow the others one by one, each whole or not at all', async () => {
    expect(await head(21)).toBe('ID      Energy  Name');
    expect(await head(20)).toBe('ID      Energy');
    expect(await head(43)).toBe('ID      Energy  Name   Last seen');
    expect(await head(42)).toBe('ID      Energy  Name');
    expect(await head(200, { columns: 'id' })).toBe('ID');
  });

  test('are all there for a program', async () => {
    const { text } = await renderList([row('CP1')], 1, roomy, plain, program);
    expect(text).toBe('id\tenergyKwh\tname\tlastSeen\nCP1\t1.5\tLobby\t2026-11-20T13:03:05.000Z\n');
  });
});

describe('piped', () => {
  test('raw values, tab-separated, under the JSON keys', async () => {
    const rows = [row('CP-1', { name: 'x'.repeat(200) }), row('CP-2', { name: null, online: false })];
    expect(await text(rows)).toBe(
      `id\tname\tonline\tenergyKwh\nCP-1\t${'x'.repeat(200)}\ttrue\t1.5\nCP-2\t\tfalse\t1.5\n`,
    );
  });

  test.each([
    ['no header', { header: false, columns: 'id' }, 'CP-1\n'],
    [
      'chosen columns in their order',
      { columns: 'lastSeen, id' },
      'lastSeen\tid\n2026-11-20T13:03:05.000Z\tCP-1\n',
    ],
    ['bare ids', { format: 'ids' }, 'CP-1\n'],
  ] as const)('%s', async (_what, options, expected) => {
    expect(await text([row('CP-1')], options)).toBe(expected);
  });

  test('a row stays one line of as many cells', async () => {
    expect(await text([row('A\tB\nC')], { columns: 'id,name', header: false })).toBe('A B C\tLobby\n');
  });

  test.each([
    ['table', 'id\tname\tonline\tenergyKwh\n'],
    ['csv', 'id,name,online,energyKwh,lastSeen\n'],
    ['ids', ''],
  ] as const)('an empty list as %s', async (format, expected) => {
    expect(await renderList([], 0, view, { format, header: true }, program)).toEqual({ text: expected });
  });
});

describe('CSV', () => {
  test('has every column and UTC instants, on a terminal, too', async () => {
    const expected =
      'id,name,online,energyKwh,lastSeen\nCP-1,"Lobby, ""East""",true,1.5,2026-11-20T13:03:05.000Z\n';
    const rows = [row('CP-1', { name: 'Lobby, "East"' })];
    expect(await text(rows, { format: 'csv' })).toBe(expected);
    expect(await text(rows, { format: 'csv' }, person(20, {}))).toBe(expected);
  });

  test.each([
    ['=1+1', "'=1+1"],
    ['+cmd|x', "'+cmd|x"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['-', "'-"],
    ['-5', '-5'],
    ['+4.5e3', '+4.5e3'],
    ['a=b', 'a=b'],
    ['two\nlines', '"two\nlines"'],
    ['', ''],
  ])('the cell %j becomes %j', async (name, cell) => {
    expect(await text([row('CP-1', { name })], { format: 'csv', columns: 'id,name', header: false })).toBe(
      `CP-1,${cell}\n`,
    );
  });

  test('negative numbers stay numbers', async () => {
    const options: Partial<ListOptions> = { format: 'csv', columns: 'energyKwh', header: false };
    expect(await text([row('A', { energyKwh: -1.5 })], options)).toBe('-1.5\n');
  });
});

test('an unknown column is a usage error with the nearest name', async () => {
  await expect(text([], { columns: 'id,onlin' })).rejects.toMatchObject({
    code: 'USAGE',
    message: 'There is no column "onlin".',
    suggestions: ['--columns online', 'The columns are: id, name, online, energyKwh, lastSeen.'],
  });
});

describe('renderRecord', () => {
  interface Item {
    readonly id: string;
    readonly name: string | null;
    readonly rows: readonly Row[];
  }
  const sheet: RecordView<Item> = {
    fields: { id: { title: 'ID' }, name: { title: 'Name' }, rows: { title: 'Rows', list: view } },
  };
  const item: Item = { id: 'CP-1', name: null, rows: [row('A')] };

  test('is an aligned sheet with small tables for a person', async () => {
    expect(await renderRecord(item, sheet, person())).toBe(
      'ID    CP-1\nName  -\n\nRows\nID  Name   Online     Energy\nA   Lobby  yes     1.500 kWh\n',
    );
    expect(await renderRecord({ ...item, rows: [] }, sheet, person())).toBe(
      'ID    CP-1\nName  -\n\nRows\n-\n',
    );
  });

  test('values that are too long go on below where they began', async () => {
    const name = 'The charging station behind the old barn';
    expect(await renderRecord({ ...item, name, rows: [] }, sheet, person(30))).toBe(
      'ID    CP-1\nName  The charging station\n      behind the old barn\n\nRows\n-\n',
    );
  });

  test('says which columns of a small table have no room', async () => {
    const rows = [row('A', { name: 'The charging station behind the old barn' })];
    expect(await renderRecord({ ...item, rows }, sheet, person(24))).toMatch(
      /\nNo room for energyKwh: --json has all\.\n$/,
    );
  });

  test('is a line per key for a program', async () => {
    expect(await renderRecord(item, sheet, program)).toBe(
      `id\tCP-1\nname\t\nrows\t${JSON.stringify([row('A')])}\n`,
    );
  });
});
