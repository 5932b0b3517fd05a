/** What the running server tells whoever watches it. Never given secrets or whole messages. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export const silentLog: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Least serious first. */
export const logLevels = ['info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** A log that drops what is less serious than `level`. */
export function atLeast(level: LogLevel, log: Log): Log {
  switch (level) {
    case 'info':
      return log;
    case 'warn':
      return { ...log, info: silentLog.info };
    case 'error':
      return { ...silentLog, error: log.error };
  }
}
