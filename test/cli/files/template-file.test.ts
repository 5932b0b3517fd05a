import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTemplates, templatesIn } from '../../../src/cli/files/template-file.js';
import { YamlText } from '../../../src/cli/files/yaml-text.js';
import { FleetError } from '../../../src/domain/errors.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

function complaint(text: string): FleetError {
  try {
    templatesIn(new YamlText(text, 'fleet.yaml'));
  } catch (error) {
    if (error instanceof FleetError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('a file of templates', () => {
  it('has one in each document; values stay as they are written', () => {
    const text = `# for all
configuration:
  HeartbeatInterval: 0300
  LocalPreAuthorize: true
  MeterValuesSampledData: [Energy.Active.Import.Register, Power.Active.Import]
  StopTxnSampledData: ''
  Acme.Number: 1.0
  Acme.Word: off
---
match:
  vendor: "A*"
  firmware: 1.10
configuration: { Acme.Text: "two words" }
---
`;
    expect(templatesIn(new YamlText(text, 'f'))).toEqual([
      {
        match: {},
        configuration: {
          HeartbeatInterval: '0300',
          LocalPreAuthorize: 'true',
          MeterValuesSampledData: 'Energy.Active.Import.Register,Power.Active.Import',
          StopTxnSampledData: '',
          'Acme.Number': '1.0',
          'Acme.Word': 'off',
        },
      },
      { match: { vendor: 'A*', firmware: '1.10' }, configuration: { 'Acme.Text': 'two words' } },
    ]);
  });

  it('may be empty of keys: that removes what was kept under this match', () => {
    expect(templatesIn(new YamlText('configuration: {}', 'f'))).toEqual([{ match: {}, configuration: {} }]);
  });

  it('keeps keys with the names of prototypes apart', () => {
    const [template] = templatesIn(new YamlText('configuration: { __proto__: x, constructor: y }', 'f'));
    expect(Object.entries(template?.configuration ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it.each([
    ['', '1:1: there is no template in it.'],
    ['# nothing\n', '1:1: there is no template in it.'],
    ['just a text', '1:1: a template takes keys with values.'],
    ['- a\n- b', '1:1: a template takes keys with values.'],
    ['match: {}', '1:1: configuration is missing.'],
    [
      'match: {}\nconfigration: {}',
      '2:1: there is no "configration" here: a template has match, configuration.',
    ],
    [
      'match:\n  serial: 7\nconfiguration: {}',
      '2:3: there is no "serial" here: match has vendor, model, firmware.',
    ],
    ['match: Acme\nconfiguration: {}', '1:8: match takes keys with values.'],
    ['match:\nconfiguration: {}', "1:1: match has no value; an empty text is ''."],
    ['match:\n  vendor: [a]\nconfiguration: {}', '2:11: vendor takes a text of at most 100 characters.'],
    ['match: { vendor: "" }\nconfiguration: {}', '1:18: vendor takes a text of at most 100 characters.'],
    ['configuration: 7', '1:16: configuration takes keys with values.'],
    ['configuration:\n  A: 1\n  A: 2', '3:3: this key is given twice.'],
    ['configuration:\n  Abc: 1\n  aBC: 2', '3:3: aBC is given twice.'],
    ['configuration:\n  A:', "2:3: A has no value; an empty text is ''."],
    ['configuration:\n  A: { b: 1 }', '2:6: A takes a text, a number, true, false or a list.'],
    ['configuration:\n  A: [x, [y]]', '2:10: an item of A is a text without commas.'],
    [
      'configuration:\n  HeartbeatInterval: soon',
      '2:22: HeartbeatInterval takes a whole number of seconds, not "soon".',
    ],
    [
      'configuration:\n  NumberOfConnectors: 2',
      '2:23: NumberOfConnectors is set by stations and can only be read.',
    ],
    [`configuration:\n  ${'x'.repeat(51)}: 2`, '2:3: a key has 1 to 50 characters.'],
    [`configuration:\n  A: ${'x'.repeat(501)}`, '2:6: A takes at most 500 characters.'],
    [
      'configuration:\n  AuthorizationKey: 0123',
      '2:3: AuthorizationKey is a secret, and no file should hold it.',
    ],
    ['configuration:\n  A: &a 1\n  B: *a', '3:6: aliases are not taken; write the value out.'],
    [
      'configuration: {}\n---\nmatch: {}\nconfiguration: {}',
      '3:1: there is a second template for all stations.',
    ],
    ['configuration: {}\n---\na: [', /^3:\d+: /],
    ['configuration:\n\tA: 1', /^2:1: tabs/],
    ['configuration:\n  A: !!js/function x', /^2:6: unresolved tag/],
  ])('is refused with line and column: %j', (text, message) => {
    const said = complaint(text);
    const expected =
      typeof message === 'string'
        ? `fleet.yaml:${message}`
        : expect.stringMatching(new RegExp(message.source.replace('^', '^fleet.yaml:')));
    expect([said.code, said.message]).toEqual(['USAGE', expected]);
  });

  it('suggests what was probably meant', () => {
    expect(complaint('configuraton: {}').suggestions).toEqual(['Did you mean configuration?']);
    expect(complaint('configuration: { AuthorizationKey: x }').suggestions).toEqual([
      'evfleet station rotate-key STATION',
    ]);
  });

  it('never says a secret aloud', () => {
    expect(complaint('configuration:\n  AuthorizationKey: hunter2').message).not.toContain('hunter2');
  });

  it('of too many keys is refused', () => {
    const keys = Array.from({ length: 201 }, (_, i) => `  K${i}: 1`).join('\n');
    expect(complaint(`configuration:\n${keys}`).message).toContain('more than 200 keys');
  });

  it('that is no file, or too large, is refused', async () => {
    const directory = await temporaryDirectory();
    const { signal } = new AbortController();
    await expect(readTemplates(path.join(directory, 'none'), signal)).rejects.toThrow(
      /cannot read .*: it does not exist/,
    );
    const large = path.join(directory, 'large.yaml');
    await writeFile(large, `#${'x'.repeat(1024 * 1024)}`);
    await expect(readTemplates(large, signal)).rejects.toThrow('has more than 1048576 bytes');
  });
});
