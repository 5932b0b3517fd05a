import { type Static, Type } from '@sinclair/typebox';
import { admins, machineAdmins } from '../access.js';
import { unary } from '../operation.js';
import { instant, nullable, toIso } from '../shared.js';

const bytes = Type.Integer();
const sequence = Type.Integer();

const storeInfo = Type.Object({
  directory: Type.String(),
  /** Schema version. */
  version: Type.Integer(),
  snapshotBytes: bytes,
  snapshotSequence: sequence,
  sequence,
  segments: Type.Integer(),
  journalBytes: bytes,
  /** Null when there is no snapshot yet. */
  compactedAt: nullable(instant),
  rows: Type.Record(Type.String(), Type.Integer()),
});
export type StoreInfoView = Static<typeof storeInfo>;

const compaction = Type.Object({
  snapshotBytes: bytes,
  sequence,
  segments: Type.Integer(),
  durationMs: Type.Integer(),
});

const backup = Type.Object({ file: Type.String(), bytes, sequence });

const storeCheck = Type.Object({
  ok: Type.Boolean(),
  problems: Type.Array(Type.String()),
  snapshotBytes: bytes,
  snapshotSequence: sequence,
  segments: Type.Array(
    Type.Object({
      file: Type.String(),
      bytes,
      firstSequence: sequence,
      records: Type.Integer(),
      tornBytes: Type.Integer(),
    }),
  ),
  records: Type.Integer(),
});
export type StoreCheckView = Static<typeof storeCheck>;

export const storeOperations = {
  'store.info': unary({
    summary: 'Show what the store holds and how large it is',
    access: admins,
    effect: 'read',
    input: Type.Object({}),
    output: storeInfo,
    async run({ admin }) {
      const { compactedAt, rows, ...info } = await admin.info();
      return { ...info, compactedAt: toIso(compactedAt), rows };
    },
  }),

  'store.compact': unary({
    summary: 'Fold the journal into the snapshot',
    access: admins,
    effect: 'change',
    input: Type.Object({}),
    output: compaction,
    run: ({ admin }) => admin.compact(),
  }),

  'store.backup': unary({
    summary: 'Write a consistent copy of the store',
    access: machineAdmins,
    effect: 'change',
    input: Type.Object({
      /** Absolute path on the machine of the store. */
      file: Type.String({ minLength: 1 }),
      replace: Type.Optional(Type.Boolean()),
    }),
    output: backup,
    run: ({ admin }, { file, replace = false }) => admin.backup(file, { replace }),
  }),

  'store.check': unary({
    summary: 'Verify what lies on the disk',
    access: admins,
    effect: 'read',
    // Without a server, opening the store to ask it would already change it.
    live: true,
    input: Type.Object({}),
    output: storeCheck,
    async run({ admin }) {
      const { problems, segments, ...check } = await admin.check();
      return { ...check, problems: [...problems], segments: [...segments] };
    },
  }),
};
