import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { createPki } from '../../src/pki/pki.js';
import { systemClock } from '../../src/server/system.js';
import { seededRandom } from '../../src/simulator/random.js';
import { VirtualStation } from '../../src/simulator/station.js';
import type { VirtualStationOptions } from '../../src/simulator/station-options.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { TestServer } from '../helpers/test-server.js';
import { dayMs, presentClock } from '../pki/fixture.js';

/** A server that speaks ws and wss, with a certificate of the fleet's own authority. */
export async function secureFleet(options: { minSecurityProfile?: number } = {}) {
  const clock = presentClock();
  const dataDir = await temporaryDirectory();
  const pki = createPki({ dataDir, clock, newSecret: randomBytes });
  const term = { organization: 'Acme', keyType: 'ecdsa' as const };
  const ca = await pki.create({ ...term, commonName: 'Acme CA', validityMs: 3650 * dayMs });
  const { certFile, keyFile } = await pki.issueServer({
    ...term,
    hosts: ['127.0.0.1', 'localhost'],
    validityMs: 365 * dayMs,
    replace: false,
  });
  const tls = [{ cert: certFile, key: keyFile }];
  const server = await TestServer.start({
    ...options,
    ...{ dataDir, clock, tls, tlsPort: 0, pingIntervalMs: 400 * dayMs },
  });
  return { server, pki, ca: ca.pem, tlsUrl: server.running.tlsUrl ?? '', url: server.url };
}

/** A virtual station that goes by the real clock, and is switched off after the test. */
function virtualStation(options: Partial<VirtualStationOptions> & { url: string }): VirtualStation {
  const station = new VirtualStation({
    identity: 'CP1',
    clock: systemClock,
    random: seededRandom(3),
    backOff: { minimumMs: 20, maximumMs: 50 },
    ...options,
  });
  onTestFinished(() => station.stop({ sessions: 'drop' }));
  return station;
}

/** Switched on, connected and accepted. */
export async function accepted(
  options: Partial<VirtualStationOptions> & { url: string },
): Promise<VirtualStation> {
  const station = virtualStation(options);
  station.start();
  await station.untilAccepted(AbortSignal.timeout(20_000));
  return station;
}

/** Why it was not let in. */
export async function refusal(options: Partial<VirtualStationOptions> & { url: string }): Promise<string> {
  return new Promise((resolve) => {
    const observer = { connectFailed: ({ reason }: { reason: string }) => resolve(reason) };
    virtualStation({ ...options, observer }).start();
  });
}

/** Hangs up and comes back, as after a lost line. */
export async function reconnect(station: VirtualStation): Promise<void> {
  station.goOffline();
  await station.until((one) => !one.isConnected);
  station.goOnline();
  await station.untilAccepted(AbortSignal.timeout(20_000));
}
