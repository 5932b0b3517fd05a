import { FleetError } from '../../domain/errors.js';
import { credentialsFile } from '../paths.js';
import { sayOnStderr } from '../report.js';
import { Credentials } from './credentials.js';
import type { ServerChoice } from './server-choice.js';

type Env = Readonly<Record<string, string | undefined>>;

/** Keys are much shorter. */
const fileMaxBytes = 4096;

/** What `login` keeps for this user. */
export function ownCredentials(env: Env): Credentials {
  return new Credentials({
    file: credentialsFile(env),
    warn: (message) => sayOnStderr(`Warning: ${message}`),
  });
}

/**
 * The key for a server: from `--api-key-file`, else EVFLEET_API_KEY, else EVFLEET_API_KEY_FILE, else what `login` kept.
 * @throws FleetError NOT_AUTHENTICATED when there is none; USAGE when it cannot be one. Never with what it is
 */
export async function keyFor(server: ServerChoice, env: Env, signal: AbortSignal): Promise<string> {
  if (env.EVFLEET_API_KEY && !server.isKeyFileTyped) return checked(env.EVFLEET_API_KEY, 'EVFLEET_API_KEY');
  if (server.keyFile !== undefined) {
    const { readTextFile } = await import('../files/text-file.js');
    const options = { flag: '--api-key-file', signal, maxBytes: fileMaxBytes };
    const text = await readTextFile(server.keyFile, options);
    const { warnIfOpenToOthers } = await import('../files/secret-file.js');
    if (server.keyFile !== '-') await warnIfOpenToOthers(server.keyFile);
    return checked(text, server.keyFile);
  }
  const kept = await ownCredentials(env).get(server.url);
  if (kept) return checked(kept.key, 'What evfleet login kept');
  throw new FleetError('NOT_AUTHENTICATED', `There is no key for ${server.url}.`, {
    suggestions: [
      `evfleet login --server ${server.url}`,
      'EVFLEET_API_KEY or --api-key-file, with a key that evfleet api-key create made',
    ],
  });
}

/** Where the key for this server was put by hand, as one would say it; undefined when it is what `login` keeps. */
export function keyPlace(server: ServerChoice, env: Env): string | undefined {
  return env.EVFLEET_API_KEY && !server.isKeyFileTyped ? 'EVFLEET_API_KEY' : server.keyFile;
}

/** What is no key may be another secret: it is neither sent nor shown. */
function checked(text: string, where: string): string {
  const key = text.trim();
  if (/^evf_[\w.~-]{8,500}$/.test(key)) return key;
  const why = key.startsWith('evf_')
    ? 'no whole API key: something is missing in it, or too much'
    : 'no API key; they begin with evf_';
  throw new FleetError('USAGE', `${where} holds ${why}.`, {
    suggestions: ['evfleet api-key create --help'],
  });
}
