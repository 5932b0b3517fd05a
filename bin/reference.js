// docs/commands.md from the manifest: every command with its arguments, flags, variables and examples. Written and
// compared by bin/manifest.js.

const intro = `<!-- Made by npm run build from the commands themselves: change those. -->

# Commands

Every command of \`evfleet\`, by noun. \`evfleet COMMAND --help\` says the same at the terminal.

- A flag comes before its environment variable, that before the configuration file (\`config.json\` in
  \`$XDG_CONFIG_HOME/evfleet\`, or the file that \`EVFLEET_CONFIG\` names), that before the default.
- A variable of a flag that may be repeated holds a value on each line. An empty variable counts as unset.
- What chooses the rows of a list decides nothing else: flags of commands that change something have variables of their
  own, such as \`EVFLEET_REMOTE_CONNECTOR\` beside \`EVFLEET_CONNECTOR\`.
- What a command prints on standard output is data; notes, progress and questions go to standard error. With \`--json\` it
  is one document, of an error too.
- What went wrong is told by the [exit code and the code of the error](errors.md).
`;

/** Groups of flags that many commands share: told once, and named in each command. */
const shared = {
  GLOBAL: {
    title: 'Flags of every command',
    text: 'Which fleet is meant, and how the answer looks.',
    more: undefined,
  },
  LIST: {
    title: 'Flags of lists',
    text: 'Which entries and columns, and in what form. A terminal shows 50 rows and says how many there are; what is piped, `--csv` and `--json` are never cut unless `--limit` says so.',
    more: 'Flags of [lists](#flags-of-lists)',
  },
  STATIONS: {
    title: 'Flags that choose stations',
    text: 'For commands that act on one station or many: ids are arguments, the flags choose more. What is given together must all hold.',
    more: 'Flags that [choose stations](#flags-that-choose-stations)',
  },
};

/** So many commands must have a flag in the same form before it is told once for all. */
const sharedBy = 5;

/** The whole document. `topics` are those of package.json. */
export function reference({ commands }, topics) {
  const all = Object.values(commands).filter((command) => !command.hidden);
  const common = commonFlags(all);
  const groups = byTopic(all);
  const sections = [
    intro,
    contents(groups),
    ...Object.entries(shared).map(([group, { title, text }]) => {
      const flags = [...(common.get(group)?.values() ?? [])].map(({ flag }) => flag);
      return `## ${title}\n\n${text}\n\n${flagTable(flags)}`;
    }),
    ...groups.map(([topic, members]) => {
      const text = topic === '' ? undefined : topics[topic]?.description;
      const title = topic === '' ? 'Without a noun' : topic;
      return [`## ${title}`, text && `${text}.`, ...members.map((command) => section(command, common))]
        .filter(Boolean)
        .join('\n\n');
    }),
  ];
  return `${sections.map((text) => text.trim()).join('\n\n')}\n`;
}

