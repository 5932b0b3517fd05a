import { build } from '../queries.js';
import type { Migration } from './migration.js';

/** How many sessions there are, kept as a number: the repository counts on from it. */
export const sessionCounter: Migration = {
  version: 3,
  name: 'session counter',
  statements: () => [
    build
      .insertInto('counter')
      .columns(['name', 'value'])
      .expression(({ selectFrom, val }) =>
        selectFrom('session').select(({ fn }) => [
          val('sessions').as('name'),
          fn.countAll<number>().as('value'),
        ]),
      )
      .compile(),
  ],
};
