#!/usr/bin/env node
import module from 'node:module';
import { fileURLToPath } from 'node:url';

// Node 22 and newer keep compiled code between runs: a good part of the start-up time of a short command.
module.enableCompileCache?.();

const root = fileURLToPath(new URL('..', import.meta.url));

// Whoever presses the tab key does not wait for oclif.
const isCompletion = process.argv[2] === '__complete';

async function load() {
  try {
    return isCompletion ? await import('../dist/complete.js') : await import('../dist/main.js');
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    if (process.env.EVFLEET_DEBUG || process.env.DEBUG) process.stderr.write(`${error.stack}\n`);
    if (isCompletion) process.exit(0);
    process.stderr.write('Error: evfleet is not built yet.\nTry: npm ci && npm run build\n');
    process.exit(1);
  }
}

const { main, complete } = await load();
if (isCompletion) await complete(process.argv.slice(3), root);
else await main(process.argv.slice(2), { root });
