import { Flags } from '@oclif/core';
import type { Input } from '../../operations/fleet.js';

/** Which tags: for lists and exports. */
export const tagFilterFlags = {
  user: Flags.string({ helpValue: '<email>', summary: 'Only tags of this user.' }),
  site: Flags.string({
    summary: 'Only tags accepted at this site in particular, or of users who are for it.',
  }),
  status: Flags.option({
    options: ['accepted', 'blocked', 'expired'] as const,
    summary: 'Only tags with this status.',
  })(),
};

interface TagFilterValues {
  readonly user?: string | undefined;
  readonly site?: string | undefined;
  readonly status?: 'accepted' | 'blocked' | 'expired' | undefined;
}

export function tagFilter({ user, site, status }: TagFilterValues): Input<'tag.export'> {
  return { user, site, status };
}
