import { FleetError } from '../../domain/errors.js';
import { zip } from './zip.js';

export interface SheetOptions {
  /** Keys of the items, in the order of the columns. */
  readonly columns: readonly string[];
  /** Those of them that hold instants as ISO 8601. */
  readonly times: readonly string[];
  /** Rows below the header; what Excel opens at most when left out. */
  readonly rowsMax?: number;
}

/** Excel has 1,048,576 rows; one of them is the header. */
const excelRowsMax = 1_048_575;

/** Characters of a cell; Excel takes a file with more for damaged. */
const textMax = 32_767;

/** Numbers of the formats in `styles`. */
const styleOf = { bold: 1, time: 2, text: 3 };

const dayMs = 86_400_000;
/** Days from the beginning of Excel's calendar to 1970. */
const epochDays = 25_569;

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const sheetMl = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relationships = 'http://schemas.openxmlformats.org/package/2006/relationships';
const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** What is the same in every workbook of one sheet (ECMA-376, part 1). */
const frame = {
  '[Content_Types].xml': `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${contentType}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${contentType}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${contentType}.styles+xml"/></Types>`,
  '_rels/.rels': `${head}<Relationships xmlns="${relationships}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `${head}<workbook xmlns="${sheetMl}" xmlns:r="${office}"><sheets><sheet name="Export" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `${head}<Relationships xmlns="${relationships}"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
  // Text has the format of text (49), so that it stays text when somebody edits the cell.
  'xl/styles.xml': `${head}<styleSheet xmlns="${sheetMl}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`,
};

/**
 * The items as a workbook for Excel and its kind, piece by piece: memory stays the same however many there are. Instants
 * are dates in UTC, numbers and truth values what they are, everything else is text and never a formula.
 * @throws FleetError USAGE when there are more than a sheet can have
 */
export function xlsx<Item extends object>(
  batches: AsyncIterable<readonly Item[]>,
  options: SheetOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const entries = Object.entries(frame).map(([name, text]) => ({ name, content: [text] }));
  return zip([...entries, { name: 'xl/worksheets/sheet1.xml', content: sheet(batches, options) }]);
}

async function* sheet<Item extends object>(
  batches: AsyncIterable<readonly Item[]>,
  { columns, times, rowsMax = excelRowsMax }: SheetOptions,
): AsyncGenerator<string> {
  const letters = columns.map((_, index) => lettersOf(index));
  const isTime = columns.map((name) => times.includes(name));
  const widths = columns.map((name, index) => {
    const width = isTime[index] ? 20 : Math.max(12, name.length + 2);
    return `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`;
  });
  const titles = columns.map((name, index) => textCell(`${letters[index]}1`, name, styleOf.bold));
  yield `${head}<worksheet xmlns="${sheetMl}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData><row r="1">${titles.join('')}</row>`;
  let rows = 0;
  for await (const batch of batches) {
    const before = rows;
    rows += batch.length;
    if (rows > rowsMax) {
      const most = rowsMax.toLocaleString('en');
      throw new FleetError('USAGE', `An Excel file holds ${most} rows at most, and there are more.`, {
        suggestions: ['--format csv', 'Narrow it, for example by time.'],
      });
    }
    yield batch.map((item, index) => row(item, before + index + 2)).join('');
  }
  yield '</sheetData></worksheet>';

  function row(item: Item, number: number): string {
    const cells = columns.map((name, index) => {
      const value: unknown = item[name as keyof Item];
      return cell(`${letters[index]}${number}`, isTime[index] ? instantOf(value) : value);
    });
    return `<row r="${number}">${cells.join('')}</row>`;
  }
}

function instantOf(value: unknown): unknown {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? value : new Date(ms);
}

function cell(at: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' && Number.isFinite(value)) return `<c r="${at}"><v>${value}</v></c>`;
  if (typeof value === 'boolean') return `<c r="${at}" t="b"><v>${Number(value)}</v></c>`;
  if (value instanceof Date) {
    return `<c r="${at}" s="${styleOf.time}"><v>${value.getTime() / dayMs + epochDays}</v></c>`;
  }
  return textCell(at, typeof value === 'object' ? JSON.stringify(value) : String(value), styleOf.text);
}

function textCell(at: string, text: string, style: number): string {
  return `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** XML has no control characters; the workbook has a way to write them (ECMA-376, part 1, 22.9.2.19). */
function escaped(text: string): string {
  const whole = text.length > textMax ? `${text.slice(0, textMax - 1)}…` : text;
  // Most text has none of these.
  if (!/[&<>_\p{Cc}\p{Cs}\ufffe\uffff]/u.test(whole)) return whole;
  return whole
    .replace(/_(?=x[\dA-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[\p{Cc}\ufffe\uffff]/gu, (one) => (one === '\t' || one === '\n' ? one : `_x${hex(one)}_`))
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[&<>]/g, (character) => escapes[character] ?? character);
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
}

/** A, B, …, Z, AA, … */
function lettersOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : lettersOf(Math.floor(index / 26) - 1) + last;
}
