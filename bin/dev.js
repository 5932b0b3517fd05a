#!/usr/bin/env node
// Bundles the sources as they are, then runs them without the manifest, so that new commands are there at once.
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.js';

await bundle({ isClean: false });
const { main } = await import('../dist/main.js');
await main(process.argv.slice(2), {
  root: fileURLToPath(new URL('..', import.meta.url)),
  ignoreManifest: true,
});
