import { FleetError } from '../domain/errors.js';
import { nearest } from '../domain/nearest.js';

/**
 * What to say when the words of the command line name no command.
 * @param bin name of the program
 * @param argv what was typed after it; of this only one word of letters, digits and hyphens is ever repeated
 * @param ids every command, with colons: `station:list`
 */
export function unknownCommand(bin: string, argv: readonly string[], ids: readonly string[]): FleetError {
  const firstOther = argv.findIndex((word) => word.startsWith('-') || word.includes('='));
  const words = firstOther < 0 ? argv : argv.slice(0, firstOther);
  if (words.length === 0) {
    return new FleetError('USAGE', 'The command comes first, then its flags.', {
      suggestions: [`${bin} --help`],
    });
  }
  const known = knownPrefix(words, ids);
  const path = [bin, ...known].join(' ');
  if (ids.includes(known.join(':'))) {
    return new FleetError('USAGE', `${path} takes no such argument.`, { suggestions: [`${path} --help`] });
  }
  const word = words[known.length] ?? '';
  const near = suggestion(words, known, ids);
  return new FleetError('USAGE', `${quoted(word)} is no command of ${path}.`, {
    suggestions: [...(near ? [[bin, ...near].join(' ')] : []), `${path} --help`],
  });
}

function knownPrefix(words: readonly string[], ids: readonly string[]): readonly string[] {
  let length = 0;
  while (length < words.length && leadsSomewhere(words.slice(0, length + 1), ids)) length += 1;
  return words.slice(0, length);
}

function leadsSomewhere(words: readonly string[], ids: readonly string[]): boolean {
  const id = words.join(':');
  return ids.some((known) => known === id || known.startsWith(`${id}:`));
}

/** The nearest word in place of the unknown one, and what was typed after it as far as that makes a command. */
function suggestion(
  words: readonly string[],
  known: readonly string[],
  ids: readonly string[],
): readonly string[] | undefined {
  const [noun = '', verb = ''] = words;
  // `list station`: the right words the wrong way round.
  if (ids.includes(`${verb}:${noun}`)) return [verb, noun];
  const siblings = new Set(
    ids
      .map((id) => id.split(':'))
      .filter((parts) => known.every((part, index) => parts[index] === part))
      .map((parts) => parts[known.length])
      .filter((part) => part !== undefined),
  );
  const near = nearest(words[known.length] ?? '', [...siblings]);
  if (near === undefined) return undefined;
  const corrected = [...known, near, ...words.slice(known.length + 1)];
  return knownPrefix(corrected, ids);
}

function quoted(word: string): string {
  return /^[a-z][a-z0-9-]{0,30}$/i.test(word) ? `"${word}"` : 'That';
}
