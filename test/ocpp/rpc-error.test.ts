import { describe, expect, it } from 'vitest';
import {
  isRpcErrorCode,
  RpcError,
  readErrorCode,
  rpcErrorCodes,
  wireErrorCode,
} from '../../src/ocpp/rpc-error.js';

describe('error codes', () => {
  it.each(rpcErrorCodes)('%s survives the way to a 2.x peer and back', (code) => {
    expect(readErrorCode(wireErrorCode(code, '2.x'))).toBe(code);
  });

  it('reach a 1.6 peer only in words that 1.6 has', () => {
    const sent = new Set(rpcErrorCodes.map((code) => wireErrorCode(code, '1.6')));
    expect([...sent].sort()).toEqual([
      'FormationViolation',
      'GenericError',
      'InternalError',
      'NotImplemented',
      'NotSupported',
      'OccurenceConstraintViolation',
      'PropertyConstraintViolation',
      'ProtocolError',
      'SecurityError',
      'TypeConstraintViolation',
    ]);
  });

  it('of a vendor are kept when received and never sent on', () => {
    expect(readErrorCode('OutOfCoffee')).toBe('OutOfCoffee');
    expect(isRpcErrorCode('OutOfCoffee')).toBe(false);
    expect(wireErrorCode('OutOfCoffee', '2.x')).toBe('GenericError');
  });
});

describe('RpcError', () => {
  it('reads well with and without a description', () => {
    expect(new RpcError('NotSupported').message).toBe('NotSupported');
    expect(new RpcError('NotSupported', 'no reservations').message).toBe('NotSupported: no reservations');
    expect(new RpcError('NotSupported').details).toEqual({});
  });
});
