import type { RuleTestView, TestMessageView } from '../operations/alarm/alarm-rule-test.js';
import type { AlarmRuleView } from '../operations/alarm/alarm-rule-view.js';
import { cut } from './cut.js';
import { instant, oneLine } from './format.js';
import type { RecordView } from './record.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';
import { textWidth } from './text-width.js';

/** Names and order are a contract (operations/alarm/alarm-rule-view.ts). */
export const alarmRuleList: ListView<AlarmRuleView> = {
  columns: {
    name: { title: 'NAME' },
    uuid: { title: 'UUID' },
    enabled: { title: 'ENABLED' },
    scope: { title: 'FOR', show: (_, rule, { paint }) => scopeWords(rule) ?? paint.yellow('no stations') },
    site: { title: 'SITE' },
    group: { title: 'GROUP' },
    stations: { title: 'STATIONS' },
    triggers: { title: 'TELLS OF' },
    recipients: { title: 'TO' },
    webhooks: { title: 'WEBHOOKS' },
    language: { title: 'LANGUAGE' },
    steps: { title: 'STEPS' },
    deliberate: { title: 'DELIBERATE' },
    problems: { title: 'PROBLEMS' },
    createdAt: { title: 'CREATED', show: (value, _row, terminal) => instant(value, terminal) },
  },
  defaults: ['name', 'enabled', 'scope', 'triggers', 'recipients'],
  whereRoom: ['webhooks', 'steps', 'problems'],
  id: ({ name }) => name,
  empty:
    'There are no alarm rules. Create one: evfleet alarm rule create Lost --all --trigger connection-lost --to ada@example.org',
};

export const alarmRuleRecord: RecordView<AlarmRuleView> = { fields: alarmRuleList.columns };

const namedMost = 3;

/** Undefined when its stations are all gone. */
function scopeWords({ scope, site, group, stations }: AlarmRuleView): string | undefined {
  switch (scope) {
    case 'all':
      return 'all stations';
    case 'site':
      return `site ${site}`;
    case 'group':
      return `group ${group}`;
    case 'stations': {
      const more = stations.length - namedMost;
      const first = stations.slice(0, namedMost).join(', ');
      if (stations.length === 0) return undefined;
      return more > 0 ? `${first} and ${more.toLocaleString('en')} more` : first;
    }
  }
}

/** Why some are not told, once for all rules that have it; for stderr. */
export function problemLines(rules: readonly Pick<AlarmRuleView, 'problems'>[]): string[] {
  return [...new Set(rules.flatMap(({ problems }) => problems))];
}

/** One recipient of a sample, on one line; for a program with tabs between. */
function testLine(message: TestMessageView, width: number, { isTTY, paint, columns }: Terminal): string {
  const { recipient, state, error } = message;
  const to = oneLine(recipient);
  const why = error === null ? '' : oneLine(error);
  if (!isTTY) return `${[to, state, why].join('\t')}\n`;
  const mark = isFailure(message) ? paint.red('✗') : state === 'sent' ? paint.green('✓') : '·';
  const said = why === '' ? state : `${state}: ${why}`;
  const padding = ' '.repeat(Math.max(0, width - textWidth(to)));
  return `${cut(`${mark} ${paint.bold(to)}${padding}  ${isFailure(message) ? paint.red(said) : said}`, columns)}\n`;
}

export function testLines({ messages }: RuleTestView, terminal: Terminal): string {
  const width = Math.max(0, ...messages.map(({ recipient }) => textWidth(oneLine(recipient))));
  return messages.map((message) => testLine(message, width, terminal)).join('');
}

/** Whether somebody has to do something about it. */
export function isFailure({ state }: Pick<TestMessageView, 'state'>): boolean {
  return state !== 'sent' && state !== 'pending';
}

/** What a test came to, for stderr. */
export function testNotes({ name, enabled, sending, messages }: RuleTestView): string[] {
  const count = (wanted: (message: TestMessageView) => boolean) => messages.filter(wanted).length;
  const sent = count(({ state }) => state === 'sent');
  const waiting = count(({ state }) => state === 'pending');
  const failed = count(isFailure);
  const parts = [
    ...(sent > 0 ? [`${sent} sent`] : []),
    ...(waiting > 0 ? [`${waiting} to be sent`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  return [
    `Samples of rule ${name}: ${parts.join(', ')}.`,
    ...(sending || waiting === 0 ? [] : ['No server runs, so they wait until one does: evfleet serve']),
    ...(sending && waiting > 0 ? ['What becomes of them: evfleet alarm outbox list'] : []),
    ...(enabled ? [] : [`The rule is disabled: of real alarms it tells nobody.`]),
  ];
}
