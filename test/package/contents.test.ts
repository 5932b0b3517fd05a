import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

interface Packed {
  readonly size: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

/** Of the file that is downloaded. */
const packedMaxBytes = 4 * 1024 * 1024;

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('what npm pack puts into the package', () => {
  let packed: Packed;
  let paths: readonly string[];

  beforeAll(() => {
    // `dist/` is what npm test has built before.
    const argv = ['pack', '--dry-run', '--json', '--ignore-scripts'];
    const stdout = execFileSync('npm', argv, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [first] = JSON.parse(stdout) as readonly Packed[];
    if (!first) throw new Error('npm pack says nothing');
    packed = first;
    paths = first.files.map(({ path }) => path);
  });

  it('the program, its manifest, and what a person wants to read first', () => {
    const wanted = ['bin/run.js', 'dist/main.js', 'dist/store-worker-main.js', 'oclif.manifest.json'];
    const toRead = ['README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md'];
    expect(paths).toEqual(expect.arrayContaining([...wanted, ...toRead, 'package.json']));
  });

  it('a unit for the service, and how to run it', () => {
    expect(paths).toEqual(expect.arrayContaining(['contrib/evfleet.service', 'docs/operations.md']));
  });

  it('every command of the manifest', () => {
    const { commands } = JSON.parse(readFileSync(`${root}oclif.manifest.json`, 'utf8')) as {
      readonly commands: Readonly<Record<string, { readonly pluginName?: string }>>;
    };
    const files = Object.entries(commands)
      .filter(([, { pluginName = 'evfleet' }]) => pluginName === 'evfleet')
      .map(([id]) => `dist/commands/${id.replaceAll(':', '/')}.js`);
    expect(files.filter((file) => !paths.includes(file))).toEqual([]);
  });

  it('no sources, tests, benchmarks, maps or secrets', () => {
    const strange = paths.filter(
      (path) =>
        /\.(ts|map|tsbuildinfo|db|pem|key|tgz)$/.test(path) ||
        /^(src|test|bench|commands|coverage|node_modules|\.)/.test(path) ||
        /^dist\/(bench|test)\//.test(path),
    );
    expect(strange).toEqual([]);
  });

  it('the program may be run, and is small', () => {
    const program = packed.files.find(({ path }) => path === 'bin/run.js');
    expect((program?.mode ?? 0) & 0o111).toBe(0o111);
    expect(packed.size).toBeLessThan(packedMaxBytes);
  });

  it('the license of everything that is bundled, in full, and none that asks for more than that', () => {
    const text = readFileSync(`${root}dist/THIRD-PARTY.txt`, 'utf8');
    const [, ...parts] = text.split(/^-{80}\n(\S+ \S+ \(.+\))\n-{80}\n/m);
    const notices = parts.flatMap((head, at) =>
      at % 2 === 0 ? [{ head, length: (parts[at + 1] ?? '').trim().length }] : [],
    );
    const packages = JSON.parse(readFileSync(`${root}dist/packages.json`, 'utf8')) as readonly unknown[];
    expect(notices.length).toBe(packages.length);
    expect(notices.filter(({ length }) => length < 500)).toEqual([]);
    const free = /\((?:MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0)\)$/;
    expect(notices.filter(({ head }) => !free.test(head))).toEqual([]);
  });

  it('names no path of the machine that it was built on', () => {
    const built = paths.filter(
      (path) => path.startsWith('dist/') && readFileSync(root + path, 'utf8').includes(root),
    );
    expect(built).toEqual([]);
  });
});
