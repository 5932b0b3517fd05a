import { Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { instantFlag, listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { errorCatalogue, isErrorCode } from '../../src/domain/errors.js';
import { auditList } from '../../src/views/audit.js';

const outcomes = ['ok', 'failed', ...Object.keys(errorCatalogue).filter(isErrorCode)] as const;

export default class AuditList extends FleetCommand<typeof AuditList> {
  static override summary = 'List who changed what, the newest last';
  static override description =
    'Every change by people and scripts: who, from where, when, what it was before and what after; and every attempt that failed or was refused. Commands to stations are kept with what was asked for. Secrets are masked. Kept for as long as the setting retention.audit says.';
  static override examples = [
    '<%= config.bin %> audit list',
    '<%= config.bin %> audit list --actor ada@example.org --from today',
    '<%= config.bin %> audit list --operation station --target CP001 --json',
    '<%= config.bin %> audit list --outcome failed --from "7d ago" --csv',
  ];
  static override flags = withEnv({
    actor: Flags.string({ summary: 'Only of this person: an e-mail address, or a user of the system.' }),
    operation: Flags.string({
      summary: 'Only this operation, or those of its noun: station.update, station.',
    }),
    kind: Flags.string({
      env: 'EVFLEET_AUDIT_KIND',
      summary: 'Only changes of things of this kind: station, user, setting.',
    }),
    target: Flags.string({ summary: 'Only changes of what is called so: CP001, ada@example.org.' }),
    outcome: Flags.option({
      options: outcomes,
      summary: 'Only what ended so: ok, failed (all but ok), or a code such as NOT_ALLOWED.',
      helpValue: '<outcome>',
    })(),
    from: instantFlag({ summary: 'Only what happened then or later: 2026-11-01, "7d ago", today.' }),
    to: instantFlag({ summary: 'Only what happened before then.' }),
    ...listFlags,
  });

  async run() {
    const { actor, operation, kind, target, outcome, from, to } = this.flags;
    const query = { actor, operation, kind, target, outcome, from, to, ...this.listQuery(this.flags) };
    return this.printList(this.flags, await (await this.fleet()).run('audit.list', query), auditList);
  }
}
