#!/usr/bin/env node
// Writes what the program is made of (CycloneDX, JSON): the packages that are in the bundle (dist/packages.json), as
// package-lock.json has them. No network is needed, and the same sources give the same text. `npm sbom --omit=dev` will not
// do: an installed evfleet needs no package at all, all that it is made of is bundled.
import { readFileSync, writeFileSync } from 'node:fs';

const [file = 'sbom.cdx.json'] = process.argv.slice(2);
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const { '': root, ...installed } = packages;

function nameOf(place) {
  return place.split('node_modules/').at(-1);
}

function purlOf(name, version) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function componentOf([place, { version, integrity, license, optional }]) {
  const name = nameOf(place);
  const [group, own] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const content = Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
  return {
    type: 'library',
    'bom-ref': `${place.replaceAll('node_modules/', '')}@${version}`,
    ...(group !== undefined && { group }),
    name: own,
    version,
    scope: optional ? 'optional' : 'required',
    hashes: [{ alg: 'SHA-512', content }],
    ...(license !== undefined && { licenses: [licenseOf(license)] }),
    purl: purlOf(name, version),
  };
}

/** One license, or several put together. */
function licenseOf(text) {
  return /\s/.test(text) ? { expression: text } : { license: { id: text } };
}

const bundled = new Set(JSON.parse(readFileSync('dist/packages.json', 'utf8')).map(({ place }) => place));
const own = Object.entries(installed).filter(([place]) => bundled.has(place));
const sbom = {
  $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: {
    lifecycles: [{ phase: 'pre-build' }],
    component: {
      type: 'application',
      'bom-ref': `${root.name}@${root.version}`,
      name: root.name,
      version: root.version,
      purl: purlOf(root.name, root.version),
    },
  },
  components: own.map(componentOf),
};
writeFileSync(file, `${JSON.stringify(sbom, null, 2)}\n`);
process.stderr.write(`${file}: ${sbom.components.length} packages\n`);
