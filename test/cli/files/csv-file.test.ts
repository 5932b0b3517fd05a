import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { type CsvOptions, readCsv } from '../../../src/cli/files/csv-file.js';
import { failure } from '../../helpers/failure.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

function read(text: string | Buffer, options: Partial<CsvOptions> = {}) {
  return readCsv(Buffer.from(text as string), { maxRecords: 10, file: 'tags.csv', ...options });
}

const table = [
  { line: 1, cells: ['tag', 'label'] },
  { line: 2, cells: ['A1', 'Käse'] },
];

it.each([
  ['commas', 'tag,label\nA1,Käse\n'],
  ['semicolons', 'tag;label\nA1;Käse\n'],
  ['tabs', 'tag\tlabel\nA1\tKäse'],
  ['line breaks of Windows', 'tag,label\r\nA1,Käse\r\n'],
  ['line breaks of old', 'tag,label\rA1,Käse\r'],
  ['a byte order mark', '\ufefftag,label\nA1,Käse\n'],
  ['quotes', '"tag";"label"\n"A1";"Käse"\n'],
  ['UTF-16 with a mark', Buffer.from('\ufefftag\tlabel\r\nA1\tKäse\r\n', 'utf16le')],
  ['UTF-16, the other way round', Buffer.from('\ufefftag\tlabel\r\nA1\tKäse\r\n', 'utf16le').swap16()],
])('reads a list with %s', async (_, text) => {
  expect(await read(text)).toEqual(table);
});

it('reads Windows-1252 when told to, and UTF-8 with a mark all the same', async () => {
  const encoding = 'windows-1252';
  expect(await read(Buffer.from('tag;label\nA1;Käse\n', 'latin1'), { encoding })).toEqual(table);
  expect(await read('\ufefftag;label\nA1;Käse\n', { encoding })).toEqual(table);
});

it('knows the line of each record behind empty lines and cells of several lines', async () => {
  const text = 'tag;label\r\n\r\nA1;"two\r\nlines; and ""quotes"""\r\n;;\r\nA2;x\r\n';
  expect(await read(text)).toEqual([
    { line: 1, cells: ['tag', 'label'] },
    { line: 3, cells: ['A1', 'two\r\nlines; and "quotes"'] },
    { line: 6, cells: ['A2', 'x'] },
  ]);
});

it('takes the delimiter that it is told, or that the file tells', async () => {
  expect((await read('tag;label,x\n', { delimiter: 'comma' }))[0]?.cells).toEqual(['tag;label', 'x']);
  expect(await read('sep=|\ntag|label\nA1|x\n')).toEqual([
    { line: 2, cells: ['tag', 'label'] },
    { line: 3, cells: ['A1', 'x'] },
  ]);
});

it.each([
  ['bytes that are no UTF-8', Buffer.from('tag\nA1\nK\xe4se\n', 'latin1'), 'line 3: this is not UTF-8.'],
  ['zero bytes', 'tag\nA\0\n', 'line 2: this is no text'],
  ['a quote that is never closed', 'tag,label\nA1,"x\nA2,y\n', 'is never closed'],
  ['a quote inside of a cell', 'tag,label\nA1,"x" y\n', 'line 2: a quotation mark stands inside of a cell'],
])('refuses %s', async (_, text, complaint) => {
  expect((await failure(read(text), 'USAGE')).message).toContain(complaint);
});

it('takes as many lines as are allowed, and none more', async () => {
  const lines = (count: number) => `tag\n${Array.from({ length: count }, (_, i) => `A${i}\n`).join('')}`;
  expect(await read(lines(10))).toHaveLength(11);
  expect((await failure(read(lines(11)), 'USAGE')).message).toBe('There are more than 10 lines.');
});

it('gives up on a quote that takes in the whole file', async () => {
  const text = `tag,label\nA1,"x\n${'A2,y\n'.repeat(100_000)}`;
  expect((await failure(read(text, { maxRecords: 1_000_000 }), 'USAGE')).message).toContain('never closed');
});

it('gives a command that splits a file that is too long, the first line in each part', async () => {
  const directory = await temporaryDirectory();
  const file = join(directory, "all the tags' file.csv");
  const lines = Array.from({ length: 25 }, (_, i) => `T${i}`);
  await writeFile(file, ['tag', ...lines, ''].join('\n'));
  const { suggestions } = await failure(read(await readFile(file), { file }), 'USAGE');
  await promisify(execFile)('sh', ['-c', suggestions[0] ?? ''], { cwd: directory });
  const parts = (await readdir(directory)).filter((name) => name.startsWith('part-')).sort();
  expect(parts).toEqual(['part-1.csv', 'part-2.csv', 'part-3.csv']);
  const records = await Promise.all(parts.map(async (name) => read(await readFile(join(directory, name)))));
  expect(records.map(([head, ...rest]) => [head?.cells[0], rest.length])).toEqual([
    ['tag', 10],
    ['tag', 10],
    ['tag', 5],
  ]);
  expect(records.flatMap(([, ...rest]) => rest.map(({ cells }) => cells[0]))).toEqual(lines);
});
