import { expect, it } from 'vitest';
import { bulkFlags } from '../../src/cli/bulk.js';
import { listFlags, timeoutFlag } from '../../src/cli/flags/flags.js';
import { operations } from '../../src/operations/registry.js';
import { type CommandOf, commands, named, verbOf } from './commands.js';

/** Commands that print a list without the flags of lists. */
const otherLists: Readonly<Record<string, string>> = {
  'station:show': 'its breaches are a part of one station',
};

/** What is created without a name by which it could exist already. */
const nameless: Readonly<Record<string, string>> = {
  'api-key:create': 'each key is a new one',
  'certificate:ca:create': 'there is one authority, and another is never what was meant',
  'maintenance:create': 'each is a new one',
  'reservation:create': 'each is a new one',
};

const flagsOf = ({ flags }: CommandOf) => Object.keys(flags);
const has = (command: CommandOf, ...names: string[]) =>
  names.filter((name) => !Object.hasOwn(command.flags, name));

it.each(named)(
  '%s: its summary is one line in the imperative, its texts end with a full stop',
  (_, command) => {
    expect(command.summary).toMatch(/^[A-Z][a-z-]+ [^\n]{3,95}[^.!?\s]$/);
    expect(command.summary).not.toMatch(/^(Shows|Lists|Creates|Deletes|Sets|Sends)\b/);
    expect(command.description ?? '.').toMatch(/^[A-Z-].*\S$|^\.$/s);
    for (const { name, summary } of Object.values(command.flags)) {
      expect([name, summary]).toEqual([name, expect.stringMatching(/^\S[^\n]+\.$/)]);
    }
    for (const { name, description } of Object.values(command.args)) {
      expect([name, description]).toEqual([name, expect.stringMatching(/^[A-Z][^\n]+[^.]$/)]);
    }
  },
);

it.each(named)('%s: --json', (_, command) => {
  expect(command.enableJsonFlag).toBe(true);
  expect(flagsOf(command)).toContain('json');
});

const lists = named.filter(
  ([, { id, source }]) => /\bprintList\(/.test(source) && !Object.hasOwn(otherLists, id),
);

it.each(lists)('%s: the flags of lists', (_, command) => {
  expect(has(command, ...Object.keys(listFlags))).toEqual([]);
});

it('prints every list with the flags of lists', () => {
  const verbs = new Set(['list', 'history', 'unknown', 'samples', 'installed']);
  const odd = commands.filter(
    (command) => verbs.has(verbOf(command)) && has(command, ...Object.keys(listFlags)).length > 0,
  );
  expect(odd.map(({ id }) => id)).toEqual([]);
});

const asks = ({ source }: CommandOf) => /\bconfirm[A-Z]?\w*\(|\bquestion:/.test(source);

it.each(named)('%s: --yes when it asks, and only then', (_, command) => {
  expect([command.id, Object.hasOwn(command.flags, 'yes')]).toEqual([command.id, asks(command)]);
});

it.each(named.filter(([, command]) => /^(delete|drop|revoke|restore)$/.test(verbOf(command))))(
  '%s: asks first',
  (_, command) => {
    expect(asks(command)).toBe(true);
  },
);

it.each(named.filter(([, { source }]) => /\brunBulk\(/.test(source)))(
  '%s: the flags that choose stations, any number of ids',
  (_, command) => {
    expect(has(command, ...Object.keys(bulkFlags))).toEqual([]);
    expect(command.strict).toBe(false);
  },
);

it.each(named.filter(([, command]) => /^(import|apply)$/.test(verbOf(command))))(
  '%s: --dry-run',
  (_, command) => {
    expect(flagsOf(command)).toContain('dry-run');
  },
);

it.each(named.filter(([, command]) => verbOf(command) === 'create' || verbOf(command) === 'import'))(
  '%s: --if-exists, unless nothing can exist already',
  (_, command) => {
    expect(Object.hasOwn(command.flags, 'if-exists')).toBe(!Object.hasOwn(nameless, command.id));
  },
);

it.each(named.filter(([, command]) => verbOf(command) === 'delete'))(
  '%s: --ignore-not-found',
  (_, command) => {
    expect(flagsOf(command)).toContain('ignore-not-found');
  },
);

/** Those that ask a station and wait for its answer. */
const live = named.filter(([, command]) =>
  command.operations.some((name) => {
    const operation = operations[name];
    return 'live' in operation && operation.live && 'timeoutMs' in operation.input.properties;
  }),
);

it.each(live)('%s: --timeout, as all that ask a station', (_, command) => {
  expect(has(command, ...Object.keys(timeoutFlag))).toEqual([]);
});

it.each(named.filter(([, { flags }]) => flags.wait))('%s: --wait and --no-wait', (_, command) => {
  expect(command.flags.wait).toMatchObject({ type: 'boolean', allowNo: true });
  expect(flagsOf(command)).toContain('timeout');
});

/** Flags of one name that are not the same thing everywhere; all others have one type, one letter, one kind of value. */
const homonyms: Readonly<Record<string, string>> = {
  host: 'the address on which serve listens, and the names in a certificate',
  limit: 'rows of a list, and amperes of a profile',
  output: 'an export goes to a file or to standard output, a key into a file of its own',
  'ping-interval': 'of the server, and of a station, which may follow that of the server',
  reason: 'one of those that X.509 knows, and any text',
  to: 'the end of a time, and who gets mail',
};

interface Use {
  readonly command: CommandOf;
  readonly form: string;
}

it('gives flags of one name the same form everywhere', () => {
  const uses = new Map<string, Use[]>();
  for (const command of commands) {
    for (const flag of Object.values(command.flags)) {
      const { type, char, allowNo, options } = flag;
      const helpValue = options ? undefined : flag.helpValue;
      const form = [type, char, allowNo && 'no', helpValue].filter(Boolean).join(' ');
      uses.set(flag.name, [...(uses.get(flag.name) ?? []), { command, form }]);
    }
  }
  const split = [...uses].flatMap(([name, all]) => {
    const forms = [...new Set(all.map(({ form }) => form))];
    if (forms.length === 1 || Object.hasOwn(homonyms, name)) return [];
    const users = (wanted: string) =>
      all.flatMap(({ command, form }) => (form === wanted ? [command.id] : [])).join(' ');
    return forms.map((form) => `--${name}: ${form}: ${users(form)}`);
  });
  expect(split).toEqual([]);
});
