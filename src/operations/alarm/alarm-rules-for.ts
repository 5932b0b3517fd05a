import type { RuleScope } from '../../domain/alarm/alarm-rule.js';
import { FleetError } from '../../domain/errors.js';
import type { Repositories } from '../../domain/repositories.js';
import { quoteForShell } from '../../domain/shell.js';
import { named } from '../shared.js';

/**
 * Before a site or group goes.
 * @param what it, for the message: `group Night`
 * @throws FleetError HAS_CHILDREN naming the alarm rules that are for it
 */
export async function checkNoRuleFor(
  r: Repositories,
  isFor: (scope: RuleScope) => boolean,
  what: string,
): Promise<void> {
  const rules = (await r.alarmRules.list()).filter(({ scope }) => isFor(scope));
  if (rules.length === 0) return;
  throw new FleetError(
    'HAS_CHILDREN',
    `Some alarm rules are for ${what}: ${named(rules.map(({ name }) => name))}.`,
    { suggestions: rules.slice(0, 2).map(({ name }) => `evfleet alarm rule show ${quoteForShell(name)}`) },
  );
}
