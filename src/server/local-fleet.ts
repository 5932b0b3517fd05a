import { createMailProbe } from '../alarms/delivery/mail-probe.js';
import { systemCaller } from '../domain/people/caller.js';
import { messageFiles } from '../message-log/message-log.js';
import { areaOf } from '../operations/areas.js';
import { itemsOf } from '../operations/batches.js';
import type { Fleet, Input, Output, StreamName, UnaryName } from '../operations/fleet.js';
import type { Operation, StreamOperation, UnaryOperation } from '../operations/operation.js';
import { OperationRunner } from '../operations/runner.js';
import { createPki } from '../pki/pki.js';
import { FleetStore } from '../store/fleet-store.js';
import { diagnosticsDirectory, filesIn } from './files/stored-files.js';
import { createFirmwareFiles } from './firmware-files.js';
import { newSecret, newUuid, systemClock, systemUser } from './system.js';

/**
 * The fleet without a server: this process opens the store itself, for as long as it needs it.
 * @throws FleetError STORE_LOCKED when another process has it for longer than `lockTimeoutMs`
 */
export async function openLocalFleet(options: {
  dataDir: string;
  lockTimeoutMs: number;
  signal: AbortSignal;
}): Promise<Fleet> {
  const { dataDir, lockTimeoutMs, signal } = options;
  const store = await FleetStore.open({
    directory: dataDir,
    command: commandName(),
    lockTimeoutMs,
    signal,
    now: () => systemClock.now(),
  });
  const { tornBytes } = store.recovery;
  if (tornBytes > 0) {
    process.stderr.write(
      `Warning: the last run ended in the middle of a write; ${tornBytes} bytes at the end of the journal were cut off.\n`,
    );
  }
  const loaded: Record<string, unknown> = {};
  const runner = new OperationRunner(loaded, {
    store,
    admin: store,
    messages: messageFiles(dataDir),
    firmware: { files: createFirmwareFiles({ dataDir, clock: systemClock, newId: newUuid }) },
    certificates: { authority: createPki({ dataDir, clock: systemClock, newSecret }) },
    mail: createMailProbe(),
    diagnosticsFiles: filesIn(diagnosticsDirectory(dataDir)),
    clock: systemClock,
    newId: newUuid,
    newSecret,
    live: undefined,
  });
  const find = async (name: UnaryName | StreamName): Promise<Operation> => {
    Object.assign(loaded, await areaOf(name));
    return runner.find(name);
  };
  const call = { caller: systemCaller(systemUser(), 'store'), signal };
  async function* batches<N extends StreamName>(name: N, input: Input<N>) {
    const operation = (await find(name)) as StreamOperation;
    yield* runner.stream(operation, input, call) as AsyncIterable<readonly Output<N>[]>;
  }
  return {
    served: false,
    async run<N extends UnaryName>(name: N, input: Input<N>) {
      const operation = (await find(name)) as UnaryOperation;
      return (await runner.run(operation, input, call)) as Output<N>;
    },
    stream: <N extends StreamName>(name: N, input: Input<N>) => itemsOf(batches(name, input)),
    batches,
    close: () => store.close(),
  };
}

/** What others are told about who holds the lock: the command's words, never its arguments. */
function commandName(): string {
  const words = process.argv.slice(2, 4).filter((word) => /^[a-z-]+$/.test(word) && !word.startsWith('-'));
  return words.join(' ') || 'command';
}
