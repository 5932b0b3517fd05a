import { instant, oneLine } from './format.js';
import type { Terminal } from './terminal.js';

/** What came of a login; never with the key. */
export interface LoginView {
  readonly server: string;
  readonly email: string;
  readonly role: string;
  /** No secret. */
  readonly keyId: string;
  /** ISO 8601, UTC; null when the key does not expire. */
  readonly expires: string | null;
}

/** Who one is now, and how to work there: that does not happen by itself. */
export function renderLogin({ server, email, role, expires }: LoginView, terminal: Terminal): string {
  const until = expires === null ? '' : ` until ${instant(expires, terminal)}`;
  return `Logged in at ${server} as ${oneLine(email)}, ${oneLine(role)}${until}.
Commands still work on the fleet of this machine. To work there: evfleet status --server ${server}
For all commands of this shell: export EVFLEET_SERVER=${server}
`;
}
