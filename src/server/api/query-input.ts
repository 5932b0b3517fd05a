import type { TSchema } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import { nearest } from '../../domain/nearest.js';

type Kind = 'text' | 'number' | 'boolean';

interface Parameter {
  readonly kind: Kind;
  readonly isList: boolean;
}

/** What can be given in a query: undefined when the input has parts that are more than words, numbers, and lists of them. */
export function queryParameters(input: TSchema): ReadonlyMap<string, Parameter> | undefined {
  const properties: Record<string, TSchema> = input.properties ?? {};
  const parameters = new Map<string, Parameter>();
  for (const [name, schema] of Object.entries(properties)) {
    const isList = schema.type === 'array';
    const kind = kindOf(isList ? schema.items : schema);
    if (kind === undefined) return undefined;
    parameters.set(name, { kind, isList });
  }
  return input.type === 'object' ? parameters : undefined;
}

function kindOf(schema: TSchema): Kind | undefined {
  const alternatives: readonly TSchema[] | undefined = schema.anyOf;
  if (alternatives) {
    const kinds = new Set(alternatives.filter(({ type }) => type !== 'null').map(kindOf));
    const [kind] = kinds;
    return kinds.size === 1 ? kind : undefined;
  }
  if (schema.type === 'string') return 'text';
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  return schema.type === 'boolean' ? 'boolean' : undefined;
}

/**
 * The input that a query stands for; whether it is a right one, the operation says.
 * @throws FleetError USAGE naming the parameter that is unknown, there twice, or of another kind
 */
export function readQuery(
  query: string,
  parameters: ReadonlyMap<string, Parameter>,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  const given = new URLSearchParams(query);
  for (const name of new Set(given.keys())) {
    const parameter = parameters.get(name);
    if (!parameter) throw unknownParameter(name, [...parameters.keys()]);
    const values = given.getAll(name).map((text) => parsedValue(name, text, parameter.kind));
    if (parameter.isList) input[name] = values;
    else if (values.length === 1) input[name] = values[0];
    else throw new FleetError('USAGE', `${name} is given ${values.length} times.`);
  }
  return input;
}

const decimal = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

function parsedValue(name: string, text: string, kind: Kind): string | number | boolean {
  switch (kind) {
    case 'text':
      return text;
    case 'number':
      if (decimal.test(text)) return Number(text);
      throw new FleetError('USAGE', `${name}: ${JSON.stringify(text)} is no number.`);
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      throw new FleetError('USAGE', `${name} is true or false.`);
  }
}

function unknownParameter(name: string, known: readonly string[]): FleetError {
  const near = nearest(name, known);
  const all = known.length === 0 ? 'It takes none.' : `It takes: ${known.join(', ')}.`;
  return new FleetError('USAGE', `There is no parameter ${JSON.stringify(name)}.`, {
    suggestions: [near === undefined ? all : `Did you mean ${near}?`],
  });
}
