import { Flags } from '@oclif/core';
import { roles } from '../../domain/people/people.js';
import { emptyToNull } from '../values.js';

export const roleFlag = Flags.option({
  options: roles,
  summary:
    'admin: everything; site-admin: all of some sites; support: no people; driver: own tags and sessions.',
});

/** What is known of a person; `create` and `update` have the same. */
export const personFlags = {
  'first-name': Flags.string({ summary: 'First name; an empty text removes it.' }),
  'last-name': Flags.string({ summary: 'Last name; an empty text removes it.' }),
  'email-at-alarm': Flags.boolean({
    allowNo: true,
    summary: 'Whether the person gets the daily mail while alarms are active.',
  }),
};

export const emailArg = { required: true, description: 'E-mail address' } as const;

export interface PersonFlagValues {
  readonly 'first-name'?: string | undefined;
  readonly 'last-name'?: string | undefined;
  readonly 'email-at-alarm'?: boolean | undefined;
}

export function personInput(flags: PersonFlagValues) {
  return {
    firstName: emptyToNull(flags['first-name']),
    lastName: emptyToNull(flags['last-name']),
    emailAtAlarm: flags['email-at-alarm'],
  };
}
