import { FleetError } from '../../domain/errors.js';

/** A server elsewhere that a command works on, in place of the data directory of this machine. */
export interface ServerChoice {
  /** Normalized. */
  readonly url: string;
  /** Whether it stood on the command line of this command. */
  readonly isTyped: boolean;
  /** Certificates (PEM) to trust instead of those that the system trusts. */
  readonly caFile: string | undefined;
  readonly isCaTyped: boolean;
  /** Where the key is, if not in EVFLEET_API_KEY or with what `login` keeps. */
  readonly keyFile: string | undefined;
  readonly isKeyFileTyped: boolean;
  readonly allowsPlainHttp: boolean;
}

interface ServerFlags {
  readonly server?: string | undefined;
  readonly 'data-dir'?: string | undefined;
  readonly 'server-ca'?: string | undefined;
  readonly 'api-key-file'?: string | undefined;
  readonly 'allow-plain-http': boolean;
}

interface Given {
  /** Names of the flags on the command line. */
  readonly typed: ReadonlySet<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What `--server` is when the data directory of this machine is meant, whatever variable and file say. */
export const localServer = 'local';

/**
 * The server that is meant, undefined when it is the data directory of this machine. Of a server and a directory the one
 * that was named closer counts: command line, then environment, then configuration file; at the same place the server.
 * @throws FleetError USAGE when both are on the command line
 */
export function chosenServer(flags: ServerFlags, { typed, env }: Given): ServerChoice | undefined {
  const { server: url } = flags;
  if (url === undefined || url === localServer) return undefined;
  const isTyped = typed.has('server');
  if (isTyped && typed.has('data-dir')) {
    throw new FleetError('USAGE', '--server and --data-dir are two places; a command works on one.', {
      suggestions: ['Leave out one of them.'],
    });
  }
  const isDirectoryCloser =
    !isTyped && (typed.has('data-dir') || (Boolean(env.EVFLEET_DATA_DIR) && !env.EVFLEET_SERVER));
  if (isDirectoryCloser) return undefined;
  return {
    url,
    isTyped,
    caFile: flags['server-ca'],
    isCaTyped: typed.has('server-ca'),
    keyFile: flags['api-key-file'],
    isKeyFileTyped: typed.has('api-key-file'),
    allowsPlainHttp: flags['allow-plain-http'],
  };
}

/**
 * For what happens on this machine alone.
 * @param what a sentence that says so
 * @throws FleetError USAGE when a server elsewhere is meant
 */
export function refuseServer(server: ServerChoice | undefined, what: string): void {
  if (!server) return;
  const suggestions = server.isTyped
    ? ['Leave out --server.']
    : ['--server local, when the fleet of this machine is meant', 'Run it on the machine of the server.'];
  throw new FleetError('USAGE', what, { suggestions });
}
