import { once } from 'node:events';
import http from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/domain/repositories.js';
import { ConnectionCounts } from '../../src/server/metrics/connection-counts.js';
import { EventLoopLag } from '../../src/server/metrics/event-loop-lag.js';
import { FleetCounts } from '../../src/server/metrics/fleet-counts.js';
import { FrameCounts } from '../../src/server/metrics/frame-counts.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

const sampleLine =
  /^[a-z_][a-z0-9_]*(\{[a-z_]+="[^"\\\n]*"(,[a-z_]+="[^"\\\n]*")*\})? (-?\d+(\.\d+)?(e[+-]\d+)?|\+Inf)$/;

async function scrape(server: TestServer): Promise<string> {
  const [response] = (await once(
    http.get({ socketPath: server.running.controlSocket, path: '/metrics' }),
    'response',
  )) as [http.IncomingMessage];
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}

function readValue(text: string, series: string): number | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

const frames = 'evfleet_messages_total';

describe('GET /metrics', () => {
  it('has help, a type and a number for every series', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await station.boot();
    const text = await scrape(server);
    let family = '';
    let type: string | undefined;
    const families = new Set<string>();
    for (const line of text.split('\n').filter((candidate) => candidate !== '')) {
      const help = /^# HELP (\S+) \S.*$/.exec(line);
      if (help) {
        family = help[1] ?? '';
        type = undefined;
        expect(families.has(family)).toBe(false);
        families.add(family);
      } else if (line.startsWith('#')) {
        type = new RegExp(`^# TYPE ${family} (counter|gauge|histogram)$`).exec(line)?.[1];
        expect(type, line).toBeDefined();
      } else {
        expect(line).toMatch(sampleLine);
        const suffix = type === 'histogram' ? '_(bucket|sum|count)' : '';
        expect(line).toMatch(new RegExp(`^${family}${suffix}[{ ]`));
        if (type === 'counter') expect(family).toMatch(/_total$/);
      }
    }
    expect(families.size).toBeGreaterThan(20);
  });

  it('follows what a station does', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await server.add('CP2');
    await station.boot();
    const before = await scrape(server);
    expect(readValue(before, 'evfleet_connections')).toBe(1);
    expect(readValue(before, 'evfleet_stations{registration="accepted",online="true"}')).toBe(1);
    expect(readValue(before, 'evfleet_stations{registration="accepted",online="false"}')).toBe(1);
    expect(readValue(before, 'evfleet_sessions{state="active"}')).toBe(0);

    const timestamp = new Date(server.clock.now()).toISOString();
    const start = { connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp };
    await station.call('StartTransaction', start);
    await station.ask('MeterValues', { connectorId: 'one' });
    server.clock.advance(5000);
    const after = await scrape(server);
    const messages = (labels: string) => readValue(after, `${frames}{${labels}}`);
    expect(messages('direction="in",action="StartTransaction",result="call"')).toBe(1);
    expect(messages('direction="out",action="StartTransaction",result="result"')).toBe(1);
    expect(messages('direction="in",action="MeterValues",result="call"')).toBe(1);
    expect(messages('direction="out",action="MeterValues",result="TypeConstraintViolation"')).toBe(1);
    const answered = 'answered_by="server",action="StartTransaction"';
    expect(readValue(after, `evfleet_answer_duration_seconds_count{${answered}}`)).toBe(1);
    expect(readValue(after, `evfleet_answer_duration_seconds_bucket{${answered},le="+Inf"}`)).toBe(1);
    expect(readValue(after, 'evfleet_sessions{state="active"}')).toBe(1);
    for (const counter of ['evfleet_journal_syncs_total', 'evfleet_journal_records_total']) {
      expect(readValue(after, counter)).toBeGreaterThan(readValue(before, counter) ?? Number.NaN);
    }
    expect(readValue(after, 'evfleet_journal_written_bytes_total')).toBeGreaterThan(0);
    expect(readValue(after, 'evfleet_store_transactions_total{kind="write"}')).toBeGreaterThan(0);
  });

  it('tells how long a station took, and what it refused', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await station.boot();
    station.on('RemoteStartTransaction', () => {
      server.clock.advance(700);
      return { error: 'Made-Up-By-Vendor' };
    });
    await expect(
      server.fleet.run('remote.start', { stationId: 'CP1', tag: 'TAG1', timeoutMs: 5000 }),
    ).rejects.toThrow();
    const text = await scrape(server);
    expect(readValue(text, `${frames}{direction="out",action="RemoteStartTransaction",result="call"}`)).toBe(
      1,
    );
    expect(readValue(text, `${frames}{direction="in",action="RemoteStartTransaction",result="other"}`)).toBe(
      1,
    );
    const bucket = (le: string) =>
      readValue(
        text,
        `evfleet_answer_duration_seconds_bucket{answered_by="station",action="RemoteStartTransaction",le="${le}"}`,
      );
    expect([bucket('0.5'), bucket('1'), bucket('+Inf')]).toEqual([0, 1, 1]);
  });

  it('counts connections by how they ended', async () => {
    const server = await TestServer.start();
    await (await server.connected('CP1')).leave(1000);
    const second = await server.connect('CP1');
    second.cut();
    await until(async () => readValue(await scrape(server), 'evfleet_connections') === 0);
    const text = await scrape(server);
    expect(readValue(text, 'evfleet_connections_opened_total')).toBe(2);
    expect(readValue(text, 'evfleet_connections_closed_total{code="1000",initiator="station"}')).toBe(1);
    expect(readValue(text, 'evfleet_connections_closed_total{code="1006",initiator="lost"}')).toBe(1);
  });

  it('does not grow when stations make up actions', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await station.boot();
    await station.ask('Nonsense', {});
    const count = async () => (await scrape(server)).split('\n').length;
    const before = await count();
    for (const name of ['Nonsense"} 1\n', '\\', '__proto__', 'constructor', 'ä'.repeat(40), 'boot', '']) {
      await station.ask(name, {});
    }
    const text = await scrape(server);
    // A malformed call is a result of its own.
    expect(text.split('\n').length - before).toBeLessThanOrEqual(2);
    const unknown = `${frames}{direction="in",action="other",result="call"}`;
    expect(readValue(text, unknown)).toBeGreaterThanOrEqual(6);
  });
});

