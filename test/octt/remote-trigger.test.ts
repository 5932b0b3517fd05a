import { expect, it } from 'vitest';
import type { Request16 } from '../../src/ocpp/v16/actions.js';
import { Certification } from './certification.js';

/** OCPP 1.6 certification, profile Remote Trigger. */

type Triggered = Request16<'TriggerMessage'>['requestedMessage'];

it('TC_054_CSMS: each message that can be triggered is asked for, comes, and is answered', async () => {
  const bench = await Certification.begin();
  bench.answers('TriggerMessage', { status: 'Accepted' });
  const meterValue = [{ timestamp: bench.now, sampledValue: [{ value: '1000' }] }];
  const come: Record<Triggered, () => Promise<unknown>> = {
    MeterValues: () => bench.tell('MeterValues', { connectorId: 1, meterValue }),
    Heartbeat: () => bench.tell('Heartbeat', {}),
    StatusNotification: () => bench.status('Available'),
    DiagnosticsStatusNotification: () => bench.tell('DiagnosticsStatusNotification', { status: 'Idle' }),
    FirmwareStatusNotification: () => bench.tell('FirmwareStatusNotification', { status: 'Idle' }),
    BootNotification: () => bench.boot(),
  };
  const asked: Request16<'TriggerMessage'>[] = [];
  for (const [message, comes] of Object.entries(come)) {
    const requestedMessage = message as Triggered;
    const ofConnector = ['MeterValues', 'StatusNotification'].includes(message) ? { connectorId: 1 } : {};
    asked.push({ requestedMessage, ...ofConnector });
    expect(await bench.call('TriggerMessage', { requestedMessage, ...ofConnector })).toEqual({
      status: 'Accepted',
    });
    expect(await bench.asked('TriggerMessage', asked.length)).toEqual(asked.at(-1));
    await comes();
  }
  expect(asked).toHaveLength(6);
});

it('TC_055_CSMS: the station does not want to be triggered', async () => {
  const bench = await Certification.begin();
  bench.answers('TriggerMessage', { status: 'Rejected' });
  await bench.refused('TriggerMessage', { requestedMessage: 'MeterValues', connectorId: 1 }, 'Rejected');
});
