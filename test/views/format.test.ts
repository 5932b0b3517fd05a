import { describe, expect, test } from 'vitest';
import * as format from '../../src/views/format.js';
import { createTerminal } from '../../src/views/terminal.js';

const now = () => Date.parse('2026-11-20T13:06:05Z');
const person = createTerminal({ stdout: { isTTY: true, columns: 80 }, env: {}, flags: { utc: true }, now });
const uncoloured = createTerminal({
  stdout: { isTTY: true },
  env: { NO_COLOR: '1' },
  flags: { utc: true },
  now,
});
const program = createTerminal({ stdout: {}, env: {}, now });

describe('values for people and for programs', () => {
  const iso = '2026-11-20T13:03:05.678Z';
  test.each([
    ['instant', format.instant(iso, person), '2026-11-20 13:03:05Z'],
    ['instant', format.instant(Date.parse(iso), program), iso],
    ['instant that is none', format.instant('soon', person), 'soon'],
    ['relative', format.relative(iso, person), '2 min ago'],
    ['relative', format.relative(iso, program), iso],
    ['energy', format.energyKwh(12.3, person), '12.300 kWh'],
    ['energy', format.energyKwh(12.3, program), '12.300'],
    ['energy of Wh', format.energyWh(12_345, person), '12.345 kWh'],
    ['power', format.power(850, person), '850 W'],
    ['power', format.power(11_040, person), '11.0 kW'],
    ['power', format.power(11_040, program), '11040'],
    ['duration', format.duration(3_900, person), '1h 05m'],
    ['duration', format.duration(3_900, program), '3900'],
    ['yes', format.yesNo(true, person), 'yes'],
    ['yes', format.yesNo(false, program), 'false'],
    ['list', format.text(['a', 1], person), 'a,1'],
    ['object', format.text({ a: 1 }, person), '{"a":1}'],
  ])('%s: %s', (_what, shown, expected) => {
    expect(shown).toBe(expected);
  });
});

test.each([
  format.instant,
  format.relative,
  format.energyKwh,
  format.energyWh,
  format.power,
  format.duration,
  format.yesNo,
  format.text,
])('$name of nothing is a dim dash for a person, empty for a program', (show) => {
  expect(show(null, person)).toBe(person.paint.dim('-'));
  expect(show(undefined, uncoloured)).toBe('-');
  expect(show(null, program)).toBe('');
});

test('what a station sends cannot steer the terminal', () => {
  expect(format.text('Volt\u001b[2J\u009b31mWerk\r\nGmbH\u202e', person)).toBe('Volt [2J 31mWerk GmbH ');
});

describe('colour', () => {
  const level = (stdout: object, env: Record<string, string>, flags = {}) =>
    createTerminal({ stdout, env, flags }).paint.level;
  test.each([
    ['terminal', { isTTY: true }, {}, {}, 1],
    ['256 colours', { isTTY: true }, { TERM: 'xterm-256color' }, {}, 2],
    ['true colour', { isTTY: true }, { COLORTERM: 'truecolor' }, {}, 3],
    ['pipe', {}, { COLORTERM: 'truecolor' }, {}, 0],
    ['NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, {}, 0],
    ['NO_COLOR=0 is present, too', { isTTY: true }, { NO_COLOR: '0' }, {}, 0],
    ['empty NO_COLOR', { isTTY: true }, { NO_COLOR: '' }, {}, 1],
    ['TERM=dumb', { isTTY: true }, { TERM: 'dumb' }, {}, 0],
    ['--no-color', { isTTY: true }, {}, { 'no-color': true }, 0],
    ['FORCE_COLOR through a pipe', {}, { FORCE_COLOR: '1' }, {}, 1],
    ['CLICOLOR_FORCE through a pipe', {}, { CLICOLOR_FORCE: '1' }, {}, 1],
    ['CLICOLOR_FORCE=0', {}, { CLICOLOR_FORCE: '0' }, {}, 0],
    ['FORCE_COLOR=0', { isTTY: true }, { FORCE_COLOR: '0' }, {}, 0],
    ['CLICOLOR=0', { isTTY: true }, { CLICOLOR: '0' }, {}, 0],
    ['NO_COLOR with FORCE_COLOR', { isTTY: true }, { FORCE_COLOR: '1', NO_COLOR: '1' }, {}, 0],
    ['--no-color with FORCE_COLOR', { isTTY: true }, { FORCE_COLOR: '1' }, { 'no-color': true }, 0],
  ])('%s', (_what, stdout, env, flags, expected) => {
    expect(level(stdout, env, flags)).toBe(expected);
  });
});

test.each([
  [{ columns: 120 }, {}, 120],
  [{}, { COLUMNS: '132' }, 132],
  [{}, { COLUMNS: 'wide' }, 80],
  [{ columns: 0 }, {}, 80],
])('width of %j with %j is %d', (stdout, env, columns) => {
  expect(createTerminal({ stdout, env }).columns).toBe(columns);
});

test.each([
  ['colours and lines', '\u001b[1;31mred\u001b[0m\nnext', '\u001b[1;31mred\u001b[0m\nnext'],
  ['a title', 'a\u001b]0;pwned\u0007b', 'a ]0;pwned b'],
  ['a cursor that goes up', 'a\u001b[2A\rb', 'a [2A b'],
  ['an 8-bit escape', 'a\u009b1mb', 'a 1mb'],
  ['an order of reading', 'a\u202eb', 'a b'],
])('what a server sends moves nothing on the terminal: %s', (_, sent, shown) => {
  expect(format.harmless(sent)).toBe(shown);
});

test.each([
  [{}, true],
  [{ LANG: 'de_DE.UTF-8' }, true],
  [{ LANG: 'C' }, false],
  [{ LANG: 'C.utf8' }, true],
  [{ LANG: 'de_DE.UTF-8', LC_ALL: 'C' }, false],
  [{ LANG: 'C', LC_CTYPE: 'C.UTF-8' }, true],
  [{ LANG: 'de_DE.ISO-8859-1' }, false],
])('the locale %j shows more than ASCII: %s', (env, expected) => {
  expect(createTerminal({ stdout: {}, env }).isUnicode).toBe(expected);
});
