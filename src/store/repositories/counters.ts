import { build, type Executor, first, prepared } from '../queries.js';

const counterValue = prepared<{ name: string }, { value: number }>(({ name }) =>
  build.selectFrom('counter').select('value').where('name', '=', name),
);

/** In one statement: where transactions run side by side, none counts what another has counted. */
const counterIncrement = prepared<{ name: string }, unknown>(({ name }) =>
  build
    .insertInto('counter')
    .values({ name, value: 1 })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet(({ eb }) => ({ value: eb('counter.value', '+', 1) })),
    ),
);

/** How often a counter was incremented; 0 if never. */
export async function readCounter(executor: Executor, name: string): Promise<number> {
  return (await first(executor, counterValue({ name })))?.value ?? 0;
}

/** By one; a counter that is not there yet begins at 1. */
export async function incrementCounter(executor: Executor, name: string): Promise<void> {
  await executor.run(counterIncrement({ name }));
}

/**
 * The next number of a series, from 1 on. Counted apart from the rows, so that the number of one that was removed is
 * not given again.
 */
export async function nextNumber(executor: Executor, name: string): Promise<number> {
  await incrementCounter(executor, name);
  return readCounter(executor, name);
}
