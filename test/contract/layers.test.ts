import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** What a folder may import: in any way, as types only, or only where it is needed, by `import()`. */
interface Layer {
  readonly always: readonly string[];
  readonly asTypes: readonly string[];
  readonly onDemand: readonly string[];
}

/** The table of the architecture. */
const layers = new Map<string, Layer>(
  [...read('docs/architecture.md').matchAll(/^\| `(?:src\/)?([\w-]+)\/` \| .* \| (.*) \|$/gm)].map(
    ([, folder = '', may = '']) => {
      const [always = '', special = ''] = may.split('; ');
      const names = (text: string) => text.match(/[\w-]+/g) ?? [];
      return [
        folder,
        {
          always: names(always),
          asTypes: special.startsWith('types of ') ? names(special) : [],
          onDemand: special.endsWith(' on demand') ? names(special) : [],
        },
      ];
    },
  ),
);

/** Commands that start something of their own. */
const starters: ReadonlyMap<string, readonly string[]> = new Map([
  ['commands/serve.ts', ['server']],
  ['commands/simulate.ts', ['server', 'simulator']],
]);

function folderOf(layer: string): string {
  return layer === 'commands' ? layer : `src/${layer}`;
}

it('every folder of the sources is a layer of the architecture', () => {
  expect([...layers.keys()].sort()).toEqual(['commands', ...readdirSync(path.join(root, 'src'))].sort());
});

it('the lint reports what the architecture does not allow, in new areas of a layer too, and nothing else', async () => {
  const directory = await temporaryDirectory();
  const config = JSON.parse(read('biome.json')) as object;
  await writeFile(path.join(directory, 'biome.json'), JSON.stringify({ ...config, vcs: {} }));
  const wanted: string[] = [];
  for (const [layer, { always, asTypes, onDemand }] of layers) {
    const allowed = [layer, ...always, ...asTypes, ...onDemand];
    wanted.push(...(await writeProbe(directory, `${folderOf(layer)}/new-area/probe.ts`, allowed)));
  }
  const { always = [] } = layers.get('commands') ?? {};
  for (const [file, more] of starters) {
    wanted.push(...(await writeProbe(directory, file, ['commands', ...always, ...more])));
  }
  const found = await lint(directory, 'style/noRestrictedImports');
  expect(found.sort()).toEqual(wanted.sort());
});

/** A file that imports everything there is, in three ways; gives the places of what it must not. */
async function writeProbe(directory: string, file: string, allowed: readonly string[]): Promise<string[]> {
  const up = '../'.repeat(file.split('/').length - 1);
  const targets = [...layers.keys(), 'bin', 'bench', 'test', 'dist'].flatMap((target) => {
    const module = `'${up}${layers.has(target) ? folderOf(target) : target}/area/thing.js'`;
    return [`export * from ${module};`, `import type { A } from ${module};`, `await import(${module});`].map(
      (line) => ({ line, target }),
    );
  });
  await mkdir(path.dirname(path.join(directory, file)), { recursive: true });
  await writeFile(path.join(directory, file), targets.map(({ line }) => `${line}\n`).join(''));
  return targets.flatMap(({ target }, at) => (allowed.includes(target) ? [] : [`${file}:${at + 1}`]));
}

it('the lint reports modules that import each other', async () => {
  const directory = await temporaryDirectory();
  const config = JSON.parse(read('biome.json')) as object;
  await writeFile(path.join(directory, 'biome.json'), JSON.stringify({ ...config, vcs: {} }));
  await writeFile(
    path.join(directory, 'hen.ts'),
    "import { egg } from './egg.js';\nexport const hen = egg;\n",
  );
  await writeFile(
    path.join(directory, 'egg.ts'),
    "import { hen } from './hen.js';\nexport const egg = hen;\n",
  );
  expect((await lint(directory, 'suspicious/noImportCycles')).sort()).toEqual(['egg.ts:1', 'hen.ts:1']);
});

interface Report {
  readonly diagnostics: readonly {
    readonly location: { readonly path: string; readonly start: { readonly line: number } };
  }[];
}

/** Where a rule is broken: `file:line`. */
async function lint(directory: string, rule: string): Promise<string[]> {
  const biome = path.join(root, 'node_modules/.bin/biome');
  const argv = ['lint', `--only=${rule}`, '--reporter=json', '--max-diagnostics=none', '.'];
  const text = await new Promise<string>((resolve) => {
    // It ends with 1 when it has found something.
    execFile(biome, argv, { cwd: directory, maxBuffer: 64 * 1024 * 1024 }, (_, stdout) => resolve(stdout));
  });
  const { diagnostics } = JSON.parse(text) as Report;
  return diagnostics.map(({ location }) => `${location.path}:${location.start.line}`);
}

it.each(['views', 'cli', 'commands'])(
  '%s loads what is not for every run only where it is needed',
  (layer) => {
    const { asTypes = [], onDemand = [] } = layers.get(layer) ?? {};
    const notAtOnce = layer === 'commands' ? ['server', 'simulator'] : [...asTypes, ...onDemand];
    const bad = filesBelow(folderOf(layer)).flatMap((file) => {
      const imports = read(file).matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)';/gm);
      const modules = [...imports].map(([, module = '']) => path.join(path.dirname(file), module));
      return modules.filter((module) => notAtOnce.includes(module.split('/')[1] ?? ''));
    });
    expect(bad).toEqual([]);
  },
);

function filesBelow(folder: string): string[] {
  const names = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.ts')).map((name) => path.join(folder, name));
}
