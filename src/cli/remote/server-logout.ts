import { FleetError } from '../../domain/errors.js';
import type { Credential, Credentials } from './credentials.js';
import { HttpFleet } from './http-fleet.js';
import type { ServerChoice } from './server-choice.js';
import { readAuthority, serverTransport } from './server-fleet.js';
import { typedAgain } from './server-suggestions.js';

export interface LogoutView {
  readonly server: string;
  readonly keyId: string;
  /** Whether the server will not take the key any more; otherwise it was only forgotten here. */
  readonly revoked: boolean;
}

interface LogoutOptions {
  readonly credentials: Credentials;
  readonly signal: AbortSignal;
  /** Forget the key also when the server could not be told. */
  readonly isLocalEnough: boolean;
}

/**
 * Revokes the key that is kept for a server, and forgets it.
 * @throws FleetError as the server, or the way to it, fails; then the key is still kept
 */
export async function logOut(
  server: ServerChoice,
  credential: Credential,
  { credentials, signal, isLocalEnough }: LogoutOptions,
): Promise<LogoutView> {
  const view = { server: server.url, keyId: credential.id };
  // A misspelt file is no reason to let a key live on that could have been revoked.
  await readAuthority(server.caFile, signal);
  try {
    await revokeKey(server, credential.key, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof FleetError)) throw error;
    if (!isLocalEnough) throw stillKept(error, server);
    await credentials.remove(server.url, credential.id);
    return { ...view, revoked: false };
  }
  await credentials.remove(server.url, credential.id);
  return { ...view, revoked: true };
}

/** A key that the server does not know any more is as good as revoked. */
export async function revokeKey(server: ServerChoice, key: string, signal: AbortSignal): Promise<void> {
  const fleet = new HttpFleet(await serverTransport(server, { key, signal }), signal);
  try {
    await fleet.run('auth.logout', {});
  } catch (error) {
    if (!(error instanceof FleetError && error.code === 'NOT_AUTHENTICATED')) throw error;
  } finally {
    await fleet.close();
  }
}

function stillKept({ code, message, suggestions, cause }: FleetError, server: ServerChoice): FleetError {
  return new FleetError(code, `${message} You are still logged in at ${server.url}.`, {
    cause,
    suggestions: [
      ...suggestions,
      `evfleet logout ${typedAgain(server)} --local, to forget the key here all the same`,
    ],
  });
}
