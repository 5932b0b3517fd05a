/** What a recorded frame is. `other`: no message of OCPP. `gap`: no frame, but word of frames that are missing here. */
export const messageTypes = ['call', 'result', 'error', 'other', 'gap'] as const;
export type MessageType = (typeof messageTypes)[number];

/** `in`: from a station. */
export type MessageDirection = 'in' | 'out';

/** A frame as it was recorded, without secrets. */
export interface RecordedMessage {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Null only for a gap, as is the direction. */
  readonly stationId: string | null;
  readonly direction: MessageDirection | null;
  readonly type: MessageType;
  /** Of answers, the action that they answer; null when that is not known. */
  readonly action: string | null;
  readonly messageId: string | null;
  /** Of answers, the time since their call. */
  readonly latencyMs: number | null;
  /** The text of the frame, on one line, or of a gap `{"messages":312,"reason":"…"}`. */
  readonly frame: string;
  /** Characters that the whole frame has, when only its beginning was recorded; otherwise null. */
  readonly cutFrom: number | null;
}

/** All that is given must hold. */
export interface MessageQuery {
  readonly stationId?: string;
  /** Of one of these stations. */
  readonly stationIds?: ReadonlySet<string>;
  readonly action?: string;
  readonly direction?: MessageDirection;
  readonly type?: MessageType;
  readonly messageId?: string;
  /** Milliseconds since the epoch, inclusive. */
  readonly from?: number;
  /** Exclusive. */
  readonly to?: number;
  /** The last so many of those that match. */
  readonly limit?: number;
}

/** The communication log: a port. Gaps are part of every answer that does not ask for a type or a message id. */
export interface MessageRecord {
  /** What was recorded, oldest first, in batches: memory stays the same however much it is. */
  list(query: MessageQuery, signal: AbortSignal): AsyncIterable<readonly RecordedMessage[]>;
  /**
   * The same, then what comes, until `signal` aborts or the server stops. Begins with an empty batch.
   * @throws FleetError SERVER_UNREACHABLE where nothing can come because no server runs
   */
  follow(query: MessageQuery, signal: AbortSignal): AsyncIterable<readonly RecordedMessage[]>;
}
