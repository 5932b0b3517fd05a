import type { AuditEntry } from '../../../src/domain/people/audit.js';
import { openOperations, type TestOperations } from '../../helpers/test-operations.js';

/** An entry with its texts read. */
interface Entry extends Omit<AuditEntry, 'before' | 'after' | 'input'> {
  readonly before: unknown;
  readonly after: unknown;
  readonly input: unknown;
}

export interface AuditedOperations extends TestOperations {
  /** Oldest first. */
  entries(): Promise<Entry[]>;
  /** What was recorded while it was done. */
  during(work: () => Promise<unknown>): Promise<Entry[]>;
}

export async function openAudited(
  options?: Parameters<typeof openOperations>[0],
): Promise<AuditedOperations> {
  const opened = await openOperations(options);
  const entries = async () => {
    const found = await opened.write((r) => r.audit.list({}, { limit: 100_000 }));
    return found.reverse().map(({ sequence: _, before, after, input, ...entry }) => ({
      ...entry,
      before: parse(before),
      after: parse(after),
      input: parse(input),
    }));
  };
  return {
    ...opened,
    entries,
    async during(work) {
      const { length } = await entries();
      await work();
      return (await entries()).slice(length);
    },
  };
}

function parse(json: string | null): unknown {
  return json === null ? null : JSON.parse(json);
}
