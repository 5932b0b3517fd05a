import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../../src/cli/base-command.js';
import { durationFlag, withEnv } from '../../../src/cli/flags/flags.js';
import { type ErrorCode, errorCatalogue } from '../../../src/domain/errors.js';
import type { RuleTestView } from '../../../src/operations/alarm/alarm-rule-test.js';
import { isFailure, testLines, testNotes } from '../../../src/views/alarm-rule.js';

export default class AlarmRuleTest extends FleetCommand<typeof AlarmRuleTest> {
  static override summary = 'Send a sample to everybody whom an alarm rule tells, enabled or not';
  static override description =
    `The samples go the way of all messages: through the outbox, from the running server. With --wait the command ends when
each was taken by its mail server or webhook, or was not: exit code 9 when one failed, 8 when one is still pending.`;
  static override examples = [
    '<%= config.bin %> alarm rule test Lost',
    '<%= config.bin %> alarm rule test Lost --wait --timeout 1m',
  ];
  static override args = { name: Args.string({ required: true, description: 'Name of the rule' }) };
  static override flags = withEnv({
    wait: Flags.boolean({
      default: false,
      allowNo: true,
      summary: 'Wait until the samples were sent, or were not.',
    }),
    timeout: durationFlag({ default: 30_000, minMs: 100, maxMs: 3_600_000, summary: 'How long to wait.' }),
  });

  async run() {
    const { wait, timeout } = this.flags;
    const fleet = await this.fleet();
    const result = await fleet.run('alarm-rule.test', {
      name: this.args.name,
      waitMs: wait ? timeout : undefined,
    });
    await this.print(testLines(result, this.terminal));
    for (const line of testNotes(result)) this.say(line);
    const code = failureOf(result, wait);
    if (code !== undefined) process.exitCode = errorCatalogue[code].exit;
    return result;
  }
}

function failureOf({ messages }: RuleTestView, wait: boolean): ErrorCode | undefined {
  if (messages.some(isFailure)) return 'SOME_FAILED';
  return wait && messages.some(({ state }) => state === 'pending') ? 'TIMED_OUT' : undefined;
}
