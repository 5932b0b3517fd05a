import { expect, it } from 'vitest';
import { TestServer } from '../helpers/test-server.js';
import { Breaker } from '../store/support/intercepted-files.js';

it('what the disk does not take is not answered: the station is cut off and says it again, the server ends', async () => {
  const breaker = new Breaker();
  const server = await TestServer.start({ storeFiles: breaker.files });
  const station = await server.connected('CP1');
  breaker.breakOn(({ operation, name }) => operation === 'write' && name.endsWith('.segment'), 'ENOSPC');
  const start = { connectorId: 1, idTag: 'TAG1', meterStart: 1000, timestamp: '2026-05-04T10:00:00Z' };
  let isAnswered = false;
  void station.ask('StartTransaction', start).then(() => {
    isAnswered = true;
  });
  expect((await station.closed).code).toBe(1006);
  expect(isAnswered).toBe(false);
  const failure = await server.running.failed;
  expect(failure).toMatchObject({ code: 'STORE_FAILED', message: expect.stringContaining('ENOSPC') });
  expect(server.log.find(/The journal could not be written/)[0]).toMatchObject({ level: 'error' });
  // What it could not say it was connected, or that it ends now, is not kept either.
  await server.stop().catch(() => undefined);

  breaker.mend();
  await server.resume();
  const again = await server.connect('CP1');
  const { transactionId } = await again.call('StartTransaction', start);
  expect(await server.sessions()).toMatchObject([{ transactionId, meterStartKwh: 1 }]);
});
