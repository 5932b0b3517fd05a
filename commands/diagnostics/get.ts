import { access } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { saveFile } from '../../src/cli/files/export.js';
import { withEnv } from '../../src/cli/flags/flags.js';
import { type Advance, withProgress } from '../../src/cli/progress.js';
import { wholeNumber } from '../../src/cli/whole-number.js';
import { FleetError } from '../../src/domain/errors.js';
import type { Fleet } from '../../src/operations/fleet.js';
import { fileNameFor } from '../../src/views/diagnostics.js';
import { inBytes } from '../../src/views/format.js';

export default class DiagnosticsGet extends FleetCommand<typeof DiagnosticsGet> {
  static override summary = 'Save a file that a station uploaded';
  static override description =
    'Unless --output says otherwise it is saved in this directory, named by the station, the request and what the station called it, and nothing is overwritten.';
  static override examples = [
    '<%= config.bin %> diagnostics get 7',
    '<%= config.bin %> diagnostics get 7 --output cp001.zip',
    '<%= config.bin %> diagnostics get 7 --output - | tar tz',
  ];
  static override args = {
    id: Args.string({ required: true, description: 'Number of the request, as diagnostics list shows it' }),
  };
  static override flags = withEnv({
    output: Flags.string({
      char: 'o',
      helpValue: '<file|->',
      summary: 'Where to; - is standard output.',
    }),
  });

  async run() {
    const id = wholeNumber('The number of a request', this.args.id);
    const { output } = this.flags;
    if (output === '-' && this.jsonEnabled()) {
      throw new FleetError(
        'USAGE',
        'With --json, standard output is for the answer: name a file with --output.',
      );
    }
    const fleet = await this.fleet();
    const request = await fleet.run('diagnostics.show', { id });
    if (output === '-') {
      const source = Readable.from(bytesOf(fleet, id), { objectMode: false });
      await pipeline(source, process.stdout, { signal: this.signal, end: false });
      return undefined;
    }
    const file = output ?? fileNameFor(request);
    if (output === undefined) await refuseToOverwrite(file);
    const { sizeBytes, stationId } = request;
    const work = {
      what: 'bytes',
      total: sizeBytes ?? undefined,
      done: 'read',
      interrupted: `${file} was not written.`,
    };
    await withProgress(this, work, (advance) => {
      const source = Readable.from(counted(bytesOf(fleet, id), advance), { objectMode: false });
      return saveFile(file, source, this.signal);
    });
    this.say(`Saved ${inBytes(sizeBytes ?? 0)} of ${stationId} as ${file}.`);
    return { id, stationId, file, sizeBytes };
  }
}

async function* bytesOf(fleet: Fleet, id: number): AsyncGenerator<Buffer> {
  for await (const { data } of fleet.stream('diagnostics.get', { id })) yield Buffer.from(data, 'base64');
}

async function* counted(chunks: AsyncIterable<Buffer>, advance: Advance): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    advance(bytes);
    yield chunk;
  }
}

async function refuseToOverwrite(file: string): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  throw new FleetError('EXISTS', `${file} is there already.`, {
    suggestions: [`--output ${file}, to replace it`],
  });
}
