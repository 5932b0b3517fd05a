import { Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { exportFile, exportText } from '../../src/cli/export.js';
import { withEnv } from '../../src/cli/flags.js';
import { ProgressLine } from '../../src/cli/progress-line.js';
import { sessionFilter, sessionFilterFlags } from '../../src/cli/session-filter.js';
import { plural } from '../../src/domain/plural.js';
import type { Fleet } from '../../src/operations/fleet.js';
import { renderBar } from '../../src/views/progress.js';
import { sessionList } from '../../src/views/session.js';

export default class SessionExport extends FleetCommand<typeof SessionExport> {
  static override summary = 'Export charging sessions, newest first';
  static override description = `The columns of CSV and the keys of JSON are the same and keep their order:
${Object.keys(sessionList.columns).join(', ')}. Times are UTC.`;
  static override examples = [
    '<%= config.bin %> session export --output sessions.csv',
    '<%= config.bin %> session export --from 2026-11-01 --to 2026-12-01 --site Solna --output november.csv',
    '<%= config.bin %> session export --user ada@example.com --output ada.csv',
    '<%= config.bin %> session export --format json-lines | jq .energyKwh',
  ];
  static override flags = withEnv({
    ...sessionFilterFlags,
    format: Flags.option({
      options: ['csv', 'json-lines'] as const,
      default: 'csv' as const,
      summary: 'Form of the export.',
    })(),
    output: Flags.string({
      char: 'o',
      helpValue: '<file>',
      summary: 'File to write, replaced when it exists; standard output when left out.',
    }),
  });

  async run() {
    const { format, output } = this.flags;
    const fleet = await this.fleet();
    const sessions = fleet.batches('session.export', sessionFilter(this.flags));
    const columns = Object.keys(sessionList.columns);
    if (output !== undefined) {
      const onCount = await this.#progress(fleet);
      const count = await exportFile(output, sessions, { format, columns, signal: this.signal, onCount });
      this.say(`Exported ${plural(count, 'session')} to ${output}.`);
      return { output, format, sessions: count };
    }
    if (!this.jsonEnabled()) {
      for await (const text of exportText(sessions, { format, columns })) await this.print(text);
      return undefined;
    }
    const all = [];
    for await (const batch of sessions) all.push(...batch);
    return all;
  }

  /** A bar on a terminal, where somebody waits; nothing elsewhere. */
  async #progress(fleet: Fleet): Promise<(count: number) => void> {
    if (!process.stderr.isTTY) return () => undefined;
    const { total } = await fleet.run('session.list', { ...sessionFilter(this.flags), limit: 0 });
    const line = new ProgressLine(process.stderr, () => this.terminal.now());
    return (count) => {
      if (count < total) line.show(renderBar(count, total, 'sessions'));
      else line.end();
    };
  }
}
