// What of others is in the bundle: a plugin for rolldown that writes down which packages, and their licenses, which ask for
// nothing but to go along. The engine of SQLite goes beside the program, which then needs no package at all.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

const engine = 'node_modules/sql.js/dist/sql-wasm.wasm';
const licenseFiles = /^(licen[cs]e|copying|notice)/i;

export function thirdParty(root) {
  return {
    name: 'third-party',
    generateBundle(_options, chunks) {
      const modules = Object.values(chunks).flatMap(({ moduleIds = [] }) => moduleIds);
      const files = [join(root, engine), ...modules.map((id) => id.replace(/^\0/, '').replace(/\?.*$/, ''))];
      const places = new Set(files.flatMap((file) => placeOf(root, file) ?? []));
      const packages = [...places].sort().map((place) => describe(root, place));
      const listed = packages.map(({ place, name, version }) => ({ place, name, version }));
      this.emitFile({
        type: 'asset',
        fileName: 'packages.json',
        source: `${JSON.stringify(listed, null, 2)}\n`,
      });
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY.txt', source: packages.map(notice).join('\n') });
      this.emitFile({ type: 'asset', fileName: 'sql-wasm.wasm', source: readFileSync(join(root, engine)) });
    },
  };
}

/** Where in package-lock.json the package of a module stands; undefined for one of ours. */
function placeOf(root, file) {
  const path = relative(root, resolve(root, file)).split(sep);
  const last = path.lastIndexOf('node_modules');
  if (last < 0) return undefined;
  const scoped = path[last + 1]?.startsWith('@') ? 3 : 2;
  // A worktree whose packages lie elsewhere has the same places.
  return path.slice(path.indexOf('node_modules'), last + scoped).join('/');
}

function describe(root, place) {
  const directory = join(root, place);
  const { name, version, license, author } = JSON.parse(
    readFileSync(join(directory, 'package.json'), 'utf8'),
  );
  const texts = readdirSync(directory)
    .filter((file) => licenseFiles.test(file))
    .sort()
    .map((file) => readFileSync(join(directory, file), 'utf8').trim());
  if (texts.length === 0) texts.push(spelledOut({ root, name, license, author }));
  return { place, name, version, license: license ?? 'see below', texts };
}

/** The text of a license that a package only names: ours is the same one. */
function spelledOut({ root, name, license, author }) {
  const holder = typeof author === 'string' ? author : author?.name;
  if (license !== 'MIT' || !holder) throw new Error(`${name} has no text of its license (${license}).`);
  return readFileSync(join(root, 'LICENSE'), 'utf8')
    .replace(/^Copyright .*$/m, `Copyright (c) ${holder}`)
    .trim();
}

function notice({ name, version, license, texts }) {
  const line = '-'.repeat(80);
  return `${line}\n${name} ${version} (${license})\n${line}\n\n${texts.join('\n\n')}\n`;
}
