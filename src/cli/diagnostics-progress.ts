import type { Fleet } from '../operations/fleet.js';

interface Command {
  readonly signal: AbortSignal;
  say(line: string): void;
  openOther(signal: AbortSignal): Promise<Fleet>;
}

/** Runs `work`; meanwhile each new state of the station's upload is a line on stderr. */
export async function whileTelling<T>(
  command: Command,
  stationId: string,
  work: () => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const fleet = await command.openOther(AbortSignal.any([command.signal, over.signal]));
  const telling = tell(fleet, stationId, (line) => command.say(line))
    // That it cannot be told is no reason for the rest to fail; what is wrong shows there, too.
    .catch(() => undefined);
  try {
    // A round trip later it is followed; a stream that has nothing to say yet does not say that it began.
    await fleet.run('diagnostics.list', { stationId, limit: 1 }).catch(() => undefined);
    return await work();
  } finally {
    over.abort();
    await telling;
    await fleet.close();
  }
}

async function tell(fleet: Fleet, stationId: string, say: (line: string) => void): Promise<void> {
  let last = '';
  for await (const views of fleet.batches('diagnostics.follow', { stationId })) {
    for (const { id, state, description } of views) {
      const line = `${stationId}, request ${id}: ${description}`;
      // The end is what the command itself prints.
      if (line !== last && (state === 'requested' || state === 'uploading')) say(line);
      last = line;
    }
  }
}
