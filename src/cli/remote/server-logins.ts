import { FleetError } from '../../domain/errors.js';
import type { Credential } from './credentials.js';
import type { ServerChoice } from './server-choice.js';
import { typedAgain } from './server-suggestions.js';

export interface Login {
  readonly server: ServerChoice;
  readonly credential: Credential;
}

interface Wanted {
  readonly all: boolean;
  readonly server: ServerChoice | undefined;
  /** How servers are reached that the command line does not name. */
  readonly ways: Pick<ServerChoice, 'caFile' | 'isCaTyped' | 'allowsPlainHttp'>;
}

/**
 * Which of the kept log-ins are meant.
 * @throws FleetError USAGE when there are several and none is named
 */
export function keptLogins(kept: ReadonlyMap<string, Credential>, { all, server, ways }: Wanted): Login[] {
  const logins = [...kept].map(([url, credential]): Login => {
    return {
      server: { ...ways, url, isTyped: false, keyFile: undefined, isKeyFileTyped: false },
      credential,
    };
  });
  if (all) return logins;
  if (server) return logins.filter((login) => login.server.url === server.url);
  if (logins.length < 2) return logins;
  throw new FleetError('USAGE', `You are logged in at ${logins.length} servers; which one is missing.`, {
    suggestions: [
      ...logins.map((login) => `evfleet logout ${typedAgain(login.server)}`),
      'evfleet logout --all',
    ],
  });
}
