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

/**
 * Who one is now, and how to work there.
 * @param options.isDefault whether commands work there anyway, because a variable or file names the server
 */
export function renderLogin(
  { server, email, role, expires }: LoginView,
  { isDefault }: { readonly isDefault: boolean },
  terminal: Terminal,
): string {
  const until = expires === null ? '' : ` until ${instant(expires, terminal)}`;
  const who = `Logged in at ${server} as ${oneLine(email)}, ${oneLine(role)}${until}.\n`;
  if (isDefault) return `${who}Commands work there now. For the fleet of this machine: --server local\n`;
  return `${who}Commands still work on the fleet of this machine. To work there: evfleet status --server ${server}
For all commands of this shell: export EVFLEET_SERVER=${server}
`;
}
