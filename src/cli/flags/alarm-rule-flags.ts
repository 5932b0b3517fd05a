import { Flags } from '@oclif/core';
import { triggers } from '../../domain/alarm/alarm-rule.js';
import { languages } from '../../domain/alarm/notification.js';
import { durationForms, parseDuration } from '../../domain/duration.js';
import { FleetError } from '../../domain/errors.js';
import { quoteForShell } from '../../domain/shell.js';
import { withOwnEnv } from './flags.js';

/** Durations with commas between them, parsed to milliseconds. */
const stepsFlag = Flags.custom<number[]>({
  helpValue: '15m,1h,24h',
  parse: async (input, _context, { name }) =>
    input.split(',').map((part) => {
      const value = parseDuration(part);
      if (value !== undefined) return value;
      throw new FleetError(
        'USAGE',
        `--${name} takes durations such as ${durationForms}, with commas between them; ${JSON.stringify(part.trim())} is none.`,
      );
    }),
});

const many = { multiple: true, multipleNonGreedy: true } as const;

/** What a rule is; `create` and `update` have the same. With variables of their own: lists have flags of these names. */
export const ruleFlags = {
  ...withOwnEnv('alarm-rule', {
    station: Flags.string({
      ...many,
      helpGroup: 'STATIONS',
      summary: 'For this station; repeat it for more.',
    }),
    group: Flags.string({ helpGroup: 'STATIONS', summary: 'For the stations of this group.' }),
    site: Flags.string({ helpGroup: 'STATIONS', summary: 'For the stations of this site.' }),
    trigger: Flags.option({
      ...many,
      options: triggers,
      summary: 'What it tells of; repeat it for more.',
    })(),
    to: Flags.string({
      ...many,
      helpValue: '"a@x.com;b@x.com"',
      summary: 'E-mail addresses with semicolons between them; repeat it for more.',
    }),
    webhook: Flags.string({
      ...many,
      helpValue: '<url>',
      summary: 'URL that gets signed JSON; repeat it for more.',
    }),
    language: Flags.option({ options: languages, summary: 'Language of the mails.' })(),
    steps: stepsFlag({ summary: 'After how long out of contact somebody is told of a lost station.' }),
    deliberate: Flags.boolean({
      allowNo: true,
      summary: 'Tell of stations that ended their connection themselves, too.',
    }),
  }),
  all: Flags.boolean({
    helpGroup: 'STATIONS',
    default: false,
    // A variable for lists must not tell of a whole fleet.
    env: '',
    summary: 'For all stations, also those to come.',
  }),
};

/** What `ruleFlags` parse to. */
export interface RuleFlagValues {
  readonly station?: string[] | undefined;
  readonly group?: string | undefined;
  readonly site?: string | undefined;
  readonly all: boolean;
  readonly trigger?: (typeof triggers)[number][] | undefined;
  readonly to?: readonly string[] | undefined;
  readonly webhook?: readonly string[] | undefined;
  readonly language?: (typeof languages)[number] | undefined;
  readonly steps?: number[] | undefined;
  readonly deliberate?: boolean | undefined;
}

export function ruleInput(flags: RuleFlagValues) {
  const { station, group, site, all, trigger, to, webhook, language, steps, deliberate } = flags;
  return {
    stationIds: station,
    group,
    site,
    all: all || undefined,
    triggers: trigger && [...new Set(trigger)],
    recipients: to?.flatMap(addressesIn),
    // An empty text is how to say that there is none any more.
    webhooks: webhook?.filter((url) => url !== ''),
    language,
    stepsMs: steps,
    deliberate,
  };
}

/** Portals, and people who copy from them, end lists with a semicolon too. */
function addressesIn(text: string): string[] {
  if (text.includes(',')) {
    throw new FleetError('USAGE', '--to takes addresses with semicolons between them, not commas.', {
      suggestions: [`--to ${quoteForShell(text.replaceAll(/\s*,\s*/g, ';'))}`],
    });
  }
  return text
    .split(';')
    .map((address) => address.trim())
    .filter((address) => address !== '');
}
