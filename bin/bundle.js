#!/usr/bin/env node
// Bundles the program with all packages that it uses into dist/: a start reads a dozen files instead of hundreds. Each
// command is a file of its own below commands/, where oclif looks for it; what several need lies in chunks beside main.js.
// `bundle.js DIRECTORY COMMANDS` makes a program with the commands of another folder.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param options `isClean: false` leaves files of before: a server that runs may still have to load some of them */
export async function bundle({ directory = 'dist', folder = 'commands', isClean = true } = {}) {
  const commands = readdirSync(resolve(root, folder), { recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [`commands/${file.slice(0, -'.ts'.length)}`, join(folder, file)]);
  await build({
    cwd: root,
    input: {
      main: 'src/cli/main.ts',
      help: 'src/cli/help.ts',
      // src/store/store-worker.ts starts it by this name.
      'store-worker-main': 'src/store/store-worker-main.ts',
      ...Object.fromEntries(commands),
    },
    platform: 'node',
    // Packages that were written for CommonJS ask for theirs.
    transform: { define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' } },
    logLevel: 'warn',
    output: {
      dir: directory,
      cleanDir: isClean,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
    },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [directory, folder] = process.argv.slice(2);
  await bundle({ directory, folder });
}