function contents(groups) {
  const lines = groups.map(([topic, members]) => {
    const links = members.map(({ id }) => {
      const words = id.split(':');
      const label = topic === '' ? words.join(' ') : words.slice(1).join(' ');
      return `[${label}](#${words.join('-')})`;
    });
    return `- ${topic === '' ? '' : `[**${topic}**](#${topic}): `}${links.join(' · ')}`;
  });
  return lines.join('\n');
}

/** Commands without a topic come first. */
function byTopic(commands) {
  const groups = new Map([['', []]]);
  for (const command of commands) {
    const words = command.id.split(':');
    const topic = words.length === 1 ? '' : words[0];
    groups.set(topic, [...(groups.get(topic) ?? []), command]);
  }
  return [...groups].filter(([, members]) => members.length > 0);
}

/** Of each shared group the flags in the form in which most commands have them, in the order of the first. */
function commonFlags(commands) {
  const seen = new Map(Object.keys(shared).map((group) => [group, new Map()]));
  for (const { flags } of commands) {
    for (const flag of Object.values(flags)) {
      const forms = seen.get(flag.helpGroup);
      if (!forms) continue;
      const counts = forms.get(flag.name) ?? new Map();
      const form = flagRow(flag);
      counts.set(form, { flag, form, count: (counts.get(form)?.count ?? 0) + 1 });
      forms.set(flag.name, counts);
    }
  }
  for (const forms of seen.values()) {
    for (const [name, counts] of forms) {
      const most = [...counts.values()].reduce((one, other) => (other.count > one.count ? other : one));
      if (most.count >= sharedBy) forms.set(name, most);
      else forms.delete(name);
    }
  }
  return seen;
}

function section(command, common) {
  const { id, summary, description, args, flags, examples } = command;
  const own = [];
  const told = new Map();
  for (const flag of Object.values(flags)) {
    const group = flag.helpGroup;
    if (common.get(group)?.get(flag.name)?.form !== flagRow(flag)) own.push(flag);
    else if (shared[group].more) told.set(group, [...(told.get(group) ?? []), flag]);
  }
  const parts = [
    `### ${id.replaceAll(':', ' ')}`,
    `${escaped(summary)}.`,
    fenced('sh', usage(command)),
    description && paragraphs(description),
    Object.keys(args).length > 0 && argTable(args),
    own.length > 0 && flagTable(own),
    ...[...told].map(([group, members]) => {
      const names = members.map((flag) => `\`${flag.char ? `-${flag.char}` : `--${flag.name}`}\``).join(' ');
      return `${shared[group].more}: ${names}`;
    }),
    fenced('sh', (examples ?? []).map(exampleText).join('\n')),
  ];
  return parts.filter(Boolean).join('\n\n');
}

function usage({ id, usage: written, args, flags, strict }) {
  const program = 'evfleet';
  if (written)
    return [written]
      .flat()
      .map((line) => `${program} ${filled(line)} [flags]`)
      .join('\n');
  const names = Object.values(args);
  const words = names.map((arg, index) => {
    const isLast = index === names.length - 1;
    const name = `${arg.name.toUpperCase()}${strict === false && isLast ? '...' : ''}`;
    return arg.required ? name : `[${name}]`;
  });
  const needed = Object.values(flags)
    .filter((flag) => flag.required)
    .map((flag) => `--${flag.name} ${valueName(flag)}`);
  return [program, ...id.split(':'), ...words, ...needed, '[flags]'].join(' ');
}

function argTable(args) {
  const rows = Object.values(args).map((arg) => {
    const options = arg.options ? ` One of ${arg.options.join(', ')}.` : '';
    const needed = arg.required ? '' : ' Optional.';
    return `| \`${arg.name.toUpperCase()}\` | ${cell(sentence(arg.description ?? '') + options + needed)} |`;
  });
  return ['| Argument | |', '|---|---|', ...rows].join('\n');
}

function flagTable(flags) {
  return ['| Flag | Variable | |', '|---|---|---|', ...flags.map((flag) => flagRow(flag))].join('\n');
}

function flagRow(flag) {
  const char = flag.char ? `\`-${flag.char}\`, ` : '';
  const name = flag.type === 'boolean' && flag.allowNo ? `--[no-]${flag.name}` : `--${flag.name}`;
  const value = flag.type === 'option' ? ` ${valueName(flag)}` : '';
  const variable = flag.env ? `\`${flag.env}\`` : 'none, it is typed';
  const notes = [
    sentence(flag.summary ?? flag.description ?? ''),
    flag.options && `One of ${flag.options.join(', ')}.`,
    flag.type === 'option' && flag.multiple && !/repeat/.test(flag.summary) && 'May be repeated.',
    flag.required && 'Required.',
    flag.type === 'option' && flag.default !== undefined && `Default: ${[flag.default].flat().join(', ')}.`,
  ];
  return `| ${char}${code(name + value)} | ${variable} | ${cell(notes.filter(Boolean).join(' '))} |`;
}

function valueName(flag) {
  return flag.helpValue ? [flag.helpValue].flat().join(' ') : flag.options ? '<one>' : '<value>';
}

function sentence(text) {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`;
}

function code(text) {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function cell(text) {
  return escaped(filled(text)).replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** Text as it stands, where Markdown would see emphasis or HTML. */
function escaped(text) {
  return text.replace(/[<*_]/g, (char) => `\\${char}`);
}

/** What is indented is an example of a file or of output. */
function paragraphs(text) {
  const isIndented = (block) => block.split('\n').every((line) => line.startsWith('  '));
  return filled(text)
    .split(/\n{2,}/)
    .map((block) => (isIndented(block) ? fenced('', block.replace(/^ {2}/gm, '')) : mixed(block, isIndented)))
    .join('\n\n');
}

/** A paragraph with indented lines right below it. */
function mixed(block, isIndented) {
  const lines = block.split('\n');
  const first = lines.findIndex(isIndented);
  if (first < 0) return escaped(block);
  const [text, rest] = [lines.slice(0, first), lines.slice(first)];
  const end = rest.findIndex((line) => !isIndented(line));
  const [indented, after] = end < 0 ? [rest, []] : [rest.slice(0, end), rest.slice(end)];
  const below = fenced('', indented.map((line) => line.slice(2)).join('\n'));
  const tail = after.length > 0 ? mixed(after.join('\n'), isIndented) : undefined;
  return [escaped(text.join('\n')), below, tail].filter(Boolean).join('\n\n');
}

function exampleText(example) {
  if (typeof example === 'string') return filled(example);
  const { description, command } = example;
  return description ? `# ${filled(description)}\n${filled(command)}` : filled(command);
}

function filled(text) {
  return text.replaceAll('<%= config.bin %>', 'evfleet').replaceAll('<%= command.id %>', '');
}

function fenced(language, text) {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
