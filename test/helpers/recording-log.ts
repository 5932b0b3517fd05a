import type { Log, LogFields } from '../../src/domain/log.js';

export interface LogLine extends LogFields {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

/** Keeps what is logged, for tests that look at it. */
export class RecordingLog implements Log {
  readonly lines: LogLine[] = [];

  info(message: string, fields: LogFields = {}): void {
    this.lines.push({ ...fields, level: 'info', message });
  }

  warn(message: string, fields: LogFields = {}): void {
    this.lines.push({ ...fields, level: 'warn', message });
  }

  error(message: string, fields: LogFields = {}): void {
    this.lines.push({ ...fields, level: 'error', message });
  }

  /** The lines whose message or fields match. */
  find(pattern: RegExp): LogLine[] {
    return this.lines.filter((line) => pattern.test(JSON.stringify(line)));
  }
}
