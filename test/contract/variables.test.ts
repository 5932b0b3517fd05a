import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type CommandOf, commands, type FlagOf, named, topicOf } from './commands.js';

/** Flags that no variable can set, because a script that acts on it must have been told so each time. */
const typedOnly: Readonly<Record<string, string>> = {
  all: 'all stations: a variable for lists must not reset a fleet',
  'auth-key-stdin': 'what stands on standard input is meant for one command',
  'generate-auth-key': 'locks out the station that has the old one',
  'remove-auth-key': 'opens a station to everybody',
};

/**
 * Variables that several topics share, some of which change something. All others belong to one topic, or to commands that
 * only read: what chooses the rows of a list must never decide what is started, stopped or deleted.
 */
const shared: Readonly<Record<string, string>> = {
  EVFLEET_YES: 'a script that may do everything without being asked says so once',
  EVFLEET_DRY_RUN: 'nothing is done',
  EVFLEET_IF_EXISTS: 'how all of a script creates',
  EVFLEET_IGNORE_NOT_FOUND: 'how all of a script deletes',
  EVFLEET_WAIT: 'how long a script waits, not what it does',
  EVFLEET_TIMEOUT: 'how long a script waits, not what it does',
  EVFLEET_CONCURRENCY: 'how fast, not what',
  EVFLEET_JSON_LINES: 'the form of the answer',
  EVFLEET_PROTOCOL: 'how stations reach this machine, whatever the file',
  EVFLEET_CSV_DELIMITER: 'how the files of a program are written',
  EVFLEET_CSV_ENCODING: 'how the files of a program are written',
  EVFLEET_CSV_IGNORE_COLUMNS: 'how the files of a program are written',
  EVFLEET_BULK_SITE: 'the stations of a whole script; no list has it',
  EVFLEET_BULK_GROUP: 'the stations of a whole script; no list has it',
  EVFLEET_SELECTOR: 'the stations of a whole script; no list has it',
  EVFLEET_FROM_FILE: 'the stations of a whole script; no list has it',
};

interface User {
  readonly command: CommandOf;
  readonly flag: FlagOf;
}

/** Which stations a script means: they have no place among the filters of a list. */
const ofStations = Object.keys(shared).filter((name) => shared[name]?.endsWith('no list has it'));

const users = new Map<string, User[]>();
for (const command of commands) {
  for (const flag of Object.values(command.flags)) {
    if (!flag.env || flag.helpGroup === 'GLOBAL') continue;
    users.set(flag.env, [...(users.get(flag.env) ?? []), { command, flag }]);
  }
}

it.each(named)('%s: each flag has a variable', (_, { flags }) => {
  const bare = Object.values(flags).filter(
    ({ name, type, env }) =>
      !/^EVFLEET(_[A-Z0-9]+)+$/.test(env ?? '') && !(type === 'boolean' && Object.hasOwn(typedOnly, name)),
  );
  expect(bare.map(({ name, env }) => [name, env])).toEqual([]);
});

it('ends the name of a variable with that of its flag', () => {
  const odd = commands.flatMap(({ id, flags }) =>
    Object.values(flags)
      .filter(({ name, env }) => env && !env.endsWith(`_${name.replaceAll('-', '_').toUpperCase()}`))
      .map(({ name, env }) => [id, name, env]),
  );
  expect(odd).toEqual([]);
});

it('lets no variable of a list choose what another command does', () => {
  const dangerous = [...users].filter(([name, all]) => {
    const topics = new Set(all.map(({ command }) => topicOf(command)));
    const acting = all.filter(({ command }) => command.acts);
    const isFilter = all.some(({ command }) => !command.acts && 'columns' in command.flags);
    const isOfOneKind = acting.length === 0 || (!isFilter && topics.size === 1);
    return !isOfOneKind && !Object.hasOwn(shared, name);
  });
  expect(
    dangerous.map(([name, all]) => {
      const list = (acts: boolean) =>
        all.flatMap(({ command }) => (command.acts === acts ? [command.id] : [])).join(' ');
      return `${name}: ${list(true)} | reads: ${list(false)}`;
    }),
  ).toEqual([]);
});

it('gives a variable the same values wherever it is taken', () => {
  const split = [...users].filter(([, all]) => {
    const forms = all.map(({ flag }) =>
      JSON.stringify([flag.type, flag.options, flag.multiple, flag.helpValue]),
    );
    return new Set(forms).size > 1;
  });
  expect(
    split.map(([name, all]) => [name, ...all.map(({ command, flag }) => `${command.id} ${flag.helpValue}`)]),
  ).toEqual([]);
});

it('names no shared variable that is not', () => {
  expect(Object.keys(shared).filter((name) => (users.get(name)?.length ?? 0) < 2)).toEqual([]);
});

it.each(ofStations)('%s is taken by no list', (name) => {
  const lists = users.get(name)?.filter(({ command }) => 'columns' in command.flags) ?? [];
  expect(lists.map(({ command }) => command.id)).toEqual([]);
});

/** What is read from the environment without a flag, or given to a program that evfleet runs. */
const withoutFlag = new Set([
  'EVFLEET_API_KEY',
  'EVFLEET_COMPLETION_TIMEOUT',
  'EVFLEET_CONFIG',
  'EVFLEET_DEBUG',
  'EVFLEET_STATION_ID',
]);

const root = new URL('../../', import.meta.url);
const documents = [
  'README.md',
  ...readdirSync(new URL('docs', root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

it.each(documents)('%s names no variable that does not exist', (path) => {
  const text = readFileSync(new URL(path, root), 'utf8').replaceAll('\\_', '_');
  const known = new Set(commands.flatMap(({ flags }) => Object.values(flags).map(({ env }) => env)));
  const said = [...text.matchAll(/EVFLEET(?:_[A-Z0-9]+)+/g)].map(([name]) => name);
  expect(said.filter((name) => !known.has(name) && !withoutFlag.has(name))).toEqual([]);
});
