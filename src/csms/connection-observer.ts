/** Told of the coming and going of all stations. Must not throw. */
export interface ConnectionObserver {
  opened(): void;
  /** @param end the WebSocket close code as it was seen here, and who began */
  closed(end: { readonly code: number; readonly initiator: string }): void;
}
