import { expect, test } from 'vitest';
import { inAscii } from '../../src/views/ascii.js';
import { textWidth } from '../../src/views/text-width.js';
import { wrap } from '../../src/views/wrap.js';

test('breaks between words and indents what follows', () => {
  expect(wrap('The station did not answer in time.', 20)).toBe('The station did not\nanswer in time.');
  expect(wrap('The station did not answer in time.', 30, { begun: 7, indent: 7 })).toBe(
    'The station did not\n       answer in time.',
  );
});

test('keeps words that are longer than a line, so that they can be copied', () => {
  const address = `wss://csms.example.org/ocpp/${'x'.repeat(40)}`;
  expect(wrap(`Stations connect to ${address} now`, 30)).toBe(`Stations connect to\n${address}\nnow`);
});

test('keeps line breaks, and leaves out an indent for which there is no room', () => {
  expect(wrap('one\n\ntwo', 20)).toBe('one\n\ntwo');
  expect(wrap('one two three four', 24, { begun: 10, indent: 10 })).toBe('one two three\nfour');
});

test('counts cells, not characters, and no colours', () => {
  const text = '東京 \u001b[31m駅前\u001b[39m 充电 桩桩 東京 駅前';
  for (const line of wrap(text, 20).split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(20);
  expect(wrap(text, 29)).not.toContain('\n');
});

test('signs become ASCII cell by cell, names stay', () => {
  const line = '├─ ● 東京 ▶ charging ██░░ …';
  expect(inAscii(line)).toBe('|- * 東京 > charging ##-- ~');
  expect(textWidth(inAscii(line))).toBe(textWidth(line));
});

test('keeps a command at the end whole where a line has room for it', () => {
  const hint = 'There are no stations here. Create one: evfleet station create CP001 --site Solna';
  expect(wrap(hint, 60)).toBe(
    'There are no stations here. Create one:\nevfleet station create CP001 --site Solna',
  );
  expect(wrap(hint, 30)).toBe(
    'There are no stations here.\nCreate one: evfleet station\ncreate CP001 --site Solna',
  );
  expect(wrap('Type: evfleet doctor', 60)).toBe('Type: evfleet doctor');
});
