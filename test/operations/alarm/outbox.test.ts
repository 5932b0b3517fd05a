import { expect, it } from 'vitest';
import { openOperations } from '../../helpers/test-operations.js';
import { newOutboxMessage } from '../../store/support/fixtures.js';

it('a page of the outbox begins where it was asked to', async () => {
  const { fleet, write } = await openOperations();
  for (let id = 1; id <= 5; id += 1) await write((r) => r.outbox.insert(newOutboxMessage({})));
  const { items, total } = await fleet.run('outbox.list', { offset: 1, limit: 2 });
  expect([items.map(({ id }) => id), total]).toEqual([[4, 3], 5]);
});
