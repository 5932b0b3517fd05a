#!/usr/bin/env node
// Bundles the program with all packages that it uses into dist/: a start reads a dozen files instead of hundreds. Each
// command is a file of its own below commands/, where oclif looks for it; what several need lies in chunks beside main.js.
// `bundle.js DIRECTORY COMMANDS` makes a program with the commands of another folder.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { thirdParty } from './third-party.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The first gets what it has in common with others, so that it needs none of them. */
const areas = [
  'topology',
  ...readdirSync(join(root, 'src/operations'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'topology')
    .map(({ name }) => name),
];

/**
 * What a start needs comes in few files, because each costs half a millisecond, and no more than that: the first of these
 * that wants a module gets it, with all that it imports.
 */
const groups = [
  // Every command.
  {
    name: 'kit',
    test: /src\/(cli\/(base-command|open-fleet|remote\/http-fleet)|views\/(table|record))\.ts$|node_modules\/@oclif\/core\//,
  },
  { name: 'common', test: /src\/(?!operations|store|message-log|pki|server)/, minShareCount: 12 },
  // Small things all of them, but for those that load node:crypto.
  {
    name: 'domain',
    test: /src\/domain\/(?!secret-texts|redact-value|people\/(api-key|password)|station\/station-key-hash|alarm\/webhook-body)/,
    minShareCount: 2,
  },
  // Every command without a server; of operations, what they have in common, and then the area of those that it runs.
  {
    name: 'local',
    test: /src\/(server\/local-fleet|cli\/brief-process|operations\/(operation|shared|list|paged-list|lookup|naming))\.ts$/,
  },
  ...areas.map((area) => ({ name: `operations-${area}`, test: new RegExp(`src/operations/${area}/`) })),
].map((group, index, { length }) => ({ ...group, priority: length - index }));

const define = {
  // Packages that were written for CommonJS ask for theirs.
  __dirname: 'import.meta.dirname',
  __filename: 'import.meta.filename',
  // Whatever it is for others: oclif would look for the sources of commands.
  'process.env.NODE_ENV': '"production"',
  // Ours says which Node it wants (package.json).
  'process.env.OCLIF_DISABLE_ENGINE_WARNING': '"1"',
};

/** What oclif loads at each start for what is not done here. */
const unused = new Map([
  ['semver', 'export {};'],
  // Commands are found by the manifest.
  [
    'tinyglobby',
    'export function glob() { throw new Error("oclif.manifest.json is missing: npm run build"); }',
  ],
  // Only for plugins that are being written in it.
  ['typescript', 'export {};'],
  // Plugins are called by their names.
  ['minimatch', 'export function minimatch(name, pattern) { return name === pattern; }'],
]);

const withoutUnused = {
  name: 'without-unused',
  resolveId(id, importer) {
    return unused.has(id) && importer?.includes('/@oclif/core/') ? `\0unused:${id}` : undefined;
  },
  load(id) {
    return id.startsWith('\0unused:') ? unused.get(id.slice('\0unused:'.length)) : undefined;
  },
};

/** @param options `isClean: false` leaves files of before: a server that runs may still have to load some of them */
export async function bundle({ directory = 'dist', folder = 'commands', isClean = true } = {}) {
  const commands = readdirSync(resolve(root, folder), { recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [`commands/${file.slice(0, -'.ts'.length)}`, join(folder, file)]);
  const common = {
    cwd: root,
    platform: 'node',
    transform: { define },
    checks: { ineffectiveDynamicImport: false },
    logLevel: 'warn',
  };
  await build({
    ...common,
    input: {
      main: 'src/cli/main.ts',
      help: 'src/cli/help.ts',
      // src/store/store-worker.ts starts it by this name.
      'store-worker-main': 'src/store/store-worker-main.ts',
      ...Object.fromEntries(commands),
    },
    plugins: [withoutUnused, thirdParty(root)],
    output: {
      dir: directory,
      cleanDir: isClean,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      codeSplitting: { groups },
    },
  });
  // What bin/run.js loads for the tab key in the place of main.js: apart from the rest, of which it needs little.
  await build({
    ...common,
    input: { complete: 'src/cli/complete/complete.ts' },
    output: {
      dir: directory,
      cleanDir: false,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'complete-[name]-[hash].js',
    },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [directory, folder] = process.argv.slice(2);
  await bundle({ directory, folder });
}
