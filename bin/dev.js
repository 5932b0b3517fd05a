#!/usr/bin/env node
// Bundles the sources as they are, brings the manifest up to date and runs the program: new commands are there at once.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.js';

await bundle({ isClean: false });
// stdout belongs to the command.
const manifest = fileURLToPath(new URL('manifest.js', import.meta.url));
const { status } = spawnSync(process.execPath, [manifest], {
  stdio: ['ignore', process.stderr.fd, 'inherit'],
});
if (status !== 0) process.exit(1);

const { main } = await import('../dist/main.js');
await main(process.argv.slice(2), { root: fileURLToPath(new URL('..', import.meta.url)) });
