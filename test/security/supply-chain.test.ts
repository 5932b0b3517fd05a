import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await fs.readFile(file, 'utf8')) as T;
}

async function lockedPackages(): Promise<[string, Locked][]> {
  const { packages } = await readJson<{ packages: Record<string, Locked> }>('package-lock.json');
  return Object.entries(packages).filter(([place]) => place !== '');
}

it('nothing that is installed for the program runs a script of its own', async () => {
  const { scripts } = await readJson<Manifest>('package.json');
  expect(Object.keys(scripts).filter((name) => /^(pre|post)?(install|prepare)/.test(name))).toEqual([]);
  const packages = await lockedPackages();
  expect(packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([place]) => place)).toEqual([]);
});

it('every package is pinned to one version, and to its content', async () => {
  const { devDependencies, overrides } = await readJson<Manifest>('package.json');
  const versions = Object.entries({ ...devDependencies, ...overrides });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  const loose = (await lockedPackages()).filter(
    ([, { version, integrity, link }]) => !version || !/^sha512-/.test(integrity ?? '') || link,
  );
  expect(loose.map(([place]) => place)).toEqual([]);
});

it('an installed evfleet needs no other package: all are in the bundle, with their licenses', async () => {
  const manifest = await readJson<Manifest>('package.json');
  expect(Object.keys(manifest.dependencies ?? {})).toEqual([]);
  const bundled = await readJson<readonly { name: string; version: string }[]>('dist/packages.json');
  const notices = await fs.readFile('dist/THIRD-PARTY.txt', 'utf8');
  const unnamed = bundled.filter(({ name, version }) => !notices.includes(`\n${name} ${version} (`));
  expect(unnamed).toEqual([]);
  // Terms that ask for more than a notice.
  expect([...notices.matchAll(/^\S+ \S+ \((.*(?:GPL|AGPL|SSPL|BUSL|UNKNOWN|see below).*)\)$/gm)]).toEqual([]);
});

it('npm run sbom names every package that the program is made of, and nothing it is only built with', async () => {
  const file = path.join(await temporaryDirectory(), 'sbom.json');
  await promisify(execFile)(process.execPath, ['bin/sbom.js', file]);
  const sbom = await readJson<{
    bomFormat: string;
    components: { purl: string; hashes?: unknown[] }[];
  }>(file);
  expect(sbom.bomFormat).toBe('CycloneDX');
  const named = new Set(sbom.components.map(({ purl }) => purl.replace('pkg:npm/', '').replace('%40', '@')));
  const bundled = await readJson<readonly { name: string; version: string }[]>('dist/packages.json');
  expect([...named].sort()).toEqual(
    [...new Set(bundled.map(({ name, version }) => `${name}@${version}`))].sort(),
  );
  for (const name of ['fastify', 'sql.js', 'ws', '@oclif/core']) {
    expect([...named].some((purl) => purl.startsWith(`${name}@`))).toBe(true);
  }
  expect([...named].filter((purl) => /^(vitest|typescript|rolldown|@biomejs)/.test(purl))).toEqual([]);
  expect(sbom.components.filter(({ hashes }) => !hashes?.length)).toEqual([]);
});
