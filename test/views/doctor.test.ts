import { Ansis } from 'ansis';
import { expect, it } from 'vitest';
import { renderChecks } from '../../src/views/doctor.js';
import { textWidth } from '../../src/views/text-width.js';

const results = [
  {
    check: 'open-files',
    status: 'warning',
    message: 'The server may have 20,000 files open, which is too few for --max-connections 20000.',
    advice: 'Start the server with LimitNOFILE=20512 (systemd) or after ulimit -n 20512.',
  },
  { check: 'clock', status: 'ok', message: 'The clock says what it is.', advice: null },
] as const;

function render(isTTY: boolean, columns: number): string {
  const terminal = { isTTY, columns, isUnicode: true, paint: new Ansis(0), utc: true, now: () => 0 };
  return renderChecks(results, terminal);
}

it('breaks lines between words, below where they begin', () => {
  expect(render(true, 60)).toBe(`\
! open-files  The server may have 20,000 files open, which
              is too few for --max-connections 20000.
              → Start the server with LimitNOFILE=20512
                (systemd) or after ulimit -n 20512.
✔ clock       The clock says what it is.

2 checks: 0 problems, 1 warning.
`);
});

it('leaves lines whole for a program', () => {
  const lines = render(false, 60).split('\n');
  expect(textWidth(lines[0] ?? '')).toBeGreaterThan(90);
  expect(lines).toHaveLength(6);
});
