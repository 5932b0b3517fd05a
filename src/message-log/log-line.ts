import type {
  MessageDirection,
  MessageQuery,
  MessageType,
  RecordedMessage,
} from '../domain/station/message-record.js';

const string = '"(?:[^"\\\\]|\\\\.)*"';
/** The beginning of every line that `frame-line.ts` writes. */
const header = new RegExp(
  `^\\{"time":"([^"]{24})","stationId":(null|${string}),"direction":(null|"in"|"out"),"type":"([a-z]+)",` +
    `"action":(null|${string}),"messageId":(null|${string}),"latencyMs":(null|-?\\d+),(?:"cut":(\\d+),)?"frame":`,
);

/** Reads those lines of the log that match a query, and only the beginning of the others. */
export class LineReader {
  readonly #needles: readonly string[];
  readonly #stationId: string | undefined;
  readonly #stationIds: ReadonlySet<string> | undefined;
  readonly #direction: string | undefined;
  readonly #type: MessageType | undefined;
  readonly #action: string | undefined;
  readonly #messageId: string | undefined;
  readonly #from: string;
  readonly #to: string;
  readonly #showsGaps: boolean;

  constructor(query: MessageQuery) {
    this.#stationId = quoted(query.stationId);
    this.#stationIds = query.stationIds;
    this.#direction = quoted(query.direction);
    this.#action = quoted(query.action);
    this.#messageId = quoted(query.messageId);
    this.#type = query.type;
    // Times of one form compare as text.
    this.#from = query.from === undefined ? '' : new Date(query.from).toISOString();
    this.#to = query.to === undefined ? '~' : new Date(query.to).toISOString();
    this.#needles = [this.#stationId, this.#messageId, this.#action].filter((text) => text !== undefined);
    this.#showsGaps = query.type === undefined && query.messageId === undefined;
  }

  /** @param line without its line break */
  matches(line: string): boolean {
    return this.#match(line) !== undefined;
  }

  /** Undefined for a line that does not match, or is no line of the log. */
  read(line: string): RecordedMessage | undefined {
    const match = this.#match(line);
    if (!match) return undefined;
    const [start, time = '', stationId, direction, type, action, messageId, latencyMs, cut] = match;
    const frame = line.slice(start.length, -1);
    return {
      time: Date.parse(time),
      stationId: text(stationId),
      direction: text(direction) as MessageDirection | null,
      type: type as MessageType,
      action: text(action),
      messageId: text(messageId),
      latencyMs: latencyMs === 'null' ? null : Number(latencyMs),
      frame: frame.startsWith('"') ? (text(frame) ?? '') : frame,
      cutFrom: cut === undefined ? null : Number(cut),
    };
  }

  #match(line: string): RegExpExecArray | undefined {
    const isGap = this.#showsGaps && line.includes('"type":"gap"');
    // Most lines fail here when one station or message is looked for.
    if (!isGap && this.#needles.some((needle) => !line.includes(needle))) return undefined;
    if (!line.endsWith('}')) return undefined;
    const match = header.exec(line);
    if (!match) return undefined;
    const [, time = '', stationId, direction, type, action, messageId] = match;
    if (time < this.#from || time >= this.#to) return undefined;
    if (type === 'gap') return this.#showsGaps || this.#type === 'gap' ? match : undefined;
    const fits =
      is(this.#stationId, stationId) &&
      (this.#stationIds === undefined || this.#stationIds.has(text(stationId) ?? '')) &&
      is(this.#direction, direction) &&
      is(this.#type, type) &&
      is(this.#action, action) &&
      is(this.#messageId, messageId);
    return fits ? match : undefined;
  }
}

function is(wanted: string | undefined, found: string | undefined): boolean {
  return wanted === undefined || wanted === found;
}

function quoted(value: string | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

/** A value that `header` found is a JSON string or null; a torn frame may be anything. */
function text(json: string | undefined): string | null {
  try {
    const value: unknown = JSON.parse(json ?? 'null');
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}
