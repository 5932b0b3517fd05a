import { FleetError, isErrorCode } from '../../domain/errors.js';

/** The items of lines up to the one that tells of a failure, if there is one. */
export function readItems(lines: readonly string[]): { items: unknown[]; failure?: FleetError } {
  const items: unknown[] = [];
  for (const line of lines) {
    const item = parse(line);
    const failure = isObject(item) ? item.$error : undefined;
    if (failure !== undefined) return { items, failure: toError(failure) };
    items.push(item);
  }
  return { items };
}

/** Whole lines, as many at a time as arrive together. */
export async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<string[]> {
  let rest = '';
  for await (const text of texts) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield lines.filter((line) => line !== '');
  }
  if (rest !== '') yield [rest];
}

/** @throws FleetError UNEXPECTED when it is not JSON */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FleetError('UNEXPECTED', 'The server answered with something that is not JSON.', {
      cause: error,
    });
  }
}

/** The error that an answer with a status of failure tells of. */
export function refusal(status: number, text: string): FleetError {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // Said below: without a readable error there is only the status.
  }
  if (isObject(answer) && typeof answer.code === 'string') return toError(answer);
  const message = `The server answered with HTTP status ${status} and no reason.`;
  return new FleetError('UNEXPECTED', message, {
    suggestions: ['Run the same version of evfleet as client and as server.'],
  });
}

/** SOME_FAILED is no failure of the request and comes with status 200. */
export function throwIfFailure(answer: unknown): void {
  if (!isObject(answer) || !isObject(answer.error)) return;
  if (Object.keys(answer).length === 1 && isErrorCode(answer.error.code)) throw toError(answer.error);
}

/** A problem says it in `detail`, the last line of a stream in `message`. */
function toError(failure: unknown): FleetError {
  const { code, detail, message = detail, suggestions } = isObject(failure) ? failure : {};
  return new FleetError(
    isErrorCode(code) ? code : 'UNEXPECTED',
    typeof message === 'string' ? message : 'The server failed without saying why.',
    { suggestions: Array.isArray(suggestions) ? suggestions.map(String) : [] },
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
