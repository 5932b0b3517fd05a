/** No answer in time. `phase` tells whether the call ever left: a queued one certainly had no effect. */
export class CallTimeoutError extends Error {
  readonly action: string;
  readonly phase: 'queued' | 'sent';
  readonly timeoutMs: number;

  constructor(action: string, phase: 'queued' | 'sent', timeoutMs: number) {
    super(
      phase === 'sent'
        ? `${action} was not answered within ${timeoutMs / 1000}s`
        : `${action} could not be sent within ${timeoutMs / 1000}s: earlier calls were still waiting`,
    );
    this.name = 'CallTimeoutError';
    this.action = action;
    this.phase = phase;
    this.timeoutMs = timeoutMs;
  }
}

/** Too many calls wait for this peer already; this one was not sent. */
export class CallQueueFullError extends Error {
  readonly action: string;
  readonly limit: number;

  constructor(action: string, limit: number) {
    super(`${action} was not sent: ${limit} calls are waiting already`);
    this.name = 'CallQueueFullError';
    this.action = action;
    this.limit = limit;
  }
}

/** The connection went away. `sent` tells whether the peer may have received the call. */
export class PeerClosedError extends Error {
  readonly action: string;
  readonly sent: boolean;

  constructor(action: string, reason: string, sent: boolean, cause?: unknown) {
    super(
      `${action} ${sent ? 'was not answered' : 'was not sent'}: ${reason}`,
      cause === undefined ? undefined : { cause },
    );
    this.name = 'PeerClosedError';
    this.action = action;
    this.sent = sent;
  }
}
