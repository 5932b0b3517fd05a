import { expect, it } from 'vitest';
import type { Repositories } from '../../src/domain/repositories.js';
import { migrations } from '../../src/store/migrations/migrate.js';
import { tableNames } from '../../src/store/schema.js';
import { describeContent } from '../../src/store/store-info.js';
import { alarmQuestions } from './support/alarm-questions.js';
import { chargingQuestions } from './support/charging-questions.js';
import { postgresServer, storeEngines } from './support/engines.js';
import { fill } from './support/odd-fleet.js';
import { huge, odd } from './support/odd-values.js';
import { peopleQuestions } from './support/people-questions.js';
import { placeQuestions } from './support/place-questions.js';
import type { Question, QuestionsTo } from './support/question.js';
import { recordQuestions } from './support/record-questions.js';
import { stationQuestions } from './support/station-questions.js';

/*
 * Whatever the repositories are asked, the store and PostgreSQL answer the same. What the answers should be, the tests
 * in repositories/ say, for both as well.
 */
const server = postgresServer();
const engines = storeEngines(server);

const questions: QuestionsTo<keyof Repositories> = {
  ...placeQuestions,
  ...peopleQuestions,
  ...chargingQuestions,
  ...recordQuestions,
  ...stationQuestions,
  ...alarmQuestions,
};

/** What can be seen of the whole fleet. */
async function everything(r: Repositories): Promise<unknown> {
  const sessions = await r.sessions.list({});
  const samples: unknown[] = [];
  for (const { transactionId } of sessions) samples.push(await r.samples.listBySession(transactionId));
  return {
    sites: await r.sites.list(),
    floors: await r.floors.list(),
    stations: await r.stations.list(),
    connectors: await r.connectors.list({}, { withStation: true }),
    groups: await r.groups.list(),
    tags: [await r.tags.list(), await r.tags.listUnknown()],
    sessions: [sessions, await r.sessions.count({})],
    samples,
    unknownStations: await r.unknownStations.list(),
    breaches: await r.breaches.listByStation('station-CP1'),
    connections: await r.connections.list({}, { limit: 100 }),
    faults: await r.faults.list({}, { limit: 100 }),
    events: await r.events.list({}, { limit: 100 }),
    settings: await r.settings.list(),
    configurations: [
      await r.configurations.find('station-CP1'),
      await r.configurations.find(odd),
      await r.configurations.listTemplates(),
    ],
    firmware: [
      await r.firmwareImages.list(),
      await r.firmwareRollouts.list({ limit: 100 }),
      await r.firmwareRollouts.listTargets({}, { limit: 100 }),
    ],
    localLists: await Promise.all(['station-CP1', 'station-cp1', odd].map((uuid) => r.localLists.find(uuid))),
    certificates: await r.certificates.list({}, { limit: 100 }),
    signingRequests: await r.signingRequests.listDue(huge, 100),
    reservations: await r.reservations.list({}, { limit: 100 }),
    chargingProfiles: await r.chargingProfiles.list({ openAt: 0 }, { limit: 100 }),
  };
}

it('makes the same tables on PostgreSQL', async () => {
  const { version, rows } = await describeContent(server().executor);
  expect(version).toBe(migrations.at(-1)?.version);
  expect(Object.keys(rows)).toEqual(tableNames);
  expect(rows).toMatchObject({ migration: migrations.length, counter: 1, session: 0 });
});

it.each(Object.entries(questions))('%s answer the same on both', async (_, methods) => {
  const [onSqlite, onPostgres] = await Promise.all(
    engines.map(({ within }) =>
      within(async (r) => {
        await fill(r);
        const answers: [string, unknown][] = [];
        for (const [method, asked] of Object.entries<readonly Question[]>(methods)) {
          for (const ask of asked) answers.push([method, await ask(r)]);
        }
        return { answers, left: await everything(r) };
      }),
    ),
  );
  expect(onPostgres).toEqual(onSqlite);
});
