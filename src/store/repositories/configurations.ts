import { foldKey } from '../../domain/fold-key.js';
import {
  type ConfigurationTemplate,
  nameOfMatch,
  type TemplateMatch,
} from '../../domain/station/configuration.js';
import type { ConfigurationRepository } from '../../domain/station/configuration-repository.js';
import { build, type Executor, first, prepared } from '../queries.js';
import type { Tables } from '../schema.js';

/** Templates of a fleet; it has a few dozen at most. */
const templatesMax = 1000;

const byStation = prepared<{ stationUuid: string }, Tables['stationConfiguration']>(({ stationUuid }) =>
  build.selectFrom('stationConfiguration').selectAll().where('stationUuid', '=', stationUuid),
);

export function createConfigurationRepository(executor: Executor): ConfigurationRepository {
  return {
    async find(stationUuid) {
      const row = await first(executor, byStation({ stationUuid }));
      if (!row) return undefined;
      const { reported, desired, answers, ...rest } = row;
      return {
        ...rest,
        reported: JSON.parse(reported),
        desired: JSON.parse(desired),
        answers: JSON.parse(answers),
      };
    },

    async put({ stationUuid, reported, readAt, desired, answers, attempts, dueAt }) {
      const values = {
        reported: JSON.stringify(reported),
        readAt,
        desired: JSON.stringify(desired),
        answers: JSON.stringify(answers),
        attempts,
        dueAt,
      };
      await executor.run(
        build
          .insertInto('stationConfiguration')
          .values({ stationUuid, ...values })
          .onConflict((conflict) => conflict.column('stationUuid').doUpdateSet(values))
          .compile(),
      );
    },

    listDue: (now, limit) =>
      executor.all(
        build
          .selectFrom('stationConfiguration')
          .innerJoin('station', 'station.uuid', 'stationConfiguration.stationUuid')
          .select(['stationConfiguration.stationUuid as stationUuid', 'station.id as stationId'])
          .where('stationConfiguration.dueAt', '<=', now)
          .orderBy('stationConfiguration.dueAt')
          .orderBy('stationConfiguration.stationUuid')
          .limit(limit)
          .compile(),
      ),

    async deleteByStation(stationUuid) {
      await executor.run(
        build.deleteFrom('stationConfiguration').where('stationUuid', '=', stationUuid).compile(),
      );
    },

    async listTemplates() {
      const rows = await executor.all(
        build
          .selectFrom('configurationTemplate')
          .select(['match', 'configuration'])
          .orderBy('nameKey')
          .limit(templatesMax)
          .compile(),
      );
      return rows.map(
        ({ match, configuration }): ConfigurationTemplate => ({
          match: JSON.parse(match),
          configuration: JSON.parse(configuration),
        }),
      );
    },

    async putTemplate({ match, configuration }, updatedAt) {
      const values = {
        match: JSON.stringify(match),
        configuration: JSON.stringify(configuration),
        updatedAt,
      };
      await executor.run(
        build
          .insertInto('configurationTemplate')
          .values({ nameKey: keyOf(match), ...values })
          .onConflict((conflict) => conflict.column('nameKey').doUpdateSet(values))
          .compile(),
      );
    },

    async removeTemplate(match) {
      await executor.run(
        build.deleteFrom('configurationTemplate').where('nameKey', '=', keyOf(match)).compile(),
      );
    },
  };
}

function keyOf(match: TemplateMatch): string {
  return foldKey(nameOfMatch(match));
}
