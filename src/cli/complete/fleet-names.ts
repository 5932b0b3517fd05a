import { join } from 'node:path';
import type { Named } from '../../domain/names.js';
import type { Fleet } from '../../operations/fleet.js';
import { credentialsFile } from '../paths.js';
import type { ServerChoice } from '../remote/server-choice.js';
import type { FindNames } from './candidate.js';
import { isOpenToOthers } from './kept-keys.js';
import { type MeantFleet, meantFleet } from './meant-fleet.js';
import type { TypedLine } from './typed-line.js';

/** More than that nobody looks through; whoever types on gets what fits then. */
const namesMax = 200;

export interface NamesOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How long the fleet of this machine may take. */
  readonly hereWithinMs: number;
  /** How long a server elsewhere may take: it has to be reached first. */
  readonly elsewhereWithinMs: number;
}

type Query = Parameters<FindNames>[0];

/**
 * Names out of the fleet that the line means, asked as its command would ask: over the server of --server, or the one of
 * this machine. Without a server the store is read past its lock. Nothing when that fails or takes too long.
 */
export function fleetNames(line: TypedLine, options: NamesOptions): FindNames {
  return async (query) => {
    try {
      const meant = await meantFleet(line, options.env);
      const withinMs = meant.server ? options.elsewhereWithinMs : options.hereWithinMs;
      const signal = AbortSignal.timeout(withinMs);
      return await Promise.race([ask(meant, query, { env: options.env, signal }), givenUp(signal)]);
    } catch {
      // Nobody who types wants to read why.
      return [];
    }
  };
}

function givenUp(signal: AbortSignal): Promise<readonly Named[]> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve([]), { once: true });
  });
}

async function ask(
  meant: MeantFleet,
  query: Query,
  { env, signal }: { readonly env: NamesOptions['env']; readonly signal: AbortSignal },
): Promise<readonly Named[]> {
  if (meant.server) {
    // Standard input belongs to the shell.
    if (meant.server.keyFile === '-' || meant.server.caFile === '-') return [];
    if (wouldTakeKeyElsewhere(meant.server, env)) return [];
    if (isOpenToOthers(credentialsFile(env))) return [];
    const { openServerFleet } = await import('../remote/server-fleet.js');
    return listed(await openServerFleet(meant.server, signal), query);
  }
  const { connectFleet } = await import('../remote/http-fleet.js');
  const fleet = await connectFleet({ socketPath: join(meant.dataDir, 'control.sock'), signal });
  if (fleet) return listed(fleet, query);
  const { compileBriefly } = await import('../brief-process.js');
  compileBriefly();
  const { closedNames } = await import('../../server/closed-names.js');
  return closedNames(meant.dataDir, { ...query, limit: namesMax });
}

/**
 * A key of the environment is for the server of the environment. Typed beside another one it goes there once the line is
 * run, and not already when somebody looks how the line might go on.
 */
function wouldTakeKeyElsewhere(server: ServerChoice, env: NamesOptions['env']): boolean {
  const hasKeyOfItsOwn = server.isKeyFileTyped;
  const hasKeyOfEnvironment = Boolean(env.EVFLEET_API_KEY) || server.keyFile !== undefined;
  return server.isTyped && !hasKeyOfItsOwn && hasKeyOfEnvironment;
}

async function listed(fleet: Fleet, query: Query): Promise<readonly Named[]> {
  try {
    return (await fleet.run('name.list', { ...defined(query), limit: namesMax })).items;
  } finally {
    await fleet.close();
  }
}

/** Without the fields that say nothing: an operation takes none of them. */
function defined({ kind, prefix, station, site, vendor, model }: Query) {
  return {
    kind,
    prefix,
    ...(station !== undefined && { station }),
    ...(site !== undefined && { site }),
    ...(vendor !== undefined && { vendor }),
    ...(model !== undefined && { model }),
  };
}
