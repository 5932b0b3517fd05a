import { Type } from '@sinclair/typebox';
import { type AlarmRule, defaultStepsMs } from '../../domain/alarm/alarm-rule.js';
import { checkTells, ruleLimits } from '../../domain/alarm/alarm-rule-checks.js';
import { FleetError } from '../../domain/errors.js';
import { checkName } from '../../domain/identifiers.js';
import type { Repositories } from '../../domain/repositories.js';
import { staff } from '../access.js';
import { applyListQuery, fieldsOf, listOf, listQuery } from '../list.js';
import { findRule } from '../lookup.js';
import { type OperationContext, unary } from '../operation.js';
import {
  changes,
  createOrElse,
  createOutput,
  deleteInput,
  deleteOrIgnore,
  deleteOutput,
  ifExists,
} from '../shared.js';
import { checkMayRule, checkRule, type RuleChange, resolveRule, ruleProperties } from './alarm-rule-input.js';
import { type AlarmRuleView, alarmRuleView, RuleViewer } from './alarm-rule-view.js';

async function viewOf(r: Repositories, name: string): Promise<AlarmRuleView> {
  return (await RuleViewer.of(r)).view(await findRule(r, name));
}

/** @throws FleetError USAGE when something is missing that a rule needs */
function ruleFrom(made: Pick<AlarmRule, 'uuid' | 'name' | 'createdAt'>, wanted: RuleChange): AlarmRule {
  const { scope } = wanted;
  if (!scope) {
    throw new FleetError('USAGE', 'Which stations the rule is for has to be said.', {
      suggestions: ['--all', '--site NAME', '--group NAME', '--station ID, as often as needed'],
    });
  }
  const rule = {
    enabled: true,
    triggers: [],
    recipients: [],
    webhooks: [],
    language: 'en' as const,
    stepsMs: defaultStepsMs,
    deliberate: false,
    ...wanted,
    scope,
    ...made,
  };
  checkTells(rule);
  return rule;
}

async function checkRoom(r: Repositories): Promise<void> {
  if ((await r.alarmRules.list()).length < ruleLimits.rules) return;
  throw new FleetError('CONFLICT', `There are ${ruleLimits.rules} alarm rules already, which is the most.`, {
    suggestions: ['evfleet alarm rule list', 'evfleet alarm rule delete NAME'],
  });
}

async function changeRule(
  r: Repositories,
  rule: AlarmRule,
  { change, caller }: { change: RuleChange; caller: OperationContext['caller'] },
): Promise<void> {
  checkMayRule(caller, change.scope);
  checkTells({ ...rule, ...change });
  const namesake = change.name === undefined ? undefined : await r.alarmRules.findByName(change.name);
  if (namesake && namesake.uuid !== rule.uuid) {
    throw new FleetError('EXISTS', `There is an alarm rule ${namesake.name} already.`);
  }
  await r.alarmRules.update(rule.uuid, change);
}

function setEnabled(enabled: boolean) {
  return ({ store, caller }: OperationContext, { name }: { name: string }) => {
    checkMayRule(caller);
    return store.write(async (r) => {
      await r.alarmRules.update((await findRule(r, name)).uuid, { enabled });
      return viewOf(r, name);
    });
  };
}

const byName = Type.Object({ name: Type.String() });

export const alarmRuleOperations = {
  'alarm-rule.list': unary({
    summary: 'List alarm rules',
    access: staff,
    effect: 'read',
    input: Type.Object(listQuery),
    output: listOf(alarmRuleView),
    run: ({ store }, query) =>
      store.read(async (r) => {
        const viewer = await RuleViewer.of(r);
        const views: AlarmRuleView[] = [];
        for (const rule of await r.alarmRules.list()) views.push(await viewer.view(rule));
        return applyListQuery(views, query, fieldsOf(alarmRuleView));
      }),
  }),

  'alarm-rule.show': unary({
    summary: 'Show an alarm rule',
    access: staff,
    effect: 'read',
    input: byName,
    output: alarmRuleView,
    run: ({ store }, { name }) => store.read((r) => viewOf(r, name)),
  }),

  'alarm-rule.create': unary({
    summary: 'Create an alarm rule: who is told of what',
    access: staff,
    effect: 'change',
    input: Type.Object({ name: Type.String(), ...ruleProperties, ifExists }),
    output: createOutput(alarmRuleView),
    run({ store, newId, clock, caller }, { name, ifExists, ...properties }) {
      checkMayRule(caller);
      checkName('name of the alarm rule', name);
      checkRule(properties);
      return store.write(async (r) => {
        const existing = await r.alarmRules.findByName(name);
        const wanted = await resolveRule(r, properties);
        checkMayRule(caller, wanted.scope);
        const outcome = await createOrElse({
          what: `rule ${existing?.name ?? name}`,
          existing,
          ifExists,
          async create() {
            await checkRoom(r);
            await r.alarmRules.insert(ruleFrom({ uuid: newId(), name, createdAt: clock.now() }, wanted));
          },
          update: (rule) => changeRule(r, rule, { change: wanted, caller }),
        });
        return { outcome, item: await viewOf(r, name) };
      });
    },
  }),

  'alarm-rule.update': unary({
    summary: 'Change an alarm rule; what is given replaces what was',
    access: staff,
    effect: 'change',
    input: Type.Object({ name: Type.String(), newName: Type.Optional(Type.String()), ...ruleProperties }),
    output: alarmRuleView,
    run({ store, caller }, { name, newName, ...properties }) {
      checkMayRule(caller);
      if (newName !== undefined) checkName('name of the alarm rule', newName);
      checkRule(properties);
      changes({ newName, ...properties });
      return store.write(async (r) => {
        const rule = await findRule(r, name);
        const wanted = await resolveRule(r, properties);
        const change = newName === undefined ? wanted : { ...wanted, name: newName };
        await changeRule(r, rule, { change, caller });
        return viewOf(r, newName ?? name);
      });
    },
  }),

  'alarm-rule.enable': unary({
    summary: 'Let an alarm rule tell its recipients again',
    access: staff,
    effect: 'change',
    input: byName,
    output: alarmRuleView,
    run: setEnabled(true),
  }),

  'alarm-rule.disable': unary({
    summary: 'Keep an alarm rule, but tell nobody by it',
    access: staff,
    effect: 'change',
    input: byName,
    output: alarmRuleView,
    run: setEnabled(false),
  }),

  'alarm-rule.delete': unary({
    summary: 'Delete an alarm rule',
    access: staff,
    effect: 'change',
    input: Type.Object({ name: Type.String(), ...deleteInput }),
    output: deleteOutput,
    run({ store, caller }, { name, ignoreNotFound }) {
      checkMayRule(caller);
      return store.write((r) =>
        deleteOrIgnore(ignoreNotFound, async () => r.alarmRules.delete((await findRule(r, name)).uuid)),
      );
    },
  }),
};
