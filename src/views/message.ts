import type { MessageView } from '../operations/record/message.js';
import { cut } from './cut.js';
import { instant, oneLine } from './format.js';
import { UnreadablePayload } from './message-fields.js';
import { wordsFor } from './message-words.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';
import { textWidth } from './text-width.js';

/** What happened, on one line: `StartTransaction answered: Accepted, transaction 42 (12 ms)`. */
export function messageText({ type, action, payload, latencyMs }: MessageView): string {
  const took = latencyMs === null ? '' : ` (${latencyMs} ms)`;
  switch (type) {
    case 'call':
      return oneLine(sentence(action ?? 'A call', inWords(action, 'call', payload)));
    case 'result':
      return oneLine(sentence(`${action ?? 'A call'} answered`, inWords(action, 'result', payload)) + took);
    case 'error':
      return oneLine(sentence(action ?? undefined, errorWords(payload)) + took);
    case 'other':
      return oneLine(sentence('No OCPP message', rawText(payload)));
    case 'gap':
      return oneLine(gapWords(payload));
  }
}

/**
 * Writes messages below each other: time, station, an arrow for the direction, then what happened; or, with `raw`, the
 * frame itself. For a program the fields are separated by tabs, and a raw frame stands alone.
 */
export class MessageLines {
  readonly #terminal: Terminal;
  readonly #raw: boolean;
  #day = '';
  #stationWidth = 0;

  constructor(terminal: Terminal, { raw }: { readonly raw: boolean }) {
    this.#terminal = terminal;
    this.#raw = raw;
  }

  /** The lines for a batch, complete with their line breaks. */
  render(messages: readonly MessageView[]): string {
    // What is known beforehand is aligned from the first line on.
    for (const { stationId } of messages) {
      this.#stationWidth = Math.max(this.#stationWidth, textWidth(oneLine(stationId ?? '')));
    }
    return messages
      .map((message) => (this.#terminal.isTTY ? this.#forPerson(message) : this.#forProgram(message)))
      .join('');
  }

  #forProgram(message: MessageView): string {
    if (this.#raw) return message.type === 'gap' ? '' : `${rawLine(message)}\n`;
    const { time, stationId, direction } = message;
    return `${[time, oneLine(stationId ?? ''), direction ?? '', messageText(message)].join('\t')}\n`;
  }

  #forPerson(message: MessageView): string {
    const { paint, columns } = this.#terminal;
    const station = oneLine(message.stationId ?? '');
    const padding = ' '.repeat(this.#stationWidth - textWidth(station));
    const when = instant(Date.parse(message.time), this.#terminal);
    const [day = '', clock = ''] = when.split(' ');
    const time = `${clock.replace('Z', '')}${message.time.slice(19, 23)}`;
    const heading = day === this.#day ? '' : `${paint.dim(day)}\n`;
    this.#day = day;
    const start = `${paint.dim(time)}  ${paint.bold(station)}${padding}  ${this.#arrow(message)} `;
    if (this.#raw) return `${heading}${start}${rawLine(message)}\n`;
    return `${heading}${cut(start + this.#coloured(message), columns)}\n`;
  }

  /** `→`: from the station to the server. */
  #arrow({ direction }: MessageView): string {
    const { paint } = this.#terminal;
    if (direction === null) return ' ';
    return direction === 'in' ? paint.cyan('→') : paint.green('←');
  }

  #coloured(message: MessageView): string {
    const { paint } = this.#terminal;
    const text = messageText(message);
    switch (message.type) {
      case 'call':
        return text;
      case 'result':
        return paint.gray(text);
      case 'error':
        return paint.red(text);
      case 'other':
      case 'gap':
        return paint.yellow(text);
    }
  }
}

/** For CSV, and where messages are laid out in columns; names and order are a contract. */
export const messageList: ListView<Omit<MessageView, 'frame'>> = {
  columns: {
    time: { title: 'TIME', show: (value, _row, terminal) => instant(value, terminal) },
    stationId: { title: 'STATION' },
    direction: { title: 'DIR' },
    type: { title: 'TYPE' },
    action: { title: 'ACTION' },
    messageId: { title: 'MESSAGE ID' },
    payload: { title: 'PAYLOAD' },
    latencyMs: { title: 'MS', align: 'right' },
  },
  defaults: ['time', 'stationId', 'direction', 'type', 'action', 'latencyMs', 'payload'],
  whereRoom: ['messageId'],
  id: ({ messageId }) => messageId ?? '',
};

/** The frame, free of what could steer the terminal; JSON has such characters between its tokens only. */
function rawLine(message: MessageView): string {
  return message.type === 'gap' ? messageText(message) : oneLine(message.frame ?? '');
}

function sentence(subject: string | undefined, words: string): string {
  if (subject === undefined) return words;
  return words === '' ? subject : `${subject}: ${words}`;
}

function inWords(action: string | null, type: 'call' | 'result', payload: unknown): string {
  try {
    const words = action === null ? undefined : wordsFor(action, type, payload);
    if (words !== undefined) return words;
  } catch (error) {
    if (!(error instanceof UnreadablePayload)) throw error;
  }
  return compact(payload);
}

function errorWords(payload: unknown): string {
  const { code, description, details } = asObject(payload);
  if (code === undefined) return `CALLERROR ${compact(payload)}`;
  const more = details === undefined || compact(details) === '{}' ? '' : ` ${compact(details)}`;
  return `${sentence(`CALLERROR ${text(code)}`, text(description))}${more}`;
}

function gapWords(payload: unknown): string {
  const { messages, reason } = asObject(payload);
  return `${text(messages)} messages are missing here: ${text(reason)}`;
}

function rawText(payload: unknown): string {
  return text(asObject(payload).raw);
}

function text(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : compact(value);
}

function compact(value: unknown): string {
  return JSON.stringify(value) ?? '';
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
