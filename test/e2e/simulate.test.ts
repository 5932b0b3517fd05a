import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evfleet, type ServeProcess, serve } from '../helpers/program.js';

describe('evfleet simulate', () => {
  const directory = mkdtempSync(join(tmpdir(), 'evfleet-simulate-'));
  const dataDir = join(directory, 'data');
  let server: ServeProcess;

  beforeAll(async () => {
    server = await serve({ dataDir });
  });

  afterAll(async () => {
    await server.kill('SIGTERM');
    rmSync(directory, { recursive: true, force: true });
  });

  it('charges virtual cars at twenty stations and sums it up', async () => {
    const argv = [
      '--url',
      server.url,
      '--stations',
      '20',
      '--sessions',
      '1',
      '--speed',
      '5000',
      '--create',
      '--json',
    ];
    const { code, stdout, stderr } = await evfleet(['simulate', ...argv], { dataDir });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      stations: 20,
      sessionsStarted: 20,
      sessionsEnded: 20,
      sessionsRefused: 0,
      errors: {},
      unreachable: [],
    });

    const sessions = JSON.parse((await evfleet(['session', 'list', '--json'], { dataDir })).stdout);
    expect(sessions).toHaveLength(20);
    for (const session of sessions) {
      expect(session).toMatchObject({ state: 'ended', authentication: 'rfid', userEmail: null });
      expect(session.energyKwh).toBeGreaterThan(0.1);
    }
  });

  it('says what to do when the stations are not in the topology', async () => {
    const argv = [
      'simulate',
      '--url',
      server.url,
      '--stations',
      '2',
      '--id-prefix',
      'NOBODY-',
      '--duration',
      '1s',
    ];
    const { code, stderr } = await evfleet(argv, { dataDir });
    expect(code).toBe(7);
    expect(stderr).toMatch(
      /^Error: No station could be put into service: .*not in the topology \(HTTP 404\)\.\nTry: --create,/m,
    );
    const unknown = JSON.parse(
      (await evfleet(['station', 'list', '--state', 'unknown', '--json'], { dataDir })).stdout,
    );
    expect(unknown.map(({ id }: { id: string }) => id).sort()).toEqual(['NOBODY-001', 'NOBODY-002']);
  });
});
