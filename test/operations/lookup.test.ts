import { expect, it } from 'vitest';
import { openOperations } from '../helpers/test-operations.js';

it('a station that is looked up by its name leads to its id', async () => {
  const { fleet } = await openOperations();
  await fleet.run('station.create', { id: 'WALL BOX', name: 'Auffahrt' });
  await expect(fleet.run('station.show', { id: 'auffahrt' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'There is no station "auffahrt"; WALL BOX has that name.',
    suggestions: ["evfleet station show 'WALL BOX'", 'evfleet station list'],
  });
});