function standStill(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('what is counted', () => {
  it('keeps error codes of stations apart only when OCPP has them, in either spelling', () => {
    const counts = new FrameCounts();
    const error = (code: string) =>
      counts.frame('CP1', 'in', 'error', 'RemoteStartTransaction', '1', `[4,"1","${code}","",{}]`, 3);
    for (const code of ['NotSupported', 'FormatViolation', 'FormationViolation', 'Mine', '__proto__']) {
      error(code);
    }
    counts.frame(
      'CP1',
      'in',
      'error',
      'RemoteStartTransaction',
      '1',
      `[4,"${'\\"'.repeat(1000)}"`,
      undefined,
    );
    expect([...counts.counts()].map(({ result, count }) => [result, count])).toEqual([
      ['NotSupported', 1],
      ['FormationViolation', 2],
      ['other', 3],
    ]);
  });

  it('puts latencies into the right bucket, and none below zero', () => {
    const counts = new FrameCounts();
    for (const ms of [-5, 1, 2, 30_000, 30_001]) {
      counts.frame('CP1', 'out', 'result', 'Heartbeat', '1', '', ms);
    }
    const [latency] = counts.latencies();
    expect(latency).toMatchObject({ answeredBy: 'server', action: 'Heartbeat', sumS: 60.004 });
    expect(latency?.counts.map((count, index) => [index, count]).filter(([, count]) => count)).toEqual([
      [0, 2],
      [1, 1],
      [13, 1],
      [14, 1],
    ]);
  });

  it('has no label for every close code a station can think of', () => {
    const counts = new ConnectionCounts();
    for (let code = 3000; code < 5000; code += 1) counts.closed({ code, initiator: 'station' });
    expect([...counts.closes()]).toEqual([{ code: 'other', initiator: 'station', count: 2000 }]);
  });

  it('sees that the event loop stood still, once', async () => {
    const lag = new EventLoopLag();
    lag.start();
    const tick = () => new Promise((resolve) => setTimeout(resolve, 25));
    await tick();
    lag.take();
    standStill(80);
    await tick();
    expect(lag.take().maxS).toBeGreaterThan(0.06);
    // Also when it is asked for before the loop goes round again.
    standStill(80);
    expect(lag.take().maxS).toBeGreaterThan(0.06);
    lag.close();
    expect(lag.take().maxS).toBe(0);
  });

  it('asks the store once, however many scrape, and does without when it fails', async () => {
    const clock = new FakeClock();
    const log = new RecordingLog();
    let asked = 0;
    const store: Pick<Store, 'read'> = {
      read: () => {
        asked += 1;
        return Promise.reject(new Error('the disk is gone'));
      },
    };
    const fleet = new FleetCounts({ store, clock, log });
    expect(await Promise.all([fleet.read(), fleet.read()])).toEqual([undefined, undefined]);
    clock.advance(4999);
    await fleet.read();
    expect(asked).toBe(1);
    clock.advance(1);
    await fleet.read();
    expect(asked).toBe(2);
  });
});
