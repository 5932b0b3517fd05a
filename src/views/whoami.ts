import type { Output } from '../operations/fleet.js';
import { instant } from './format.js';
import type { RecordView } from './record.js';

/** Who one is, and where: null on the machine of the fleet itself. */
export type WhoamiView = Output<'auth.whoami'> & { readonly server: string | null };

export const whoamiRecord: RecordView<WhoamiView> = {
  fields: {
    name: { title: 'Name' },
    role: { title: 'Role' },
    sites: { title: 'Sites', show: (value) => (value === null ? 'all' : value.join(', ') || 'none') },
    readOnly: { title: 'Read only' },
    server: { title: 'Server', show: (value) => value ?? 'this machine' },
    way: { title: 'Way' },
    keyId: { title: 'Key' },
    expires: { title: 'Expires', show: (value, _who, terminal) => instant(value, terminal) },
  },
};
