import { pipeline, Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import fc from 'fast-check';
import readExcel from 'read-excel-file/node';
import { describe, expect, it } from 'vitest';
import { type SheetOptions, xlsx } from '../../../src/cli/files/xlsx.js';
import { failure } from '../../helpers/failure.js';

type Row = Readonly<Record<string, unknown>>;

async function* inBatches(rows: readonly Row[]) {
  for (let at = 0; at < rows.length; at += 2) yield rows.slice(at, at + 2);
}

async function workbook(rows: readonly Row[], options: SheetOptions): Promise<Buffer> {
  const parts = [];
  for await (const part of xlsx(inBatches(rows), options)) parts.push(part);
  return Buffer.concat(parts);
}

/** As somebody else's program reads it. */
async function readBack(file: Buffer): Promise<unknown[][]> {
  const sheets = (await readExcel(Readable.from([file]), { trim: false })) as unknown as {
    data: unknown[][];
  }[];
  return sheets[0]?.data ?? [];
}

/** The text of the sheet, which is the last file of the archive. */
async function sheetOf(file: Buffer): Promise<string> {
  const name = 'xl/worksheets/sheet1.xml';
  const packed = file.subarray(file.indexOf(name) + name.length);
  const inflated = pipeline(Readable.from([packed]), createInflateRaw(), () => undefined);
  const chunks: Buffer[] = [];
  for await (const chunk of inflated) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('an Excel file', () => {
  it('has numbers, truth values and dates as such, and everything else as text', async () => {
    const file = await workbook(
      [
        { n: 1.5, t: '2026-05-04T10:00:00.500Z', b: true, text: '00123', list: ['a', 'b'] },
        { n: -3, t: null, b: false, text: null, list: [] },
        { n: Number.NaN, t: 'soon', b: null, text: '2026-05-04T10:00:00.500Z', list: { a: 1 } },
      ],
      { columns: ['n', 't', 'b', 'text', 'list', 'nothing'], times: ['t'] },
    );
    expect(await readBack(file)).toEqual([
      ['n', 't', 'b', 'text', 'list', 'nothing'],
      [1.5, new Date('2026-05-04T10:00:00.500Z'), true, '00123', '["a","b"]', null],
      [-3, null, false, null, '[]', null],
      ['NaN', 'soon', null, '2026-05-04T10:00:00.500Z', '{"a":1}', null],
    ]);
  });

  it('with nothing in it has its header', async () => {
    expect(await readBack(await workbook([], { columns: ['a', 'b'], times: [] }))).toEqual([['a', 'b']]);
  });

  it('has as many columns as there are', async () => {
    const columns = Array.from({ length: 800 }, (_, index) => `c${index}`);
    const row = Object.fromEntries(columns.map((name, index) => [name, index]));
    const [header, values] = await readBack(await workbook([row], { columns, times: [] }));
    expect([header, values]).toEqual([columns, columns.map((_, index) => index)]);
  });

  it.each(['=1+1', '+46701234567', '-1', '@SUM(A1)', '=HYPERLINK("http://example.org")', '\t=1', "'=1"])(
    'has %j as text, in a cell that stays text when it is edited',
    async (text) => {
      const file = await workbook([{ text }], { columns: ['text'], times: [] });
      expect(await readBack(file)).toEqual([['text'], [text]]);
      const sheet = await sheetOf(file);
      expect(sheet).toContain('<c r="A2" s="3" t="inlineStr">');
      expect(sheet).not.toContain('<f>');
    },
  );

  it('writes characters that XML does not know in the way of workbooks', async () => {
    const text = 'a\u0000\u0007\r\n\tb_x0041_\ud800\uffff</t>&';
    expect(await sheetOf(await workbook([{ text }], { columns: ['text'], times: [] }))).toContain(
      '>a_x0000__x0007__x000D_\n\tb_x005F_x0041_\ufffd_xFFFF_&lt;/t&gt;&amp;</t>',
    );
  });

  it('holds any text', async () => {
    const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(fc.array(anyText, { minLength: 1, maxLength: 5 }), async (texts) => {
        const rows = texts.map((text) => ({ text }));
        const [, ...read] = await readBack(await workbook(rows, { columns: ['text'], times: [] }));
        expect(read).toEqual(texts.map((text) => [text]));
      }),
      { numRuns: 15 },
    );
  });

  it('cuts a text that is longer than a cell can be', async () => {
    const texts = ['x'.repeat(32_767), 'x'.repeat(32_768)];
    const rows = texts.map((text) => ({ text }));
    const [, whole, cut] = await readBack(await workbook(rows, { columns: ['text'], times: [] }));
    expect(whole).toEqual([texts[0]]);
    expect(cut).toEqual([`${'x'.repeat(32_766)}…`]);
  });

  it('of more rows than a sheet has is refused, with what to do instead', async () => {
    const options = { columns: ['n'], times: [], rowsMax: 3 };
    const rows = [{ n: 1 }, { n: 2 }, { n: 3 }];
    expect(await readBack(await workbook(rows, options))).toHaveLength(4);
    const error = await failure(workbook([...rows, { n: 4 }], options), 'USAGE');
    expect(error.message).toBe('An Excel file holds 3 rows at most, and there are more.');
    expect(error.suggestions[0]).toBe('--format csv');
  });

  it('is the same for the same rows', async () => {
    const options = { columns: ['n'], times: [] };
    expect(await workbook([{ n: 1 }], options)).toEqual(await workbook([{ n: 1 }], options));
  });

  it('fails as what it is made of fails, and ends that when nobody reads on', async () => {
    async function* failing() {
      yield [{ n: 1 }];
      throw new Error('the server is gone');
    }
    const all = async () => {
      for await (const _ of xlsx(failing(), { columns: ['n'], times: [] }));
    };
    await expect(all()).rejects.toThrow('the server is gone');
    let isOver = false;
    async function* endless() {
      try {
        for (let n = 0; ; n += 1) yield [{ n, text: `${Math.sqrt(n)}` }];
      } finally {
        isOver = true;
      }
    }
    let parts = 0;
    for await (const _ of xlsx(endless(), { columns: ['n', 'text'], times: [] })) {
      parts += 1;
      if (parts === 20) break;
    }
    await expect.poll(() => isOver).toBe(true);
  });
});
