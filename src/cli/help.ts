import { type Command, Help } from '@oclif/core';

/** Help whose paragraphs fill the width of the terminal, wherever the lines of the source end. */
export default class FleetHelp extends Help {
  protected override formatCommand(command: Command.Loadable): string {
    const { description } = command;
    return super.formatCommand(
      description === undefined ? command : { ...command, description: unfolded(description) },
    );
  }
}

/** Lines become paragraphs; what is indented, such as an example of a file, stays as it is. */
export function unfolded(text: string): string {
  return text.replace(/(?<=\S)\n(?=\S)/g, ' ');
}
