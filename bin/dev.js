#!/usr/bin/env node
// Compiles what changed since the last time, then runs it without the manifest, so that new commands are there at once.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
const incremental = ['--incremental', '--tsBuildInfoFile', 'dist/dev.tsbuildinfo'];

// stdout belongs to the command.
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', ...incremental], {
  cwd: root,
  stdio: ['ignore', process.stderr.fd, 'inherit'],
});
if (status !== 0) process.exit(1);

const { main } = await import('../dist/src/cli/main.js');
await main(process.argv.slice(2), { root, ignoreManifest: true });
