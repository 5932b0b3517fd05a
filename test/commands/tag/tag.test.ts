import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import TagBlock from '../../../commands/tag/block.js';
import TagCreate from '../../../commands/tag/create.js';
import TagDelete from '../../../commands/tag/delete.js';
import TagExport from '../../../commands/tag/export.js';
import TagImport from '../../../commands/tag/import.js';
import TagList from '../../../commands/tag/list.js';
import TagShow from '../../../commands/tag/show.js';
import TagUnblock from '../../../commands/tag/unblock.js';
import TagUnknown from '../../../commands/tag/unknown.js';
import TagUpdate from '../../../commands/tag/update.js';
import { runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { TestServer } from '../../helpers/test-server.js';

const commands = {
  block: TagBlock,
  create: TagCreate,
  delete: TagDelete,
  export: TagExport,
  import: TagImport,
  list: TagList,
  show: TagShow,
  unblock: TagUnblock,
  unknown: TagUnknown,
  update: TagUpdate,
};

/** Commands against a running server, as in another terminal. */
async function withServer() {
  const server = await TestServer.start({ pingIntervalMs: 3_600_000 });
  const env = { EVFLEET_DATA_DIR: server.dataDir };
  const directory = await temporaryDirectory();
  const run = (verb: keyof typeof commands, ...argv: string[]) =>
    runCommand(commands[verb], argv, { env, id: `tag:${verb}` });
  const file = async (content: string | Buffer, name = 'tags.csv') => {
    await writeFile(join(directory, name), content);
    return join(directory, name);
  };
  return { server, run, file, directory };
}

describe('a tag by the number on its card', () => {
  it('is created, shown, changed, blocked and deleted', async () => {
    const { run } = await withServer();
    const decimal = ['0077771716', '--decimal'];
    expect((await run('create', ...decimal)).stderr).toBe('Created tag 04A2B3C4.\n');
    expect((await run('create', '3300106756', '--decimal', '--byte-order', 'lsb')).stderr).toContain(
      'There is a tag 04A2B3C4 already',
    );
    expect((await run('show', ...decimal, '--json')).json).toMatchObject({ tag: '04A2B3C4' });
    expect((await run('update', ...decimal, '--label', 'x', '--max-active', '1')).exitCode).toBe(0);
    expect((await run('block', ...decimal)).stderr).toBe('Blocked tag 04A2B3C4.\n');
    expect((await run('delete', ...decimal, '--yes')).stderr).toBe('Deleted tag 04A2B3C4.\n');
    expect((await run('create', 'CAFE', '--decimal')).exitCode).toBe(2);
  });

  it('is told to a person who looks at the tag', async () => {
    const { server, run } = await withServer();
    await run('create', '04A2B3C4');
    const env = { EVFLEET_DATA_DIR: server.dataDir, NO_COLOR: '1' };
    const { stdout } = await runCommand(TagShow, ['04A2B3C4'], { env, columns: 120, id: 'tag:show' });
    expect(stdout).toContain('04A2B3C4  decimal 77771716, with --byte-order lsb 3300106756');
    expect((await run('show', '04A2B3C4')).stdout).toContain('tag\t04A2B3C4\n');
  });
});

describe('a UID that is written in pairs', () => {
  it('is taken as readers send it, and said, unless it is to stay', async () => {
    const { run } = await withServer();
    const note =
      'Note: 04:A2:B3:C5 is taken as 04A2B3C5, as readers send it; --as-written keeps it as it is.\n';
    expect((await run('create', '04:A2:B3:C5')).stderr).toBe(`${note}Created tag 04A2B3C5.\n`);
    expect((await run('create', 'A1', '--parent', '04:A2:B3:C5')).stderr).toBe(`${note}Created tag A1.\n`);
    expect((await run('show', '04-a2-b3-c5')).stderr).toContain('Try: evfleet tag show 04A2B3C5\n');
    const kept = await run('create', '04:A2:B3:C5', '--as-written');
    expect(kept.stderr).toBe('Created tag 04:A2:B3:C5.\n');
  });

  it('is so in a file, too', async () => {
    const { run, file } = await withServer();
    const path = await file('tag,parent\n04 A2 B3 C5,\n04 A2 B3 C6,04 A2 B3 C5\nCAFE,\n');
    const { stderr } = await run('import', path);
    expect(stderr).toBe(
      'Created 3 tags.\nNote: 3 UIDs are taken without what separates the pairs, such as 04 A2 B3 C5, as readers send them; --as-written keeps them as they are.\n',
    );
    expect((await run('list', '--csv', '--columns', 'tag,parent')).stdout).toBe(
      'tag,parent\n04A2B3C5,\n04A2B3C6,04A2B3C5\nCAFE,\n',
    );
    expect((await run('import', path, '--as-written', '--if-exists', 'skip')).stderr).toBe(
      'Created 2 tags, 1 skipped.\n',
    );
  });

  it('that a station sent so is adopted so', async () => {
    const { server, run } = await withServer();
    const station = await server.connected('CP1');
    await station.boot();
    await station.call('Authorize', { idTag: '04-A2-B3-C5' });
    expect((await run('unknown')).stderr).toBe(
      'Adopt one with: evfleet tag create 04-A2-B3-C5 --as-written\n',
    );
  });
});

it('says of a blocked tag that it is blocked already', async () => {
  const { run } = await withServer();
  await run('create', 'A1');
  const said = [];
  for (const verb of ['unblock', 'block', 'block', 'unblock'] as const) {
    const { exitCode, stderr } = await run(verb, 'a1');
    said.push(exitCode, stderr.trimEnd());
  }
  const words = [
    'Tag A1 is not blocked.',
    'Blocked tag A1.',
    'Tag A1 is blocked already.',
    'Unblocked tag A1.',
  ];
  expect(said).toEqual(words.flatMap((line) => [0, line]));
});

describe('a parent', () => {
  it('that is no tag is told, for it may be misspelt', async () => {
    const { run } = await withServer();
    const note = 'Note: no tag is called "FAMLY"; its group is made of tags that name the same parent.\n';
    await run('create', 'FAMILY');
    expect((await run('create', 'A1', '--parent', 'FAMLY')).stderr).toBe(`Created tag A1.\n${note}`);
    expect((await run('update', 'A1', '--parent', 'FAMLY')).stderr).toBe(`Updated tag A1.\n${note}`);
    expect((await run('update', 'A1', '--parent', 'family')).stderr).toBe('Updated tag A1.\n');
    expect((await run('update', 'A1', '--parent', '')).stderr).toBe('Updated tag A1.\n');
    expect((await run('create', 'A2', '--if-exists', 'skip')).stderr).toBe('Created tag A2.\n');
  });

  it('is deleted, and said how many name it', async () => {
    const { run } = await withServer();
    await run('create', 'FAMILY');
    await run('create', 'A1', '--parent', 'FAMILY');
    const { stderr } = await run('delete', 'FAMILY', '--yes');
    expect(stderr).toBe(
      "Deleted tag FAMILY.\n1 tag still names it as parent, and may stop each other's sessions as before: evfleet tag list --filter parent=FAMILY\n",
    );
    expect((await run('delete', 'A1', '--yes', '--json')).json).toEqual({
      tag: 'A1',
      deleted: true,
      parentOf: 0,
    });
  });
});

describe('tag unknown', () => {
  it('says how to adopt the newest', async () => {
    const { server, run } = await withServer();
    const station = await server.connected('CP1');
    await station.boot();
    for (const idTag of ['OLD', 'NEW ONE']) {
      await station.call('Authorize', { idTag });
      server.clock.advance(1000);
    }
    const { stdout, stderr } = await run('unknown');
    expect(stdout.split('\n').map((line) => line.split('\t')[0])).toEqual(['tag', 'NEW ONE', 'OLD', '']);
    expect(stderr).toBe("Adopt one with: evfleet tag create 'NEW ONE'\n");
    await run('create', 'NEW ONE');
    expect((await run('unknown', '-q')).stdout).toBe('OLD\n');
  });
});

describe('tag import', () => {
  it('reads what a spreadsheet writes: mark, semicolons, CRLF, quotes', async () => {
    const { run, file } = await withServer();
    const path = await file(
      '\ufeffID-Tag;Label;Status;Expires;Max active\r\n' +
        '04A2B3C4;"Pool; ""car""\r\nno 7";blocked;2027-01-01T00:00Z;2\r\n\r\n05A2B3C4;;;;\r\n;;;;\r\n',
    );
    const dry = await run('import', path, '--dry-run', '--json');
    expect(dry.json).toEqual({ created: 2, updated: 0, skipped: 0, unchanged: 0, dryRun: true });
    expect((await run('list', '--json')).json).toEqual([]);
    expect((await run('import', path)).stderr).toBe('Created 2 tags.\n');
    expect((await run('list', '--json')).json).toMatchObject([
      { tag: '04A2B3C4', label: 'Pool; "car"\r\nno 7', status: 'blocked', maxActive: 2 },
      { tag: '05A2B3C4', label: null, status: 'accepted', expires: null },
    ]);
    expect((await run('import', path, '--if-exists', 'skip')).stderr).toBe(
      'Nothing to change: 2 tags skipped.\n',
    );
    const updated = await run('import', path, '--if-exists', 'update', '--dry-run');
    expect(updated.stderr).toBe('Nothing to change: 2 tags are as the file says.\n');
  });

  it('names all bad lines, and imports nothing', async () => {
    const { run, file } = await withServer();
    await run('create', 'OLD');
    const path = await file(
      `tag,user,status,expires\nok,,,\nold,,,\nA1,x@y,,\nA2,,maybe,31.12.2027\nok,,,\n${'x'.repeat(21)},,,\nA3,,\n`,
    );
    const { stderr, exitCode } = await run('import', path);
    expect(exitCode).toBe(2);
    expect(stderr.split('\n')).toEqual([
      'Error: Nothing was imported: 7 things are wrong.',
      'Line 3: tag: there is a tag OLD already.',
      'Line 4: user: there is no user "x@y".',
      'Line 5: status: it takes accepted or blocked, not "maybe".',
      expect.stringMatching(/^Line 5: expires: it takes an instant such as .*, not "31.12.2027"\.$/),
      'Line 6: tag: it is in line 2 already.',
      `Line 7: tag: the tag "${'x'.repeat(21)}" is 21 characters long, at most 20 are allowed.`,
      'Line 8: it has 3 cells, the first line has 4.',
      'Try: --if-exists skip, to leave those that are there already as they are',
      'Try: --if-exists update, to change them',
      '',
    ]);
    const { json } = await run('import', path, '--json');
    expect(json).toMatchObject({ error: { code: 'USAGE', exitCode: 2 } });
    expect((await run('list', '-q')).stdout).toBe('OLD\n');
  });

  it('says once what is wrong with many lines', async () => {
    const { run, file } = await withServer();
    const path = await file(`tag,user\n${Array.from({ length: 3000 }, (_, i) => `T${i},u@x\n`).join('')}`);
    const { stderr } = await run('import', path);
    const lines = stderr.trimEnd().split('\n');
    expect(lines[0]).toContain('3,000 things are wrong.');
    expect(lines).toEqual([expect.any(String), 'Lines 2–3001: user: there is no user "u@x".']);
  });

  it.each([
    ['nothing', '', 'There is nothing in this file.'],
    ['no column for the tag', 'label\nx\n', 'line 1: there is no column tag.'],
    ['a column that JavaScript knows', 'tag,constructor\nA1,\n', 'line 1: unknown column "constructor".'],
    ['a misspelt column', 'tag,expirs\nA1,\n', 'Did you mean expires?'],
    ['a column twice', 'tag,email,user\nA1,,\n', 'the columns email and user mean the same'],
    ['another encoding', Buffer.from('tag,label\nA1,K\xe4se\n', 'latin1'), '--encoding windows-1252'],
    ['a workbook', Buffer.from('PK\x03\x04\x14\0', 'latin1'), 'not CSV'],
    ['an open quote', 'tag,label\nA1,"x\n', 'is never closed'],
  ])('refuses a file with %s', async (_, content, complaint) => {
    const { run, file } = await withServer();
    const { stderr, exitCode } = await run('import', await file(content));
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(complaint)]);
  });

  it('takes the numbers of cards, in either byte order', async () => {
    const { run, file } = await withServer();
    const path = await file('uid\n0077771716\n');
    await run('import', path, '--decimal');
    await run('import', path, '--decimal', '--byte-order', 'lsb');
    expect((await run('list', '-q')).stdout).toBe('04A2B3C4\nC4B3A204\n');
    expect((await run('import', await file('uid\n04A2B3C4\n'), '--decimal')).stderr).toContain('digits only');
  });
});

