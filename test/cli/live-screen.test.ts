import { expect, it } from 'vitest';
import { LiveScreen } from '../../src/cli/live-screen.js';

const leave = '\u001b[?25h\u001b[?1049l';

function screen() {
  const written: string[] = [];
  const stream = { rows: 24, write: (text: string) => written.push(text) };
  return { written, live: new LiveScreen(stream as unknown as NodeJS.WriteStream) };
}

it('gives the terminal back once', () => {
  const listeners = process.listenerCount('exit');
  const { written, live } = screen();
  live.restore();
  expect(written.filter((text) => text === leave)).toHaveLength(1);
  expect(process.listenerCount('exit')).toBe(listeners);
});

it('gives the terminal back when the process is ended on the spot', () => {
  const before = process.listeners('exit');
  const { written, live } = screen();
  const [added] = process.listeners('exit').filter((listener) => !before.includes(listener));
  added?.call(process, 130);
  expect(written.at(-1)).toBe(leave);
  live.restore();
});
