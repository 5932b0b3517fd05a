import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The real program, `bin/run.js`, as users and scripts run it. It needs the build that `npm test` makes first. */
const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** Nothing of the developer's own settings gets in. */
function environment({ dataDir, env = {} }: ProgramOptions): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, XDG_CONFIG_HOME: '/nonexistent', EVFLEET_DATA_DIR: dataDir, ...env };
}

/** Runs one command to its end. */
export async function evfleet(argv: readonly string[], options: ProgramOptions): Promise<Outcome> {
  const child = spawn(process.execPath, [program, ...argv], { env: environment(options) });
  child.stdin.end(options.stdin ?? '');
  return ended(child);
}

async function ended(child: ChildProcess): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code: code ?? (signal === 'SIGKILL' ? 137 : -1), stdout, stderr });
    });
  });
}

export interface ServeProcess {
  /** Stations append their id to it. */
  readonly url: string;
  readonly tlsUrl: string | null;
  /** Has it look at its certificates. */
  hangUp(): void;
  /** Of the API, when it was started with one. */
  readonly apiUrl: string | null;
  readonly outcome: Promise<Outcome>;
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<Outcome>;
}

/** Starts `evfleet serve`, on a free port unless told, and waits for its ready file. */
export async function serve(
  options: ProgramOptions,
  { port = '0', argv = [] }: { port?: string; argv?: readonly string[] } = {},
): Promise<ServeProcess> {
  const readyFile = `${options.dataDir}.ready`;
  const child = spawn(
    process.execPath,
    [program, 'serve', '--port', port, '--ready-file', readyFile, ...argv],
    { env: environment(options) },
  );
  const outcome = ended(child);
  const isOver = outcome.then(({ code, stderr }) => {
    throw new Error(`serve ended with ${code} before it was ready: ${stderr}`);
  });
  const pid = child.pid;
  const ready = (async () => {
    for (;;) {
      const announced = existsSync(readyFile) && JSON.parse(readFileSync(readyFile, 'utf8'));
      // A killed server leaves its file behind; only this one's counts.
      if (announced && announced.pid === pid)
        return announced as Pick<ServeProcess, 'url' | 'tlsUrl' | 'apiUrl'>;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  const { url, tlsUrl, apiUrl } = await Promise.race([ready, isOver]);
  isOver.catch(() => undefined);
  return {
    url,
    tlsUrl,
    apiUrl,
    hangUp: () => void child.kill('SIGHUP'),
    outcome,
    kill(signal) {
      child.kill(signal);
      return outcome;
    },
  };
}
