/** Lines of the document, as indices from `from` up to but without `to`. */
interface Lines {
  readonly from: number;
  readonly to: number;
}

/** What a guide says at one place; `line` counts from 1, for messages. */
export type Step = { readonly line: number } & (
  | { readonly kind: 'run' | 'until' | 'scene'; readonly command: string }
  | { readonly kind: 'file'; readonly name: string; readonly text: string }
  | { readonly kind: 'typed' | 'elsewhere'; readonly command: string; readonly shown: Lines }
  | { readonly kind: 'mail'; readonly shown: Lines }
);

type Remark = 'run' | 'until' | 'scene' | 'file' | 'another terminal' | 'mail';

const remark = /^<!-- (run|until|scene|file|another terminal|mail)(?:: ([\s\S]*?))? -->$/;

/**
 * The steps of a guide in order: what readers type, the files they write, and what the remarks ask for.
 * @param lines of the document
 * @throws Error where a remark is followed by nothing that it could be about
 */
export function parseGuide(lines: readonly string[]): Step[] {
  const steps: Step[] = [];
  let about: { readonly kind: Remark; readonly text: string } | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    const text = lines[at] ?? '';
    if (text.startsWith('<!--')) {
      const end = lines.findIndex((line, index) => index >= at && line.endsWith('-->'));
      const [, kind, said = ''] = remark.exec(lines.slice(at, end + 1).join('\n')) ?? [];
      if (kind === 'run' || kind === 'until' || kind === 'scene')
        steps.push({ kind, command: said, line: at + 1 });
      else if (kind !== undefined) about = { kind: kind as Remark, text: said };
      at = end;
    } else if (text.startsWith('```')) {
      const end = lines.indexOf('```', at + 1);
      const block = { from: at + 1, to: end };
      if (about?.kind === 'file')
        steps.push({
          kind: 'file',
          name: about.text,
          text: `${lines.slice(at + 1, end).join('\n')}\n`,
          line: at + 1,
        });
      else if (about?.kind === 'mail') steps.push({ kind: 'mail', shown: block, line: at + 1 });
      else if (text === '```console')
        steps.push(...typed(lines, block, about?.kind === 'another terminal' ? 'elsewhere' : 'typed'));
      about = undefined;
      at = end;
    }
  }
  if (about) throw new Error(`nothing follows the remark <!-- ${about.kind} -->`);
  return steps;
}

/** The commands of a block, each with the output below it. A line that ends with `\` goes on in the next one. */
function typed(lines: readonly string[], block: Lines, kind: 'typed' | 'elsewhere'): Step[] {
  const steps: Step[] = [];
  for (let at = block.from; at < block.to; ) {
    if (!lines[at]?.startsWith('$ ')) throw new Error(`line ${at + 1}: output without a command`);
    let next = at + 1;
    while (lines[next - 1]?.endsWith('\\')) next += 1;
    const command = lines.slice(at, next).join('\n').slice(2);
    let to = next;
    while (to < block.to && !lines[to]?.startsWith('$ ')) to += 1;
    steps.push({ kind, command, shown: { from: next, to }, line: at + 1 });
    at = to;
  }
  return steps;
}
