import { CommandHelp, Help } from '@oclif/core';

/** Paragraphs fill the width of the terminal, wherever the lines of the source end; examples of files keep their form. */
class FleetCommandHelp extends CommandHelp {
  /** Flags that exclude several others leave alternatives without a name behind. */
  protected override defaultUsage(): string {
    return withoutEmpty(super.defaultUsage());
  }

  protected override description(): string | undefined {
    const { summary = '', description } = this.command;
    if (description === undefined) return super.description();
    return `${summary}\n\n${unfolded(description)}`
      .split('\n')
      .map((line) => (line.startsWith(' ') ? this.render(line) : this.wrap(line)))
      .join('\n');
  }
}

export default class FleetHelp extends Help {
  protected override CommandHelpClass = FleetCommandHelp;
}

/** What oclif writes for flags that it has named already: `[--a | --b |  | ]`. */
export function withoutEmpty(usage: string): string {
  return usage.replace(/(?:\s*\|)*\s*(?=\])/g, '');
}

/** Lines become paragraphs; what is indented, such as an example of a file, stays as it is. */
export function unfolded(text: string): string {
  return text.replace(/(?<=\S)\n(?=\S)/g, ' ');
}
