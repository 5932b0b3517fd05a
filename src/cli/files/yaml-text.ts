import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type ErrorCode as YamlErrorCode,
} from 'yaml';
import { FleetError } from '../../domain/errors.js';

/** Names of fields and positions in lists. */
export type YamlPath = readonly (string | number)[];

/** What the parser says too dryly. */
const complaints: Partial<Record<YamlErrorCode, string>> = {
  DUPLICATE_KEY: 'this key is given twice',
};

/** A text in YAML 1.2, or JSON, and where in it things stand. */
export class YamlText {
  /** Without those that are empty. */
  readonly documents: readonly Document.Parsed[];
  readonly #name: string;
  readonly #lines = new LineCounter();

  /**
   * @param name of the file, for messages
   * @throws FleetError USAGE with file, line and column of what is not YAML
   */
  constructor(text: string, name: string) {
    this.#name = name;
    const found = parseAllDocuments(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      version: '1.2',
      logLevel: 'error',
    });
    const documents = 'empty' in found ? [] : found;
    for (const { errors, warnings } of documents) {
      const [problem] = [...errors, ...warnings];
      if (problem) throw this.failure(problem.pos[0], complaints[problem.code] ?? inOneLine(problem.message));
    }
    this.documents = documents.filter(({ contents }) => !isScalar(contents) || contents.value !== null);
  }

  /** `night.yaml:7:13` */
  place(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.#name}:${Math.max(1, line)}:${Math.max(1, col)}`;
  }

  failure(offset: number, complaint: string, suggestions: readonly string[] = []): FleetError {
    return new FleetError('USAGE', `${this.place(offset)}: ${complaint}.`, { suggestions });
  }
}

/** Where something stands in a document, or the nearest thing around it when it is missing. */
export function offsetOf(document: Document.Parsed, path: YamlPath, part: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const [index, step] of path.entries()) {
    const isLast = index === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? key.value : key) === step);
      if (!pair) break;
      node = pair.value;
      offset = isLast && part === 'key' ? startOf(pair.key) : (startOf(node) ?? startOf(pair.key));
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else break;
  }
  return offset ?? 0;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

/** As it goes behind a colon. */
function inOneLine(message: string): string {
  const [line = ''] = message.split('\n');
  const text = line.replace(/[.:]+$/, '');
  return text.charAt(0).toLowerCase() + text.slice(1);
}
