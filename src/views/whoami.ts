import type { Output } from '../operations/fleet.js';
import { instant } from './format.js';
import type { RecordView } from './record.js';

/** Who one is, and where: null on the machine of the fleet itself. */
export type WhoamiView = Output<'auth.whoami'> & { readonly server: string | null };

export const whoamiRecord: RecordView<WhoamiView> = {
  fields: {
    name: { title: 'NAME' },
    role: { title: 'ROLE' },
    sites: { title: 'SITES', show: (value) => (value === null ? 'all' : value.join(', ') || 'none') },
    readOnly: { title: 'READ-ONLY' },
    server: { title: 'SERVER', show: (value) => value ?? 'this machine' },
    way: { title: 'WAY' },
    keyId: { title: 'KEY' },
    expires: { title: 'EXPIRES', show: (value, _who, terminal) => instant(value, terminal) },
  },
};
