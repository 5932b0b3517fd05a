import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { CommandShape } from '../../../src/cli/complete/command-tree.js';
import { listViews } from '../../../src/cli/complete/list-columns.js';
import { valueSourceKey, valueSources } from '../../../src/cli/complete/value-sources.js';

const manifest = JSON.parse(readFileSync(new URL('../../../oclif.manifest.json', import.meta.url), 'utf8'));
const commands: CommandShape[] = Object.values(manifest.commands);

/** Arguments and flags with any value, as `command name`. */
const open = commands.flatMap(({ id, args, flags }) => [
  ...Object.values(args)
    .filter(({ options }) => options === undefined)
    .map(({ name }) => ({ id, name })),
  ...Object.values(flags)
    .filter(({ type, options }) => type === 'option' && options === undefined)
    .map(({ name }) => ({ id, name })),
]);

it('says of every argument and flag where its values come from', () => {
  const unknown = open.filter(({ id, name }) => valueSourceKey(id, name) === undefined);
  expect(unknown).toEqual([]);
});

it('says nothing of what is not there', () => {
  const used = new Set(open.map(({ id, name }) => valueSourceKey(id, name)));
  expect(Object.keys(valueSources).filter((key) => !used.has(key))).toEqual([]);
});

it('knows the columns of every list', async () => {
  const lists = commands.filter(({ flags }) => flags.columns !== undefined).map(({ id }) => id);
  expect(Object.keys(listViews).sort()).toEqual(lists.sort());
  for (const view of Object.values(listViews)) expect(Object.keys((await view()).columns)).not.toEqual([]);
});
