import type { Config } from '@oclif/core';
import { inAscii } from '../views/ascii.js';
import { createTerminal, type Terminal } from '../views/terminal.js';
import type { HelpPage } from './help-pages.js';

/** What oclif asks when a command line has `--help` or `-h`, is empty, or ends before it names a command. */
export default class FleetHelp {
  readonly #config: Config;

  constructor(config: Config) {
    this.#config = config;
  }

  /** Words that lead nowhere are a usage error, with what may have been meant. */
  async showHelp(argv: readonly string[]): Promise<void> {
    try {
      await this.#show(argv);
    } catch (error) {
      const [{ report }, { toFleetError }, { wantsJson }] = await Promise.all([
        import('./report.js'),
        import('./flags/usage-errors.js'),
        import('./flags/flag-sources.js'),
      ]);
      report(toFleetError(error), {
        json: wantsJson(process.argv, process.env),
        noColor: argv.includes('--no-color'),
      });
    }
  }

  async #show(argv: readonly string[]): Promise<void> {
    const { helpPage } = await import('./help-pages.js');
    const { wantsJson } = await import('./flags/flag-sources.js');
    const { stdout, env } = process;
    // As `evfleet help … --json`: whoever takes JSON from stdout gets nothing else there. Of `evfleet station --json` oclif
    // hands on only the words.
    if (wantsJson(process.argv, env)) {
      const { toJson } = await import('./report.js');
      stdout.write(toJson(helpPage(this.#config, helpWords(argv)).page));
      return;
    }
    // Help is piped to a pager, which shows it on the terminal that stderr still is.
    const columns = stdout.columns || process.stderr.columns;
    const flags = { 'no-color': argv.includes('--no-color') };
    const terminal = createTerminal({ stdout: { isTTY: stdout.isTTY, columns }, env, flags });
    const text = await helpText(helpPage(this.#config, helpWords(argv)), terminal);
    const shown = terminal.isTTY && !terminal.isUnicode ? inAscii(text) : text;
    // Whoever runs this waits for it to be written, and tells when it cannot be.
    stdout.write(shown);
  }
}

/** The words that name a command: those before the first flag, without `help` itself. */
export function helpWords(argv: readonly string[]): readonly string[] {
  const typed = argv.flatMap((word) => (word.startsWith('-') ? [word] : word.split(':')));
  const words = typed.filter((word) => word !== '--help' && word !== '-h');
  const end = words.findIndex((word) => word.startsWith('-'));
  const named = end < 0 ? words : words.slice(0, end);
  return named[0] === 'help' ? named.slice(1) : named;
}

export async function helpText(help: HelpPage, terminal: Terminal): Promise<string> {
  if (help.kind === 'command') {
    const { renderHelpCommand } = await import('../views/help-command.js');
    return renderHelpCommand(help.page, terminal);
  }
  const { renderHelpRoot, renderHelpTopic } = await import('../views/help-overview.js');
  return help.kind === 'root' ? renderHelpRoot(help.page, terminal) : renderHelpTopic(help.page, terminal);
}
