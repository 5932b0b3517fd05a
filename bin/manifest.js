#!/usr/bin/env node
// Writes oclif.manifest.json, from which a start knows all commands without loading them, and docs/commands.md from it.
// `--check` only compares.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Plugin } from '@oclif/core/config';
import { reference } from './reference.js';

// oclif looks for TypeScript sources otherwise.
process.env.NODE_ENV = 'production';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const { oclif } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));

/** Commands and their properties by name. Arguments and flags keep their order: that of arguments is their meaning. */
function stable({ version, commands }) {
  const byName = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
  const ordered = Object.entries(commands).map(([id, command]) => [id, byName(command)]);
  return { version, commands: byName(Object.fromEntries(ordered)) };
}

/** A line for each command: every start reads all of it, so that there is no room for indentation. */
function written({ version, commands }) {
  const lines = Object.entries(commands).map(
    ([id, command]) => `${JSON.stringify(id)}:${JSON.stringify(command)}`,
  );
  return `{"version":${JSON.stringify(version)},"commands":{\n${lines.join(',\n')}\n}}\n`;
}

function* breaches({ commands }) {
  for (const [id, command] of Object.entries(commands)) {
    // An empty one is on purpose: what has to be typed.
    const bare = Object.keys(command.flags).filter((flag) => command.flags[flag].env === undefined);
    if (bare.length > 0)
      yield `${id}: no environment variable for ${bare.join(', ')}; wrap flags in withEnv()`;
    if (!command.summary) yield `${id}: no summary`;
    if ((command.examples?.length ?? 0) < 2) yield `${id}: fewer than two examples`;
  }
}

function fail(lines) {
  process.stderr.write(lines.map((line) => `manifest: ${line}\n`).join(''));
  process.exit(1);
}

function committed(file) {
  try {
    return readFileSync(`${root}/${file}`, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const plugin = new Plugin({ errorOnManifestCreate: true, ignoreManifest: true, isRoot: true, root });
await plugin.load();
const manifest = stable(plugin.manifest);
const files = {
  'oclif.manifest.json': written(manifest),
  'docs/commands.md': reference(manifest, oclif.topics ?? {}),
};
const wrong = [...breaches(plugin.manifest)];
if (files['oclif.manifest.json'].includes(root))
  wrong.push('it holds a path of this machine; a flag has a default that is computed');

if (process.argv.includes('--check')) {
  if (wrong.length > 0) fail(wrong);
  const stale = Object.keys(files).filter((file) => files[file] !== committed(file));
  if (stale.length > 0) fail([`${stale.join(' and ')} stale: run npm run build and commit it`]);
} else {
  for (const line of wrong) process.stderr.write(`manifest: warning: ${line}\n`);
  mkdirSync(`${root}/docs`, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(`${root}/${file}`, text);
}
