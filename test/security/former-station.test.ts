import fs from 'node:fs/promises';
import { expect, it } from 'vitest';
import { accepted, refusal, secureFleet } from './secure-fleet.js';

it('what a station had that was deleted opens nothing to the next one of its id, nor does that of a sister', async () => {
  const { server, tlsUrl: url, ca } = await secureFleet();
  const { fleet } = server;
  const provisioned = async (id: string, name: string) => {
    const files = { certFile: `${server.dataDir}/${name}.pem`, keyFile: `${server.dataDir}/${name}.key` };
    await fleet.run('certificate.issue-station', { stationId: id, ...files });
    const [cert, key] = await Promise.all(
      [files.certFile, files.keyFile].map((file) => fs.readFile(file, 'utf8')),
    );
    return { cert: cert ?? '', key: key ?? '' };
  };
  await fleet.run('station.create', { id: 'CP1', securityProfile: 3 });
  const former = await provisioned('CP1', 'former');
  const station = await accepted({ url, ca, certificate: former });
  station.goOffline();
  await fleet.run('station.delete', { id: 'CP1' });
  await fleet.run('station.create', { id: 'CP1', securityProfile: 3 });
  expect(await refusal({ url, ca, certificate: former })).toBe('HTTP 401');
  await fleet.run('station.create', { id: 'CP2' });
  expect(await refusal({ url, ca, certificate: await provisioned('CP2', 'sister') })).toBe('HTTP 401');
  await accepted({ url, ca, certificate: await provisioned('CP1', 'next') });
  expect(server.log.find(/its certificate was revoked/)).not.toEqual([]);
  expect(server.log.find(/its certificate is for/)).not.toEqual([]);
});
