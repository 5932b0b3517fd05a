import { randomBytes, randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { type Caller, systemCaller } from '../../src/domain/people/caller.js';
import { PasswordHasher } from '../../src/domain/people/password.js';
import type { Repositories } from '../../src/domain/repositories.js';
import { messageFiles } from '../../src/message-log/message-log.js';
import { itemsOf } from '../../src/operations/batches.js';
import type { Fleet, Input, Output, StreamName, UnaryName } from '../../src/operations/fleet.js';
import type { StreamOperation, Surroundings, UnaryOperation } from '../../src/operations/operation.js';
import { operations } from '../../src/operations/registry.js';
import { OperationRunner } from '../../src/operations/runner.js';
import { createPki } from '../../src/pki/pki.js';
import { createFirmwareFiles } from '../../src/server/firmware-files.js';
import { FleetStore } from '../../src/store/fleet-store.js';
import { CheckedFleet } from './checked-fleet.js';
import { FakeClock } from './fake-clock.js';
import { temporaryDirectory } from './temporary-directory.js';

export interface TestOperations {
  readonly fleet: Fleet;
  /** The same fleet as somebody else sees it. */
  fleetOf(caller: Caller): Fleet;
  readonly clock: FakeClock;
  readonly runner: OperationRunner;
  /** Puts things into the store that no operation makes: sessions, reports of stations. */
  write<T>(work: (r: Repositories) => Promise<T>): Promise<T>;
  readonly abort: AbortController;
}

/** Passwords that are hashed in no time. */
const cheap = { N: 16, r: 1, p: 1 };

/** Operations on a store of their own in this process, without a server unless `live` is given. */
export async function openOperations(given: Partial<Surroundings> = {}): Promise<TestOperations> {
  const clock = new FakeClock();
  const directory = await temporaryDirectory();
  const store = await FleetStore.open({
    directory,
    command: 'test',
    lockTimeoutMs: 0,
    now: () => clock.now(),
  });
  onTestFinished(() => store.close());
  let lastId = 0;
  const newId = () => {
    lastId += 1;
    return `00000000-0000-4000-8000-${String(lastId).padStart(12, '0')}`;
  };
  const runner = new OperationRunner(operations, {
    store,
    admin: store,
    messages: messageFiles(directory),
    firmware: { files: createFirmwareFiles({ dataDir: directory, clock, newId: randomUUID }) },
    certificates: { authority: createPki({ dataDir: directory, clock, newSecret: randomBytes }) },
    clock,
    newId,
    newSecret: randomBytes,
    passwords: new PasswordHasher({ cost: cheap }),
    live: undefined,
    ...given,
  });
  const abort = new AbortController();
  const fleetOf = (caller: Caller): Fleet => {
    const call = { caller, signal: abort.signal };
    const batches = <N extends StreamName>(name: N, input: Input<N>) =>
      runner.stream(runner.find(name) as StreamOperation, input, call) as AsyncIterable<readonly Output<N>[]>;
    return new CheckedFleet({
      served: given.live !== undefined,
      run: <N extends UnaryName>(name: N, input: Input<N>) =>
        runner.run(runner.find(name) as UnaryOperation, input, call) as Promise<Output<N>>,
      stream: <N extends StreamName>(name: N, input: Input<N>) => itemsOf(batches(name, input)),
      batches,
      close: async () => undefined,
    });
  };
  const fleet = fleetOf(systemCaller('tester', 'store'));
  return { fleet, fleetOf, clock, runner, write: (work) => store.write(work), abort };
}
