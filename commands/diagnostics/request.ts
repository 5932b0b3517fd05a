import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { whileTelling } from '../../src/cli/diagnostics-progress.js';
import { instantFlag, timeoutFlag, withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { transferProtocols } from '../../src/domain/station/file-exchange.js';

export default class DiagnosticsRequest extends FleetCommand<typeof DiagnosticsRequest> {
  static override summary = 'Ask stations to upload their diagnostics or logs to this server';
  static override description =
    `Each station is told an address of its own, with credentials for one file. It answers at once whether it will upload
one; with --wait the command ends when the file is here, and tells how far it is. Without --type it is GetDiagnostics, which every
station with firmware management knows; with --type it is GetLog of the security extension, and a station that does
not know that is asked for its diagnostics in the old way. Files are taken for six hours, up to diagnostics.max-size.

Stations are told the address that they connected to. Where that is not right, behind a reverse proxy or a router,
set server.public-url and server.ftp-url. FTP is served with serve --ftp-port only, HTTPS and FTPS with serve --tls-cert.`;
  static override examples = [
    '<%= config.bin %> diagnostics request CP001 --wait --timeout 5m',
    '<%= config.bin %> diagnostics request CP001 --from "2d ago" --protocol ftp',
    '<%= config.bin %> diagnostics request CP001 --type security',
    '<%= config.bin %> diagnostics request --site Solna -l vendor=Acme --from today',
  ];
  static override args = { station: Args.string({ description: 'Id of a station; more may follow' }) };
  static override strict = false;
  static override flags = withEnv({
    ...withOwnEnv('diagnostics', {
      type: Flags.option({
        options: ['diagnostics', 'security'] as const,
        summary:
          'Which log, by the security extension of OCPP; the diagnostics in the old way when left out.',
      })(),
    }),
    protocol: Flags.option({
      options: transferProtocols,
      default: 'http' as const,
      summary: 'How the file is to come.',
    })(),
    ...withOwnEnv('diagnostics', {
      from: instantFlag({ summary: 'Only what happened then or later: 2026-11-01, "2h ago", today.' }),
      to: instantFlag({ summary: 'Only what happened before then.' }),
    }),
    wait: Flags.boolean({ default: false, allowNo: true, summary: 'Wait until the file is here.' }),
    ...timeoutFlag,
    ...bulkFlags,
  });

  async run() {
    const { type, protocol, from, to, wait, timeout: timeoutMs } = this.flags;
    const wanted = { type, protocol, from, to, timeoutMs, waitMs: wait ? timeoutMs : undefined };
    const ask = () =>
      runBulk(this, {
        stationIds: this.words,
        run: (fleet, bulk) => fleet.batches('diagnostics.request', { ...bulk, ...wanted }),
        done: wait ? 'here' : 'accepted',
      });
    const [stationId] = this.words;
    // One line per state of one station; of many, their ends are enough.
    const isOne = stationId !== undefined && this.words.length === 1;
    return wait && isOne ? whileTelling(this, stationId, ask) : ask();
  }

  /** A connection of its own, for what is told meanwhile. */
  openOther(signal: AbortSignal) {
    return this.openFleet({ ...this.storeOptions, signal });
  }
}
