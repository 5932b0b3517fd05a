import { afterEach, expect, test, vi } from 'vitest';
import { report, sayOnStderr } from '../../src/cli/report.js';
import { FleetError } from '../../src/domain/errors.js';

const { isTTY, columns } = process.stderr;

function onTerminal(width: number): () => string {
  Object.assign(process.stderr, { isTTY: true, columns: width });
  vi.stubEnv('NO_COLOR', '1');
  vi.stubEnv('LC_ALL', 'C.UTF-8');
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  return () => write.mock.calls.map(([text]) => String(text)).join('');
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  Object.assign(process.stderr, { isTTY, columns });
  process.exitCode = 0;
});

const command = 'evfleet station create CP001 --name "The station behind the old barn" --site Solna';
const error = new FleetError('NOT_FOUND', 'There is no station "CP001" at the site "Solna", nor elsewhere.', {
  suggestions: [command, 'A station that knocked is listed by station list, too.'],
});

test('errors break between words, what can be typed stays on one line', () => {
  const said = onTerminal(40);
  report(error, { json: false });
  expect(said()).toBe(
    [
      'Error: There is no station "CP001" at',
      '       the site "Solna", nor elsewhere.',
      `Try: ${command}`,
      'A station that knocked is listed by',
      'station list, too.',
      '',
    ].join('\n'),
  );
});

test('a pipe gets every error on one line', () => {
  const said = onTerminal(40);
  process.stderr.isTTY = false;
  report(error, { json: false });
  expect(said().split('\n')[0]).toBe(`Error: ${error.message}`);
});

test('notes break between words; a locale without Unicode gets ASCII', () => {
  const said = onTerminal(30);
  vi.stubEnv('LC_ALL', 'C');
  sayOnStderr('Created station CP001… and all its connectors.');
  expect(said()).toBe('Created station CP001~ and all\nits connectors.\n');
});
