import fs from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../domain/clock.js';
import { FleetError } from '../domain/errors.js';
import type { Log } from '../domain/log.js';
import type {
  MessageDirection,
  MessageQuery,
  MessageRecord,
  RecordedMessage,
} from '../domain/station/message-record.js';
import type { WriterFiles } from './appended-files.js';
import { Follower } from './follower.js';
import { FrameLines } from './frame-line.js';
import { removeOldFiles } from './log-files.js';
import { LineReader } from './log-line.js';
import { readMessages } from './log-reader.js';
import { LogWriter } from './log-writer.js';

/** How much is kept. */
export interface MessageLogLimits {
  /** Bytes of all files together; `off` records nothing. */
  readonly maxSize: number | 'off';
  readonly retentionMs: number;
}

export interface MessageLogOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: MessageLogLimits;
  readonly files?: WriterFiles;
  /** Bytes that may wait for the disk; default 8 MiB. */
  readonly unwrittenMaxBytes?: number;
}

const fileMaxBytes = 16 * 1024 * 1024;
/** Where little space is allowed, files are smaller: a whole one goes at a time. */
const filesMin = 8;

/**
 * The communication log of a running server: takes every frame of every station, writes them to files, and lets them
 * be read and followed. Taking a frame never waits and never fails.
 */
export class MessageLog implements MessageRecord {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #lines = new FrameLines();
  readonly #writer: LogWriter;
  readonly #followers = new Set<Follower>();
  #limits: MessageLogLimits;
  #hasEnded = false;
  #removedFiles = 0;

  constructor({ dataDir, clock, log, limits, files = fs, unwrittenMaxBytes }: MessageLogOptions) {
    this.#directory = messageDirectory(dataDir);
    this.#clock = clock;
    this.#limits = limits;
    this.#writer = new LogWriter({
      directory: this.#directory,
      files,
      clock,
      log,
      fileMaxBytes: this.#fileMaxBytes,
      onClosed: () => this.#removeOld(),
      ...(unwrittenMaxBytes !== undefined && { unwrittenMaxBytes }),
    });
  }

  /** A frame that passed; as FrameObserver of the CSMS. */
  frame(
    stationId: string,
    direction: MessageDirection,
    kind: 'call' | 'result' | 'error' | 'other',
    action: string | undefined,
    messageId: string | undefined,
    text: string,
    latencyMs: number | undefined,
  ): void {
    const isRecorded = this.#limits.maxSize !== 'off';
    if (!isRecorded && this.#followers.size === 0) return;
    const now = this.#clock.now();
    const line = this.#lines.line(now, stationId, direction, kind, action, messageId, text, latencyMs);
    if (isRecorded) this.#writer.add(line, now);
    for (const follower of this.#followers) follower.push(line);
  }

  async *list(query: MessageQuery, signal: AbortSignal): AsyncGenerator<readonly RecordedMessage[]> {
    const until = await this.#writer.flush();
    yield* readMessages(this.#directory, query, { signal, until });
  }

  async *follow(query: MessageQuery, signal: AbortSignal): AsyncGenerator<readonly RecordedMessage[]> {
    const reader = new LineReader(query);
    const follower = new Follower(reader, () => this.#clock.now());
    this.#followers.add(follower);
    if (this.#hasEnded) follower.end();
    try {
      // In the turn in which the follower began: what was before is in the files, all else comes to it.
      const flushed = this.#writer.flush();
      yield [];
      yield* readMessages(this.#directory, query, { signal, until: await flushed });
      for (let lines = await follower.take(signal); lines; lines = await follower.take(signal)) {
        yield lines.map((line) => reader.read(line)).filter((message) => message !== undefined);
      }
    } finally {
      this.#followers.delete(follower);
    }
  }

  /** From now on. What is too much goes with the next `tidy`. */
  setLimits(limits: MessageLogLimits): void {
    this.#limits = limits;
    this.#writer.fileMaxBytes = this.#fileMaxBytes;
  }

  /** Removes files that are too old or too much; gives how many. */
  async tidy(): Promise<number> {
    const before = this.#removedFiles;
    await this.#writer.closeOldFile();
    await this.#removeOld();
    return this.#removedFiles - before;
  }

  /** Lets those who follow come to an end. */
  endFollowing(): void {
    this.#hasEnded = true;
    for (const follower of this.#followers) follower.end();
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    this.endFollowing();
    await this.#writer.close();
  }

  get #fileMaxBytes(): number {
    const { maxSize } = this.#limits;
    return maxSize === 'off' ? fileMaxBytes : Math.min(fileMaxBytes, Math.ceil(maxSize / filesMin));
  }

  async #removeOld(): Promise<void> {
    const { maxSize, retentionMs } = this.#limits;
    this.#removedFiles += await removeOldFiles(this.#directory, {
      keptSince: this.#clock.now() - retentionMs,
      // Room for the file that comes next.
      maxBytes: maxSize === 'off' ? Number.POSITIVE_INFINITY : maxSize - this.#fileMaxBytes,
      current: this.#writer.currentName,
    });
  }
}

/** The communication log where no server writes it: it can only be read. */
export function messageFiles(dataDir: string): MessageRecord {
  return {
    list: (query, signal) => readMessages(messageDirectory(dataDir), query, { signal }),
    follow() {
      throw new FleetError('SERVER_UNREACHABLE', 'No server is running, so no messages can come.', {
        suggestions: ['evfleet serve', 'If it runs elsewhere, name its data directory with --data-dir.'],
      });
    },
  };
}

function messageDirectory(dataDir: string): string {
  return path.join(dataDir, 'messages');
}
