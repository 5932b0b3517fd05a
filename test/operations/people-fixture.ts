import { type Caller, systemCaller } from '../../src/domain/people/caller.js';
import type { Role } from '../../src/domain/people/people.js';
import { sitesInReach } from '../../src/domain/people/people.js';
import type { Input, Output, UnaryName } from '../../src/operations/fleet.js';
import type { UnaryOperation } from '../../src/operations/operation.js';
import { checkOutput } from '../helpers/check-output.js';
import { openOperations } from '../helpers/test-operations.js';

export type Run = <N extends UnaryName>(name: N, input: Input<N>) => Promise<Output<N>>;

/** A fleet with the sites Solna and Kista, whose people can be spoken for. */
export async function openPeople() {
  const operations = await openOperations();
  const { fleet, runner, write } = operations;
  await fleet.run('site.create', { name: 'Solna' });
  await fleet.run('site.create', { name: 'Kista' });

  const as = (caller: Caller): Run => {
    const signal = new AbortController().signal;
    return async (name, input) =>
      checkOutput(
        name,
        (await runner.run(runner.find(name) as UnaryOperation, input, { caller, signal })) as Output<
          typeof name
        >,
      );
  };
  const user = async (email: string, role: Role = 'driver', sites: string[] = [], password?: string) =>
    (await fleet.run('user.create', { email, role, sites, password })).item;
  /** As who has a key of this user. */
  const callerOf = async (email: string, change: Partial<Caller> = {}): Promise<Caller> => {
    const found = await write((r) => r.users.findByEmail(email));
    if (!found) throw new Error(`there is no ${email}`);
    return {
      ...systemCaller(found.email, 'socket'),
      role: found.role,
      userUuid: found.uuid,
      siteUuids: sitesInReach(found),
      way: 'api',
      address: '192.0.2.1',
      ...change,
    };
  };
  const asUser = async (email: string, change: Partial<Caller> = {}) => as(await callerOf(email, change));
  return { ...operations, as, user, callerOf, asUser };
}
