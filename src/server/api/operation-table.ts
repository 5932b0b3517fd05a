import type { Operation } from '../../operations/operation.js';
import { operations } from '../../operations/registry.js';
import { queryParameters } from './query-input.js';

/** An operation as the API serves it. */
export interface ServedOperation {
  readonly name: string;
  readonly path: string;
  readonly operation: Operation;
  /** What `GET` takes; undefined: it is served to `POST` only. */
  readonly query: ReturnType<typeof queryParameters>;
  /** Whether the answer is a page of `items`, of `total` in all, that `limit` and `offset` choose. */
  readonly isPaged: boolean;
}

export const apiRoot = '/api/v1';

const served = new Map(
  Object.entries(operations).map(([name, entry]): [string, ServedOperation] => {
    const operation = entry as unknown as Operation;
    const path = `${apiRoot}/${name.replaceAll('.', '/')}`;
    const query = operation.effect === 'read' ? queryParameters(operation.input) : undefined;
    const isPaged = operation.kind === 'unary' && query?.has('limit') === true && query.has('offset');
    return [path, { name, path, operation, query, isPaged }];
  }),
);

/** By the path as it was sent: what is encoded, doubled or ends with a slash is another path. */
export function operationAt(path: string): ServedOperation | undefined {
  return served.get(path);
}

/** In the order of the registry. */
export const servedOperations: readonly ServedOperation[] = [...served.values()];
