import { expect, it } from 'vitest';
import { explained } from './support/explained.js';

/** Steps that go through all there is of something that grows with history. */
function throughHistory(plans: readonly string[]): string[] {
  const index = ['sessionOpen', 'sessionOpenByTag'];
  return plans.filter(
    (step) =>
      /^SCAN (session|meterSample|other)\b/.test(step) &&
      !index.some((name) => step.endsWith(`INDEX ${name}`)),
  );
}

it('what the status shows of sessions is found without going through those of other days, or their samples', async () => {
  const { r, plans } = await explained();
  plans();
  const since = { startedFrom: 0, endedFrom: 1 };
  await r.sessions.listEndedSince(since, 10);
  expect(plans()).toEqual(['SEARCH session USING INDEX sessionByStart (startedAt>?)']);
  await r.samples.listLatestOfOpen();
  const latest = plans();
  expect(throughHistory(latest)).toEqual([]);
  expect(latest).toContain(
    'SEARCH meterSample USING INDEX meterSampleBySession (transactionId=? AND takenAt>?)',
  );
  await r.samples.listRegistersAt([1, 2, 3], since);
  const registers = plans();
  expect(throughHistory(registers)).toEqual([]);
  expect(registers).toContain('SEARCH session USING INDEX sessionByStart (startedAt>?)');
  expect(registers).toContain(
    'SEARCH meterSample USING INDEX meterSampleBySession (transactionId=? AND takenAt<?)',
  );
});
