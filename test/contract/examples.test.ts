import { Parser } from '@oclif/core';
import { expect, it } from 'vitest';
import { globalFlags } from '../../src/cli/flags/flags.js';
import { type CommandOf, commands, named } from './commands.js';
import { callsOf } from './examples.js';

const ids = new Set(commands.map(({ id }) => id));

/** The command that the words name, and what is left for it. */
function resolved(words: readonly string[]): { id: string; argv: readonly string[] } {
  const length = [3, 2, 1].find((count) => ids.has(words.slice(0, count).join(':')));
  if (length === undefined) throw new Error(`There is no command ${words.join(' ')}`);
  return { id: words.slice(0, length).join(':'), argv: words.slice(length) };
}

/** Parses as the command would: its flags are there, values fit, what is required is given. */
async function parse(id: string, argv: readonly string[]): Promise<void> {
  const file = new URL(`../../commands/${id.replaceAll(':', '/')}.ts`, import.meta.url);
  const { default: Class } = await import(/* @vite-ignore */ file.href);
  await Parser.parse([...argv], {
    flags: { ...globalFlags, ...Class.flags },
    args: Class.args,
    strict: Class.strict,
    '--': true,
  });
}

it.each(named)('%s: at least two examples, of itself, that it understands', async (_, command: CommandOf) => {
  const calls = (command.examples ?? []).map((line) =>
    callsOf(line.replaceAll('<%= config.bin %>', 'evfleet')),
  );
  expect(calls.length).toBeGreaterThanOrEqual(2);
  for (const call of calls) {
    const all = call.map((words) => resolved(words));
    expect(all.map(({ id }) => id)).toContain(command.id);
    for (const { id, argv } of all) await parse(id, argv);
  }
});
