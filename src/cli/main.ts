import type { Config } from '@oclif/core';

export type LoadOptions = Exclude<Parameters<typeof Config.load>[0], string | undefined>;

interface Output {
  /** What standard output failed with last. */
  lost?: NodeJS.ErrnoException;
}

/** Runs one command line and ends the process with its exit code, once everything written has left it. */
export async function main(argv: readonly string[], location: LoadOptions): Promise<never> {
  // oclif would look for plugins of the user in EVFLEET_DATA_DIR, where the fleet is.
  const options = { ...location, userPlugins: false, devPlugins: false };
  // Nobody reads what is said besides the data any more: no reason to stop, least of all for a server.
  process.stderr.on('error', () => undefined);
  const output: Output = {};
  process.stdout.on('error', (error) => {
    output.lost = error;
  });
  process.on('uncaughtException', (error) => {
    // oclif throws what standard output fails with; that is told of once, in the end.
    if (error !== output.lost) void failed(error, argv, options).then(() => end(output));
  });
  try {
    const { run } = await import('@oclif/core');
    await run([...argv], options);
  } catch (error) {
    await failed(error, argv, options);
  }
  return end(output);
}

/** Commands of ours report their own errors; this is for what fails before, beside and in the commands of plugins. */
async function failed(error: unknown, argv: readonly string[], options: LoadOptions): Promise<void> {
  try {
    const { reportFailure } = await import('./failure.js');
    await reportFailure(error, argv, options);
  } catch {
    // An upgrade has taken its files away from a server that still runs: failing here again would go round for ever.
    process.stderr.write(`Error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

async function end(output: Output): Promise<never> {
  // One that failed calls back no more.
  if (!output.lost) await flushed(process.stdout);
  const { lost } = output;
  if (lost && lost.code !== 'EPIPE' && !process.exitCode) {
    const { reportLostOutput } = await import('./failure.js');
    reportLostOutput(lost);
  }
  await flushed(process.stderr);
  process.exit();
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    // What it failed with is told a little later.
    if (stream.destroyed || !stream.writable) return void setImmediate(resolve);
    stream.prependOnceListener('error', () => resolve());
    stream.write('', () => resolve());
  });
}
