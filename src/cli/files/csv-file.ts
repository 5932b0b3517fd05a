import { isUtf8 } from 'node:buffer';
import { FleetError } from '../../domain/errors.js';
import { plural } from '../../domain/plural.js';
import { quoteForShell } from '../../domain/shell.js';

export const csvDelimiters = ['comma', 'semicolon', 'tab'] as const;
export const csvEncodings = ['utf-8', 'windows-1252'] as const;

export interface CsvOptions {
  /** Found by the first line when left out. */
  readonly delimiter?: (typeof csvDelimiters)[number] | undefined;
  /** For what does not say by itself that it is UTF-16 or UTF-8. Default UTF-8. */
  readonly encoding?: (typeof csvEncodings)[number] | undefined;
  /** Lines behind the first that hold anything. */
  readonly maxRecords: number;
  /** How it was named, for the command that splits it. */
  readonly file: string;
}

export interface CsvRecord {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A quotation mark that is never closed would take in the rest of the file. */
const recordMaxCharacters = 128 * 1024;

/**
 * The records of a list as spreadsheets write them: UTF-8, or UTF-16 with a byte order mark, any line breaks, quoted
 * cells with line breaks. Empty lines are left out. The first record has the names of the columns.
 * @throws FleetError USAGE that names the line
 */
export async function readCsv(
  bytes: Buffer,
  { delimiter, encoding, maxRecords, file }: CsvOptions,
): Promise<CsvRecord[]> {
  const text = decode(bytes, encoding);
  const { separator, skipped } = findDelimiter(text, delimiter);
  const { parse } = await import('csv-parse/sync');
  try {
    const found = parse(text, {
      delimiter: separator,
      from_line: skipped + 1,
      info: true,
      max_record_size: recordMaxCharacters,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      to: maxRecords + 2,
    }) as unknown as Parsed[];
    if (found.length > maxRecords + 1) {
      throw new FleetError('USAGE', `There are more than ${plural(maxRecords, 'line')}.`, {
        suggestions: [splitCommand(file, maxRecords), 'Then import part-1.csv, part-2.csv and so on.'],
      });
    }
    return withLines(found);
  } catch (error) {
    throw error instanceof FleetError ? error : describe(error);
  }
}

/** Each part with the first line. A cell with a line break can be torn; the import of that part refuses it. */
function splitCommand(file: string, lines: number): string {
  const program = `NR == 1 { head = $0; next } NR % ${lines} == 2 { close(part); part = "part-" ++n ".csv"; print head > part } { print > part }`;
  return `awk '${program}' ${quoteForShell(file === '-' ? 'tags.csv' : file)}`;
}

/** What .xlsx and .ods begin with, and .xls. */
const workbookStarts = ['504b0304', 'd0cf11e0'];

function decode(bytes: Buffer, encoding: CsvOptions['encoding']): string {
  if (workbookStarts.includes(bytes.subarray(0, 4).toString('hex'))) {
    throw new FleetError('USAGE', 'This is a workbook of a spreadsheet program, not CSV.', {
      suggestions: ['Save the sheet as "CSV UTF-8" in the spreadsheet, and import that.'],
    });
  }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  if (encoding === 'windows-1252' && !hasMark) return new TextDecoder('windows-1252').decode(bytes);
  if (!isUtf8(bytes)) {
    throw new FleetError('USAGE', `line ${badLineOf(bytes)}: this is not UTF-8.`, {
      suggestions: [
        'Save it as "CSV UTF-8" in the spreadsheet.',
        '--encoding windows-1252, which older versions of Excel write',
      ],
    });
  }
  const text = new TextDecoder().decode(bytes);
  const at = text.indexOf('\0');
  if (at < 0) return text;
  const line = text.slice(0, at).split('\n').length;
  throw new FleetError('USAGE', `line ${line}: this is no text: it holds zero bytes.`);
}

/** A line break is one byte that no character of UTF-8 has in it. */
function badLineOf(bytes: Buffer): number {
  let line = 1;
  let begin = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, begin)) {
    if (!isUtf8(bytes.subarray(begin, end))) return line;
    begin = end + 1;
    line += 1;
  }
  return line;
}

const separators = { comma: ',', semicolon: ';', tab: '\t' } as const;

/** The one that the first line has most of; or as it says itself: `sep=;` is what Excel looks for. */
function findDelimiter(
  text: string,
  wanted: CsvOptions['delimiter'],
): { readonly separator: string; readonly skipped: number } {
  const head = /^sep=(.)(\r\n|\n|\r)/i.exec(text);
  const skipped = head ? 1 : 0;
  if (wanted !== undefined) return { separator: separators[wanted], skipped };
  if (head?.[1] !== undefined) return { separator: head[1], skipped };
  const first = text
    .slice(0, recordMaxCharacters)
    .trimStart()
    .replaceAll(/"[^"]*"/g, '')
    .split(/[\r\n]/, 1)[0];
  const counts = Object.values(separators).map((separator) => ({
    separator,
    count: (first ?? '').split(separator).length,
  }));
  const most = counts.reduce((best, next) => (next.count > best.count ? next : best));
  return { separator: most.separator, skipped };
}

interface Parsed {
  /** Lines until the end of the record; the parser takes CR LF inside of quotes for two. */
  readonly info: { readonly lines: number };
  readonly record: string[];
}

function withLines(parsed: readonly Parsed[]): CsvRecord[] {
  let countedTwice = 0;
  return parsed.map(({ info, record }) => {
    countedTwice += matches(record, /\r\n/g);
    return { line: info.lines - countedTwice - matches(record, /\r\n|\n|\r/g), cells: record };
  });
}

function matches(cells: readonly string[], pattern: RegExp): number {
  return cells.reduce((sum, cell) => sum + (cell.match(pattern)?.length ?? 0), 0);
}

function describe(error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && 'lines' in error)) return error;
  const line = Number(error.lines);
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
    case 'CSV_MAX_RECORD_SIZE':
      return new FleetError(
        'USAGE',
        `line ${line}: a quotation mark that begins here or before is never closed.`,
      );
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return new FleetError('USAGE', `line ${line}: a quotation mark stands inside of a cell.`, {
        suggestions: ['Put the whole cell in quotation marks, and write those inside of it twice.'],
      });
    default:
      return new FleetError('USAGE', `line ${line}: this is not CSV: ${error.message}`);
  }
}
