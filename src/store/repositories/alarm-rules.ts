import type { AlarmRule, AlarmRuleRepository, RuleScope } from '../../domain/alarm/alarm-rule.js';
import { foldKey } from '../../domain/fold-key.js';
import { build, type Executor, isEmpty, prepared } from '../queries.js';
import type { Tables } from '../schema.js';

const columns = [
  'uuid',
  'name',
  'enabled',
  'scope',
  'siteUuid',
  'groupUuid',
  'triggers',
  'recipients',
  'webhooks',
  'language',
  'stepsMs',
  'deliberate',
  'createdAt',
] as const;
type Row = Omit<Tables['alarmRule'], 'nameKey'>;

const enabledRules = prepared<Record<string, never>, Row>(() =>
  build.selectFrom('alarmRule').select(columns).where('enabled', '=', 1).orderBy('nameKey'),
);

const rulesOfStation = prepared<{ stationUuid: string }, { ruleUuid: string }>(({ stationUuid }) =>
  build
    .selectFrom('alarmRuleStation')
    .select('ruleUuid')
    .where('stationUuid', '=', stationUuid)
    .orderBy('ruleUuid'),
);

/** The columns of a scope; the stations are rows of their own. */
function scopeColumns(scope: RuleScope): Pick<Row, 'scope' | 'siteUuid' | 'groupUuid'> {
  return {
    scope: scope.kind,
    siteUuid: scope.kind === 'site' ? scope.siteUuid : null,
    groupUuid: scope.kind === 'group' ? scope.groupUuid : null,
  };
}

function toScope({ scope, siteUuid, groupUuid }: Row, stationUuids: readonly string[]): RuleScope {
  if (scope === 'site' && siteUuid !== null) return { kind: 'site', siteUuid };
  if (scope === 'group' && groupUuid !== null) return { kind: 'group', groupUuid };
  return scope === 'stations' ? { kind: 'stations', stationUuids } : { kind: 'all' };
}

function toRule(row: Row, stationUuids: readonly string[]): AlarmRule {
  const { uuid, name, language, createdAt } = row;
  return {
    uuid,
    name,
    enabled: row.enabled !== 0,
    scope: toScope(row, stationUuids),
    triggers: JSON.parse(row.triggers),
    recipients: JSON.parse(row.recipients),
    webhooks: JSON.parse(row.webhooks),
    language,
    stepsMs: JSON.parse(row.stepsMs),
    deliberate: row.deliberate !== 0,
    createdAt,
  };
}

/** Only what is given. */
function toRow(rule: Partial<Omit<AlarmRule, 'uuid' | 'createdAt'>>): Partial<Tables['alarmRule']> {
  const { name, enabled, scope, triggers, recipients, webhooks, language, stepsMs, deliberate } = rule;
  return {
    ...(name !== undefined && { name, nameKey: foldKey(name) }),
    ...(enabled !== undefined && { enabled: Number(enabled) }),
    ...(scope !== undefined && scopeColumns(scope)),
    ...(triggers !== undefined && { triggers: JSON.stringify(triggers) }),
    ...(recipients !== undefined && { recipients: JSON.stringify(recipients) }),
    ...(webhooks !== undefined && { webhooks: JSON.stringify(webhooks) }),
    ...(language !== undefined && { language }),
    ...(stepsMs !== undefined && { stepsMs: JSON.stringify(stepsMs) }),
    ...(deliberate !== undefined && { deliberate: Number(deliberate) }),
  };
}

export function createAlarmRuleRepository(executor: Executor): AlarmRuleRepository {
  async function putStations(ruleUuid: string, scope: RuleScope): Promise<void> {
    await executor.run(build.deleteFrom('alarmRuleStation').where('ruleUuid', '=', ruleUuid).compile());
    if (scope.kind !== 'stations') return;
    for (const stationUuid of new Set(scope.stationUuids)) {
      await executor.run(build.insertInto('alarmRuleStation').values({ ruleUuid, stationUuid }).compile());
    }
  }

  async function rules(nameKey?: string): Promise<AlarmRule[]> {
    let query = build.selectFrom('alarmRule').select(columns).orderBy('nameKey');
    if (nameKey !== undefined) query = query.where('nameKey', '=', nameKey);
    const rows = await executor.all(query.compile());
    const stations = new Map<string, string[]>();
    if (rows.some(({ scope }) => scope === 'stations')) {
      const all = build.selectFrom('alarmRuleStation').selectAll().orderBy('stationUuid');
      for (const { ruleUuid, stationUuid } of await executor.all(all.compile())) {
        const others = stations.get(ruleUuid);
        if (others) others.push(stationUuid);
        else stations.set(ruleUuid, [stationUuid]);
      }
    }
    return rows.map((row) => toRule(row, stations.get(row.uuid) ?? []));
  }

  return {
    async insert({ uuid, createdAt, ...rule }) {
      const row = { uuid, createdAt, ...toRow(rule) } as Tables['alarmRule'];
      await executor.run(build.insertInto('alarmRule').values(row).compile());
      await putStations(uuid, rule.scope);
    },

    async update(uuid, change) {
      const row = toRow(change);
      if (!isEmpty(row))
        await executor.run(build.updateTable('alarmRule').set(row).where('uuid', '=', uuid).compile());
      if (change.scope !== undefined) await putStations(uuid, change.scope);
    },

    async delete(uuid) {
      await putStations(uuid, { kind: 'all' });
      await executor.run(build.deleteFrom('alarmRule').where('uuid', '=', uuid).compile());
    },

    async findByName(name) {
      const [rule] = await rules(foldKey(name));
      return rule;
    },

    list: () => rules(),

    async listEnabled() {
      return (await executor.all(enabledRules({}))).map((row) => toRule(row, []));
    },

    async listUuidsByStation(stationUuid) {
      return (await executor.all(rulesOfStation({ stationUuid }))).map(({ ruleUuid }) => ruleUuid);
    },

    async forgetStation(stationUuid) {
      const query = build.deleteFrom('alarmRuleStation').where('stationUuid', '=', stationUuid);
      await executor.run(query.compile());
    },
  };
}
