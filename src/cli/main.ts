import type { Config } from '@oclif/core';

export type LoadOptions = Exclude<Parameters<typeof Config.load>[0], string | undefined>;

/** Runs one command line and ends the process with its exit code, once everything written has left it. */
export async function main(argv: readonly string[], location: LoadOptions): Promise<never> {
  // oclif would look for plugins of the user in EVFLEET_DATA_DIR, where the fleet is.
  const options = { ...location, userPlugins: false, devPlugins: false };
  // Nobody reads what is said besides the data any more: no reason to stop, least of all for a server.
  process.stderr.on('error', () => undefined);
  process.on('uncaughtException', (error) => void failed(error, argv, options));
  try {
    const { run } = await import('@oclif/core');
    await run([...argv], options);
  } catch (error) {
    return failed(error, argv, options);
  }
  return end();
}

/** Commands of ours report their own errors; this is for what fails before, beside and in the commands of plugins. */
async function failed(error: unknown, argv: readonly string[], options: LoadOptions): Promise<never> {
  const { reportFailure } = await import('./failure.js');
  await reportFailure(error, argv, options);
  return end();
}

async function end(): Promise<never> {
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit();
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || !stream.writable) resolve();
    else stream.write('', () => resolve());
  });
}
