import { FormatRegistry } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { operations } from '../../src/operations/registry.js';

FormatRegistry.Set('date-time', (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text));

/** Throws when an operation gave something that its own schema does not describe. Gives the output back. */
export function checkOutput<T>(name: keyof typeof operations, output: T): T {
  const error = Value.Errors(operations[name].output, output).First();
  if (error)
    throw new Error(`${name} output ${error.path}: ${error.message}, got ${JSON.stringify(error.value)}`);
  return output;
}
