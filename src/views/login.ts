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

/** How the next command gets there. */
export interface WayThere {
  /** Whether commands work there anyway, because a variable or file names the server. */
  readonly isDefault: boolean;
  /** `--server URL`, with all else that it takes. */
  readonly flags: string;
  /** The same for a whole shell: `EVFLEET_SERVER=URL`. */
  readonly variables: string;
}

/** Who one is now, and how to work there. */
export function renderLogin(
  { server, email, role, expires }: LoginView,
  { isDefault, flags, variables }: WayThere,
  terminal: Terminal,
): string {
  const until = expires === null ? '' : ` until ${instant(expires, terminal)}`;
  const who = `Logged in at ${server} as ${oneLine(email)}, ${oneLine(role)}${until}.\n`;
  if (isDefault) return `${who}Commands work there now. For the fleet of this machine: --server local\n`;
  return `${who}Commands still work on the fleet of this machine. To work there: evfleet status ${flags}
For all commands of this shell: export ${variables}
`;
}
