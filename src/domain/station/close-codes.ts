/** What operators call the close codes of WebSocket (RFC 6455 §7.4), and the two that are this program's own. */
const names: ReadonlyMap<number, string> = new Map([
  [0, 'unknown'],
  [1, 'server restart'],
  [1000, 'station disconnected'],
  [1001, 'going away'],
  [1002, 'protocol error'],
  [1003, 'unsupported data'],
  [1005, 'closed without code'],
  [1006, 'abnormal close'],
  [1007, 'invalid text'],
  [1008, 'policy violation'],
  [1009, 'frame too big'],
  [1010, 'extension missing'],
  [1011, 'server error'],
  [1012, 'service restart'],
  [1013, 'try again later'],
  [1014, 'bad gateway'],
  [1015, 'TLS failure'],
]);

/** Four digits, as operators write them: `0001`, `1006`. */
export function formatCloseCode(code: number): string {
  return String(code).padStart(4, '0');
}

/** In words. */
export function describeCloseCode(code: number): string {
  return names.get(code) ?? `code ${formatCloseCode(code)}`;
}
