import { type Entry, entryLines, helpWidth, section, typedLines, widestTerm } from './help-layout.js';
import type { Terminal } from './terminal.js';
import { wrap } from './wrap.js';

/** A command, or a word that several commands begin with. */
export interface HelpLine {
  /** `station`, `station list` */
  readonly name: string;
  readonly summary: string;
}

interface HelpGroup {
  readonly title: string;
  readonly entries: readonly HelpLine[];
}

/** The whole program; also what `help --json` gives. */
export interface HelpRoot {
  readonly program: string;
  readonly version: string;
  readonly summary: string;
  readonly groups: readonly HelpGroup[];
}

/** A word and what can follow it. */
export interface HelpTopic {
  readonly program: string;
  readonly topic: string;
  readonly summary: string;
  readonly commands: readonly HelpLine[];
}

export function renderHelpRoot({ program, summary, groups }: HelpRoot, terminal: Terminal): string {
  const all = groups.flatMap(({ entries }) => entries.map(toEntry));
  const width = widestTerm(all);
  const lines = [
    wrap(`${summary}.`, helpWidth(terminal)),
    ...section('USAGE', typedLines(`${program} COMMAND [flags]`, terminal), terminal),
    ...groups.flatMap(({ title, entries }) =>
      section(title.toUpperCase(), entryLines(entries.map(toEntry), terminal, width), terminal),
    ),
    ...section(
      'MORE',
      entryLines(
        [
          { term: `${program} help station`, meaning: 'What can be done with stations.' },
          { term: `${program} help station list`, meaning: 'One command: flags and examples.' },
          { term: `${program} doctor`, meaning: 'Checks everything, and says what to do.' },
        ],
        terminal,
      ),
      terminal,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

export function renderHelpTopic(
  { program, topic, summary, commands }: HelpTopic,
  terminal: Terminal,
): string {
  const entries = commands.map(toEntry);
  const lines = [
    wrap(summary === '' ? topic : `${summary}.`, helpWidth(terminal)),
    ...section('USAGE', typedLines(`${program} ${topic} COMMAND [flags]`, terminal), terminal),
    ...section('COMMANDS', entryLines(entries, terminal), terminal),
    '',
    wrap(`${program} help ${topic} COMMAND tells more of one, with examples.`, helpWidth(terminal)),
  ];
  return `${lines.join('\n')}\n`;
}

function toEntry({ name, summary }: HelpLine): Entry {
  return { term: name, meaning: summary };
}
