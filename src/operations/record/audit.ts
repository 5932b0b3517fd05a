import { type Static, Type } from '@sinclair/typebox';
import { type ErrorCode, errorCatalogue } from '../../domain/errors.js';
import type { RecordedAuditEntry } from '../../domain/people/audit.js';
import { describeChange } from '../../domain/people/audit-words.js';
import { roles } from '../../domain/people/people.js';
import { admins } from '../access.js';
import { fieldsOf, listOf, listQuery } from '../list.js';
import { unary } from '../operation.js';
import { pagedList } from '../paged-list.js';
import { given, instant, nullable, oneOf, toIso } from '../shared.js';

const errorCodes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]];

const fields = nullable(Type.Record(Type.String(), Type.Unknown()));

/** Names and order are a contract: CSV columns follow them. See domain/people/audit.ts for what they mean. */
const auditView = Type.Object({
  time: instant,
  actor: Type.String(),
  role: oneOf(...roles),
  way: oneOf('socket', 'store', 'api'),
  address: nullable(Type.String()),
  keyId: nullable(Type.String()),
  operation: Type.String(),
  kind: nullable(Type.String()),
  target: nullable(Type.String()),
  /** What differs, or what was asked for, on one line. */
  change: Type.String(),
  before: fields,
  after: fields,
  input: fields,
  outcome: oneOf('ok', ...errorCodes),
});
export type AuditView = Static<typeof auditView>;

const text = Type.Optional(Type.String({ minLength: 1, maxLength: 320 }));

export const auditOperations = {
  'audit.list': unary({
    summary: 'List who changed what, the newest last',
    access: admins,
    effect: 'read',
    input: Type.Object({
      actor: text,
      /** The operation, or its noun. */
      operation: text,
      kind: text,
      target: text,
      /** `failed` is every outcome but ok. */
      outcome: Type.Optional(oneOf('ok', 'failed', ...errorCodes)),
      /** At or after; milliseconds since the epoch. */
      from: Type.Optional(Type.Integer()),
      /** Before. */
      to: Type.Optional(Type.Integer()),
      ...listQuery,
    }),
    output: listOf(auditView),
    async run({ store, signal }, { sort, filter: narrowed, limit, offset, ...wanted }) {
      const filter = given(wanted);
      const source = {
        page: (size: number, after: RecordedAuditEntry | undefined) =>
          store.read((r) => r.audit.list(filter, { limit: size, before: after?.sequence })),
        count: () => store.read((r) => r.audit.count(filter)),
        view: toView,
        fields: fieldsOf(auditView),
      };
      const list = await pagedList(given({ sort, filter: narrowed, limit, offset }), source, signal);
      // Cut at the old end, shown like a log.
      return sort === undefined ? { ...list, items: list.items.reverse() } : list;
    },
  }),
};

function toView({ sequence: _, at, before, after, input, ...entry }: RecordedAuditEntry): AuditView {
  const { actor, role, way, address, keyId, operation, kind, target, outcome } = entry;
  const parsed = { before: parse(before), after: parse(after), input: parse(input) };
  const change = describeChange({ target, ...parsed });
  const who = { actor, role, way, address, keyId };
  return { time: toIso(at), ...who, operation, kind, target, change, ...parsed, outcome };
}

function parse(json: string | null): Record<string, unknown> | null {
  return json === null ? null : JSON.parse(json);
}
