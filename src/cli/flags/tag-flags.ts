import { Flags } from '@oclif/core';
import { byteOrders, tagOfNumber, uidOfPairs } from '../../domain/charging/tag-number.js';
import { instantFlag, integer } from './flags.js';

/** For commands whose tag may be given as the number that is printed on a card. */
export const decimalFlags = {
  decimal: Flags.boolean({
    default: false,
    summary: 'The tag is the decimal number printed on the card; it becomes hexadecimal, as readers send it.',
  }),
  'byte-order': Flags.option({
    options: byteOrders,
    default: 'msb' as const,
    summary: 'Which byte of that number the reader sends first: the most or the least significant.',
  })(),
};

interface DecimalFlagValues {
  readonly decimal: boolean;
  readonly 'byte-order': (typeof byteOrders)[number];
}

/** The tag that is meant. @throws FleetError USAGE when it should be a number and is none */
export function meantTag(typed: string, { decimal, 'byte-order': order }: DecimalFlagValues): string {
  return decimal ? tagOfNumber(typed, order) : typed;
}

/** For what makes tags. */
export const asWrittenFlag = {
  'as-written': Flags.boolean({
    default: false,
    exclusive: ['decimal'],
    summary: 'Keep what separates the pairs of a UID (04:A2:B3:C5), for readers that send it, too.',
  }),
};

/** The tag that a new one is to be, or a parent: a UID in pairs becomes what readers send, unless it is to stay. */
export function plainTag(typed: string, flags: { readonly 'as-written': boolean }): string {
  return flags['as-written'] ? typed : (uidOfPairs(typed) ?? typed);
}

/** What can be said of a tag, when it is made as later. */
export const tagFlags = {
  label: Flags.string({ summary: 'What is written on it, or whose it is.' }),
  user: Flags.string({ helpValue: '<email>', summary: 'E-mail address of the user whose it is.' }),
  expires: instantFlag({
    summary: 'Accepted until then, for example 2027-01-01 or 90d.',
    towards: 'future',
  }),
  parent: Flags.string({ summary: "Parent tag: tags of one parent may stop each other's sessions." }),
  'max-active': integer({
    min: 1,
    max: 1000,
    summary: 'Sessions that may run with it at a time.',
  }),
  site: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    summary:
      'A site whose stations accept it; repeat it for more. Without any site or group, all stations do.',
  }),
  group: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'A group whose stations accept it; repeat it for more.',
  }),
};
