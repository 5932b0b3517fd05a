import { hostname } from 'node:os';
import { FleetError } from '../../domain/errors.js';
import type { LoginView } from '../../views/login.js';
import type { Credential, Credentials } from './credentials.js';
import { parse, refusal } from './http-answer.js';
import type { Transport } from './http-transport.js';
import type { ServerChoice } from './server-choice.js';
import { serverTransport } from './server-fleet.js';
import { revokeKey } from './server-logout.js';

export interface Person {
  readonly email: string;
  readonly password: string;
}

interface LoginOptions {
  readonly credentials: Credentials;
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
}

/** A password takes the server some time on purpose, more after wrong ones. */
const answerWithinMs = 60_000;

/**
 * Has the server make a key for this person and keeps it. The key that was kept before is revoked.
 * @throws FleetError NOT_AUTHENTICATED when e-mail address or password are wrong
 */
export async function logIn(
  server: ServerChoice,
  person: Person,
  { credentials, signal, warn }: LoginOptions,
): Promise<LoginView> {
  const transport = await serverTransport(server, { key: undefined, signal });
  const credential = await ask(transport, person, signal).finally(() => transport.close());
  let before: Credential | undefined;
  try {
    before = await credentials.put(server.url, credential);
  } catch (error) {
    // A key that nobody has must not live on.
    await revokeKey(server, credential.key, signal).catch(() => undefined);
    throw error;
  }
  const old = before;
  if (old) {
    await revokeKey(server, old.key, signal).catch(() =>
      warn(`The key ${old.id}, kept until now, could not be revoked: evfleet api-key revoke ${old.id}`),
    );
  }
  const { id: keyId, email, role, expires } = credential;
  return { server: server.url, email, role, keyId, expires };
}

/** Before somebody types a password: one that cannot be sent, or had better not be. */
export async function checkReachable(server: ServerChoice, signal: AbortSignal): Promise<void> {
  const transport = await serverTransport(server, { key: undefined, signal });
  await transport.checkReachable(signal).finally(() => transport.close());
}

async function ask(transport: Transport, person: Person, signal: AbortSignal): Promise<Credential> {
  const json = JSON.stringify({ ...person, label: hostname() });
  try {
    const { status, body } = await transport.post('/api/v1/login', json, { signal, answerWithinMs });
    let text = '';
    for await (const chunk of body.setEncoding('utf8')) text += chunk;
    if (status >= 300) throw refusal(status, text);
    return toCredential(parse(text));
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof FleetError ? error : transport.lost(error);
  }
}

function toCredential(answer: unknown): Credential {
  const { key, id, email, role, expires } =
    typeof answer === 'object' && answer !== null ? fields(answer) : {};
  const texts = [key, id, email, role];
  if (texts.every((text) => typeof text === 'string') && (expires === null || typeof expires === 'string')) {
    return { key: String(key), id: String(id), email: String(email), role: String(role), expires };
  }
  throw new FleetError('UNEXPECTED', 'The server answered with something that is no key.', {
    suggestions: ['Run the same version of evfleet as client and as server.'],
  });
}

function fields(answer: object): Partial<Record<keyof Credential, unknown>> {
  return answer;
}
