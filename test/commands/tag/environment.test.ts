import { expect, it } from 'vitest';
import TagCreate from '../../../commands/tag/create.js';
import TagUpdate from '../../../commands/tag/update.js';
import { runCommand } from '../../helpers/run-command.js';
import { TestServer } from '../../helpers/test-server.js';

it('what stands in the environment for lists is said of no tag', async () => {
  const server = await TestServer.start();
  await server.fleet.run('site.create', { name: 'Solna' });
  const env = { EVFLEET_DATA_DIR: server.dataDir, EVFLEET_SITE: 'Solna', EVFLEET_USER: 'bo@example.org' };
  expect((await runCommand(TagCreate, ['A1'], { env })).exitCode).toBe(0);
  expect((await runCommand(TagUpdate, ['A1', '--label', 'x'], { env })).exitCode).toBe(0);
  const none = { sites: [], user: null };
  expect(await server.fleet.run('tag.show', { tag: 'A1' })).toMatchObject(none);
  const own = { ...env, EVFLEET_TAG_SITE: 'Solna' };
  await runCommand(TagUpdate, ['A1', '--label', 'y'], { env: own });
  expect(await server.fleet.run('tag.show', { tag: 'A1' })).toMatchObject({ sites: ['Solna'] });
});
