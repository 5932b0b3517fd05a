import { describe, expect, it } from 'vitest';
import { RpcError } from '../../../src/ocpp/rpc-error.js';
import {
  type ActionName16,
  type ActionSentBy,
  actions16,
  isActionName16,
} from '../../../src/ocpp/v16/actions.js';
import { requireAction } from '../../../src/ocpp/v16/validate.js';

const names = Object.keys(actions16).filter(isActionName16);

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof RpcError) return error.code;
  }
  return 'nothing refused';
}

describe('actions16', () => {
  it('has the 28 messages of OCPP 1.6 and the 11 of the security extension', () => {
    const security = names.filter((name) => actions16[name].profile === 'Security');
    expect(names).toHaveLength(39);
    expect(security).toHaveLength(11);
  });

  it('knows who begins what', () => {
    const byStation = names.filter((name) => actions16[name].sender === 'station');
    expect(byStation.sort()).toEqual([
      'Authorize',
      'BootNotification',
      'DiagnosticsStatusNotification',
      'FirmwareStatusNotification',
      'Heartbeat',
      'LogStatusNotification',
      'MeterValues',
      'SecurityEventNotification',
      'SignCertificate',
      'SignedFirmwareStatusNotification',
      'StartTransaction',
      'StatusNotification',
      'StopTransaction',
    ]);
    expect(names.filter((name) => actions16[name].sender === 'both')).toEqual(['DataTransfer']);
  });

  it('knows no action that only objects have', () => {
    expect(isActionName16('constructor')).toBe(false);
    expect(isActionName16('__proto__')).toBe(false);
  });
});

describe('requireAction', () => {
  it('gives what the side may begin', () => {
    const fromStation: ActionSentBy<'station'> = requireAction('Heartbeat', 'station');
    const fromCentral: ActionSentBy<'central'> = requireAction('Reset', 'central');
    const fromBoth: (ActionSentBy<'station'> & ActionSentBy<'central'>)[] = [
      requireAction('DataTransfer', 'station'),
    ]
      .filter((name) => name === 'DataTransfer')
      .map((name) => name);
    expect([fromStation, fromCentral, ...fromBoth]).toEqual(['Heartbeat', 'Reset', 'DataTransfer']);
    expect(requireAction('DataTransfer', 'central')).toBe('DataTransfer');
  });

  it.each(['heartbeat', 'Heartbeat.req', 'NotifyReport', '', 'toString'])(
    'answers NotImplemented to %j',
    (name) => {
      expect(refusal(() => requireAction(name, 'station'))).toBe('NotImplemented');
    },
  );

  it.each<ActionName16>(['Reset', 'GetConfiguration', 'SignedUpdateFirmware'])(
    'answers NotSupported to a station that sends %s',
    (name) => {
      expect(refusal(() => requireAction(name, 'station'))).toBe('NotSupported');
    },
  );

  it('answers NotSupported to a central system that sends BootNotification', () => {
    expect(refusal(() => requireAction('BootNotification', 'central'))).toBe('NotSupported');
  });
});
