import { expect, it } from 'vitest';
import { createTextLog } from '../../src/server/log.js';

function logged(): { lines: string[]; log: ReturnType<typeof createTextLog> } {
  const lines: string[] = [];
  const log = createTextLog((line) => lines.push(line), {
    now: () => '10:00:00',
    dim: (text) => text,
    bold: (text) => text.toUpperCase(),
    level: (level, text) => `${level}:${text}`,
  });
  return { lines, log };
}

it('puts time, station and message first, then what else is known', () => {
  const { lines, log } = logged();
  log.info('connected', {
    station: 'cp1',
    protocol: 'ocpp1.6',
    empty: '',
    none: null,
    missing: undefined,
    zero: 0,
  });
  log.warn('odd');
  log.error('bad', { station: null });
  expect(lines).toEqual([
    '10:00:00  CP1  info:connected  protocol=ocpp1.6  zero=0',
    '10:00:00  warn:odd',
    '10:00:00  error:bad',
  ]);
});

it('lets no station move the cursor, forge a line or fill the screen', () => {
  const { lines, log } = logged();
  log.info('booted: \u001b[2J\nfake line', { vendor: 'a\r\u0007\u009b', tag: 'x'.repeat(10_000) });
  const [line = ''] = lines;
  expect(line).toContain('booted: \\x1b[2J\\x0afake line  vendor=a\\x0d\\x07\\x9b');
  expect(line).not.toMatch(/\p{Cc}/u);
  expect(line.length).toBeLessThan(700);
});