describe('tag export', () => {
  it.each([
    ['tag export', ['export']],
    ['tag list --csv', ['list', '--csv']],
  ] as const)('%s writes what tag import reads, formulas and all', async (_, [verb, ...argv]) => {
    const { server, run, file } = await withServer();
    const { fleet } = server;
    await fleet.run('user.create', { email: '=cmd@example.org', role: 'driver' });
    for (const name of ['Solna; west | "x"', '-Kista']) await fleet.run('site.create', { name });
    await fleet.run('group.create', { name: '[Night' });
    const labels = ['=1+1', "'=1+1", '-5', '@x', "'tis", 'two\nlines', ' spaced ', 'Käse;,"', '00123'];
    for (const [i, label] of labels.entries()) await fleet.run('tag.create', { tag: `T${i}`, label });
    await fleet.run('tag.create', {
      tag: '+46701234567',
      user: '=cmd@example.org',
      expiresAt: 1_900_000_000_123,
      parent: '@FAMILY',
      maxActive: 3,
      sites: ['Solna; west | "x"', '-Kista'],
      groups: ['[Night'],
    });
    await fleet.run('tag.block', { tag: 'T1' });
    const before = (await fleet.run('tag.list', {})).items;
    const path = await file((await run(verb, ...argv)).stdout);
    const same = await run('import', path, '--if-exists', 'update', '--json');
    expect(same.json).toMatchObject({ created: 0, updated: 0, unchanged: 10 });
    for (const { tag } of before) await fleet.run('tag.delete', { tag });
    expect((await run('import', path, '--json')).json).toMatchObject({ created: 10 });
    const after = (await fleet.run('tag.list', {})).items;
    const timeless = (tags: typeof before) => tags.map((tag) => ({ ...tag, createdAt: '' }));
    expect(timeless(after)).toEqual(timeless(before));
  });

  it('writes a file, or lines of JSON', async () => {
    const { run, directory } = await withServer();
    await run('create', 'B2');
    await run('create', 'A1', '--label', 'x');
    const output = join(directory, 'out.csv');
    const { json, stderr } = await run('export', '-o', output, '--json');
    expect(json).toEqual({ output, format: 'csv', tags: 2 });
    expect(stderr).toBe(`Exported 2 tags to ${output}.\n`);
    const heading = 'tag,status,label,expires,parent,createdAt,user,maxActive,sites,groups';
    expect((await readFile(output, 'utf8')).split('\n')[0]).toBe(heading);
    const lines = (await run('export', '--format', 'json-lines')).stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).tag)).toEqual(['A1', 'B2']);
    expect((await run('export', '--json')).json).toMatchObject([{ tag: 'A1', label: 'x' }, { tag: 'B2' }]);
    // As everywhere, - is standard output and no file of that name.
    expect((await run('export', '--output', '-')).stdout.split('\n')[0]).toBe(heading);
    await expect(access('-')).rejects.toThrow();
  });
});
