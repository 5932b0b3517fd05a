import { addMeterSamples } from '../../rules/add-meter-samples.js';
import type { Handler16 } from '../handler.js';
import { toMeasurements } from '../meter-values.js';

/** OCPP 1.6 §4.7 */
export const meterValues: Handler16<'MeterValues'> = async (request, { transact }) => {
  const { connectorId: connector, transactionId, meterValue } = request;
  const measurements = toMeasurements(meterValue);
  if (measurements.length > 0) {
    await transact((rules) => addMeterSamples(rules, { connector, transactionId, measurements }));
  }
  return {};
};
