/** The words of each call of evfleet in a line for a shell; `$(…)` and `<(…)` inside of one becomes a word, and a call of its own. */
export function callsOf(line: string): string[][] {
  const inner: string[][] = [];
  const outer = line.replace(/[$<]\(([^()]*)\)/g, (_, text: string) => {
    inner.push(...callsOf(text));
    return 'SUBSTITUTED';
  });
  const calls = statementsOf(outer).flatMap((words) => {
    const at = words.findIndex((word) => word.text === 'evfleet');
    if (at < 0) return [];
    // xargs adds what it reads.
    const more = words[0]?.text === 'xargs' ? ['READ'] : [];
    return [[...withoutRedirects(words.slice(at + 1)), ...more]];
  });
  return [...inner, ...calls];
}

interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

/** Words by command: what pipes and semicolons separate, unless it is quoted. */
function statementsOf(line: string): Word[][] {
  const statements: Word[][] = [[]];
  for (const [token, double, single] of line.matchAll(
    /"([^"]*)"|'([^']*)'|[|;]|(?:[^\s"'|;]+(?:"[^"]*")?)+/g,
  )) {
    if (token === '|' || token === ';') statements.push([]);
    else {
      const quoted = double ?? single;
      statements.at(-1)?.push({ text: quoted ?? token.replaceAll('"', ''), quoted: quoted !== undefined });
    }
  }
  return statements;
}

function withoutRedirects(words: readonly Word[]): string[] {
  const isRedirect = (word: Word | undefined) => word?.quoted === false && /^[<>]$/.test(word.text);
  return words.filter((word, at) => !isRedirect(word) && !isRedirect(words[at - 1])).map(({ text }) => text);
}
