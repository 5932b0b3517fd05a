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
  readonly dependencies: Readonly<Record<string, string>>;
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
  const { dependencies, devDependencies, overrides } = await readJson<Manifest>('package.json');
  const versions = Object.entries({ ...devDependencies, ...dependencies, ...overrides });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  const loose = (await lockedPackages()).filter(
    ([, { version, integrity, link }]) => !version || !/^sha512-/.test(integrity ?? '') || link,
  );
  expect(loose.map(([place]) => place)).toEqual([]);
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
  const own = (await lockedPackages()).filter(([, { dev, devOptional }]) => !dev && !devOptional);
  const wanted = own.map(([place, { version }]) => `${place.split('node_modules/').at(-1)}@${version}`);
  expect([...named].sort()).toEqual([...new Set(wanted)].sort());
  const { dependencies } = await readJson<Manifest>('package.json');
  for (const [name, version] of Object.entries(dependencies)) expect(named).toContain(`${name}@${version}`);
  expect(sbom.components.filter(({ hashes }) => !hashes?.length)).toEqual([]);
}, 60_000);
