import { expect, it } from 'vitest';
import { LimitedLog } from '../../src/csms/limited-log.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';

it('who makes up ids fills no log, and takes no lines from others', () => {
  const log = new RecordingLog();
  const limited = new LimitedLog(log);
  for (let i = 0; i < 60_000; i += 1) {
    limited.warn('refused: no key', {
      station: `made up ${i}`,
      address: `2001:db8::${(i % 9).toString(16)}`,
    });
  }
  expect(log.find(/refused/)).toHaveLength(200);
  limited.warn('refused: no key', { station: 'CP1', address: '192.0.2.1' });
  limited.info('connected', { station: 'CP2' });
  expect(log.find(/refused/)).toHaveLength(201);
  expect(log.find(/connected/)).toHaveLength(1);
  limited.endMinute();
  expect(log.find(/59,800 more in the last minute/)).toMatchObject([{ address: '2001:db8::0' }]);
});

it('one station gets ten lines of a kind in a minute, from wherever', () => {
  const log = new RecordingLog();
  const limited = new LimitedLog(log);
  for (let i = 0; i < 30; i += 1)
    limited.warn('refused: no key', { station: 'CP1', address: `192.0.2.${i}` });
  expect(log.find(/refused/)).toHaveLength(10);
});

it('a long list of subprotocols is cut off where it is told', async () => {
  const server = await TestServer.start();
  const protocols = Array.from({ length: 300 }, (_, i) => `made-up-${i}`);
  expect((await ScriptedStation.refusal(server.url, 'CP1', { protocols })).status).toBe(400);
  const [line] = server.log.find(/no common subprotocol/);
  expect(line).toMatchObject({ address: '127.0.0.1' });
  expect(String(line?.message).length).toBeLessThan(200);
});
