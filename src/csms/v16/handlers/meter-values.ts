import type { Handler16 } from '../handler.js';
import { toMeasurements } from '../meter-values.js';

/** OCPP 1.6 §4.7 */
export const meterValues: Handler16<'MeterValues'> = async (request, context) => {
  const { connectorId: connector, transactionId, meterValue } = request;
  const measurements = toMeasurements(meterValue);
  if (measurements.length > 0) await context.addMeterReport({ connector, transactionId, measurements });
  return {};
};
