import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { alarmKinds } from '../../src/domain/alarm/alarm.js';
import { triggers } from '../../src/domain/alarm/alarm-rule.js';
import { effectiveSettings } from '../../src/domain/settings.js';

interface Manifest {
  readonly commands: Readonly<Record<string, { readonly flags: Readonly<Record<string, FlagOfManifest>> }>>;
}
interface FlagOfManifest {
  readonly name: string;
  readonly allowNo?: boolean;
  readonly env?: string;
}

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const { commands } = JSON.parse(read('oclif.manifest.json')) as Manifest;
const documents = [
  ...['README.md', 'SECURITY.md', 'CHANGELOG.md', 'CONTRIBUTING.md'],
  ...readdirSync(new URL('docs', root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const topics = new Set(
  Object.keys(commands).flatMap((id) => {
    const words = id.split(':');
    return words.slice(1).map((_, at) => words.slice(0, at + 1).join(' '));
  }),
);

/** Flags of other programs that the documents call. */
const foreign = new Set(['unix-socket', 'cacert', 'json', 'version', 'help']);

const flagNames = new Set(
  Object.values(commands).flatMap(({ flags }) =>
    Object.values(flags).flatMap(({ name, allowNo }) => (allowNo ? [name, `no-${name}`] : [name])),
  ),
);

/** What a document says of evfleet, without calls of other programs, which have flags of their own. */
function withoutOthers(text: string): string {
  return text.replace(/(?<![\w/.-])(?:npm|npx|node|curl|systemctl|timedatectl)\s[^`\n]*/g, '');
}

/** What can be typed or was printed: blocks of code, and code in sentences. */
function codeIn(text: string): string {
  const fence = /^ *```[^\n]*\n([\s\S]*?)^ *```/gm;
  const blocks = [...text.matchAll(fence)].map(([, block]) => block);
  const prose = text.replace(fence, '');
  const indented = [...prose.matchAll(/^ {4,}.*$/gm)].map(([line]) => line);
  const spans = [...prose.matchAll(/`([^`]+)`/g)].map(([, span]) => span);
  return [...blocks, ...indented, ...spans].join('\n');
}

it.each(documents)('%s names no command that does not exist', (path) => {
  const called = codeIn(read(path)).matchAll(/(?:^|[$&|;] *|^Try: )evfleet((?: [a-z][a-z-]*)+)/gm);
  const unknown = [...called].flatMap(([, said]) => {
    const words = said?.trim().split(' ') ?? [];
    const isNamed = words.some((_, at) => {
      const name = words.slice(0, at + 1);
      return commands[name.join(':')] !== undefined || topics.has(name.join(' '));
    });
    return isNamed || words[0] === 'is' ? [] : [words.join(' ')];
  });
  expect(unknown).toEqual([]);
});

it.each(documents)('%s names no flag that does not exist', (path) => {
  const named = [...withoutOthers(read(path)).matchAll(/(?<![\w-])--([a-z][a-z-]+)/g)].map(
    ([, name]) => name ?? '',
  );
  expect(named.filter((name) => !flagNames.has(name) && !foreign.has(name))).toEqual([]);
});

/** As the web pages of repositories name headings. */
function anchorOf(heading: string): string {
  const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
  return text.replace(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-');
}

function hasAnchor(document: URL, anchor: string): boolean {
  const headings = readFileSync(document, 'utf8').matchAll(/^#{1,6} (.+)$/gm);
  return [...headings].some(([, heading]) => anchorOf(heading ?? '') === anchor);
}

it.each(documents)('%s links to files and headings that exist', (path) => {
  const from = new URL(path, root);
  const links = [...read(path).matchAll(/\]\(([^)#:\s]*)(?:#([^)\s]*))?\)/g)];
  const broken = links.filter(([, file = '', anchor]) => {
    const target = file === '' ? from : new URL(file, from);
    return !existsSync(target) || (anchor !== undefined && !hasAnchor(target, anchor));
  });
  expect(broken.map(([link]) => link)).toEqual([]);
});

it.each(['CONTRIBUTING.md', 'docs/operations.md'])(
  'every file of the program that %s names exists',
  (path) => {
    const named = [...read(path).matchAll(/(?<![\w./])((?:src|test|bin|commands|docs|contrib)\/[\w./-]*)/g)];
    expect(named.map(([, name]) => name ?? '').filter((name) => !existsSync(new URL(name, root)))).toEqual(
      [],
    );
  },
);

it('every npm script that is named exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const named = documents.flatMap((path) => [...read(path).matchAll(/\bnpm run (?:-s )?([a-z][\w:-]*)/g)]);
  expect(named.map(([, name]) => name ?? '').filter((name) => !(name in scripts))).toEqual([]);
});

it('every setting and variable that docs/operations.md names exists', () => {
  const text = read('docs/operations.md');
  const settings = new Set(Object.keys(effectiveSettings(new Map())));
  const kinds = 'mail|webhook|retention|backup|messages|store|diagnostics|server|alarms';
  const keys = [...text.matchAll(new RegExp(`(?<![\\w.])((?:${kinds})\\.(?!db|sock|md\\b)[a-z-]+)`, 'g'))];
  expect(keys.map(([, key]) => key ?? '').filter((key) => !settings.has(key))).toEqual([]);
  const variables = new Set(
    Object.values(commands).flatMap(({ flags }) => Object.values(flags).map(({ env }) => env)),
  );
  const named = [...text.matchAll(/EVFLEET_[A-Z_]+/g)].map(([name]) => name);
  expect(named.filter((name) => !variables.has(name))).toEqual([]);
});

it('every file that the architecture names exists', () => {
  const folders = [
    '',
    'src/',
    'src/operations/',
    'src/server/files/',
    'src/server/tls/',
    'src/csms/',
    'src/cli/',
    'src/store/',
    'src/domain/',
    'src/server/',
    'src/message-log/',
  ];
  const named = [...read('docs/architecture.md').matchAll(/`([\w./-]+\.(?:ts|md|json|mjs))`/g)].map(
    ([, name]) => name ?? '',
  );
  const missing = named.filter((name) => !folders.some((folder) => existsSync(new URL(folder + name, root))));
  expect(missing).toEqual([]);
});

it('every metric is described', () => {
  const names = [...read('src/server/metrics/metrics.ts').matchAll(/'((?:evfleet|process|nodejs)_\w+)'/g)];
  const described = read('docs/metrics.md');
  expect(names.map(([, name]) => name).filter((name) => !described.includes(`\`${name}\``))).toEqual([]);
});

it('every kind of alarm and every trigger is described, and no setting that there is not', () => {
  const text = read('docs/alarms.md');
  expect([...alarmKinds, ...triggers].filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  const settings = new Set(Object.keys(effectiveSettings(new Map())));
  const named = [...text.matchAll(/`((?:mail|webhook|alarms|retention)\.[a-z-]+)`/g)].map(
    ([, key]) => key ?? '',
  );
  expect(named.filter((key) => !settings.has(key))).toEqual([]);
});
