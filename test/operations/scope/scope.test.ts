import { expect, it } from 'vitest';
import { FleetError } from '../../../src/domain/errors.js';
import type { Caller } from '../../../src/domain/people/caller.js';
import { roles } from '../../../src/domain/people/people.js';
import type { Operation } from '../../../src/operations/operation.js';
import { operations } from '../../../src/operations/registry.js';
import { apart, elsewhere, inputs, notFor } from './inputs.js';
import { callerWith, foreign, foreignWords, openWorld, own, type Place, type World } from './world.js';

type Name = keyof typeof operations;
const names = Object.keys(operations) as Name[];
const limited = [
  callerWith('site-admin', [own.siteUuid]),
  callerWith('site-admin', []),
  callerWith('support', [own.siteUuid]),
  callerWith('driver', [own.siteUuid]),
];
const callers: readonly Caller[] = [
  callerWith('admin', null),
  callerWith('support', null),
  ...limited,
  callerWith('site-admin', [own.siteUuid], { readOnly: true }),
];

interface Answer {
  readonly code: string;
  /** Everything that is said, as text. */
  readonly text: string;
}

async function ask({ runner }: World, name: Name, caller: Caller, place: Place): Promise<Answer> {
  const operation: Operation = runner.find(name);
  const call = { caller, signal: new AbortController().signal };
  const input = inputs[name](place);
  try {
    if (operation.kind === 'unary') {
      return { code: 'ok', text: JSON.stringify(await runner.run(operation, input, call)) };
    }
    const items: unknown[] = [];
    for await (const batch of runner.stream(operation, input, call)) items.push(...batch);
    return { code: codeOf(items), text: JSON.stringify(items) };
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    const { code, message, suggestions } = error;
    return { code, text: JSON.stringify({ code, message, suggestions }) };
  }
}

/** What many stations were asked for is told station by station. */
function codeOf(items: readonly unknown[]): string {
  const [first] = items as { code?: string | null }[];
  return first?.code ?? 'ok';
}

const definitions: Readonly<Record<Name, Pick<Operation, 'access' | 'effect' | 'forReadOnly'>>> = operations;

/** Whether the role alone, or the key, forbids it: then nothing has been looked at. */
function isForbidden(name: Name, { role, siteUuids, readOnly }: Caller): boolean {
  const { access, effect, forReadOnly = false } = definitions[name];
  return (
    !access.roles.includes(role) ||
    (readOnly && effect === 'change' && !forReadOnly) ||
    (access.reach !== 'scope' && siteUuids !== null)
  );
}

const both = () => openWorld([own, foreign]);
const alone = () => openWorld([own]);

it('refuses alike what is there and what is not', async () => {
  const world = await both();
  for (const name of names) {
    for (const caller of callers.filter((one) => isForbidden(name, one))) {
      const answer = await ask(world, name, caller, own);
      expect.soft(answer.code, describe(name, caller)).toBe('NOT_ALLOWED');
      expect.soft(await ask(world, name, caller, foreign), describe(name, caller)).toEqual(answer);
    }
  }
  expect(world.live.called).toEqual([]);
});

it('finds nothing of other sites, byte for byte as if there were none', async () => {
  const world = await both();
  const lonely = await alone();
  for (const name of names) {
    for (const caller of limited.filter((one) => !isForbidden(name, one))) {
      const who = describe(name, caller);
      const answer = await ask(world, name, caller, foreign);
      expect.soft(answer, who).toEqual(await ask(lonely, name, caller, foreign));
      if (apart.has(name)) continue;
      expect.soft(elsewhere[name] ?? ['ok', 'NOT_FOUND'], `${who}: ${answer.text}`).toContain(answer.code);
    }
  }
  expect(world.live.called.filter((id) => foreignWords.test(id))).toEqual([]);
});

const reads = names.filter((name) => definitions[name].effect === 'read');

it('shows what is there to those whose it is, and what is elsewhere to those who are for all', async () => {
  const world = await both();
  const lonely = await alone();
  for (const name of reads) {
    for (const caller of busy(name)) {
      const answer = await work(world, name, caller);
      if (caller.siteUuids === null) continue;
      expect.soft(answer, describe(name, caller)).toEqual(await ask(lonely, name, caller, own));
    }
  }
});

it.each(names.filter((name) => !reads.includes(name)))('%s works for those whose it is', async (name) => {
  for (const caller of busy(name)) await work(await both(), name, caller);
});

/** Those who may, and for whom there is something. */
function busy(name: Name): Caller[] {
  return callers.filter((one) => !isForbidden(name, one) && one.siteUuids?.length !== 0);
}

async function work(world: World, name: Name, caller: Caller): Promise<Answer> {
  const who = describe(name, caller);
  const isLimited = caller.siteUuids !== null;
  const before = world.live.called.length;
  const answer = await ask(world, name, caller, isLimited ? own : foreign);
  if (!apart.has(name) && !notFor[name]?.includes(caller.role)) {
    expect.soft(['NOT_FOUND', 'NOT_ALLOWED'], `${who}: ${answer.text}`).not.toContain(answer.code);
  }
  if (!isLimited) return answer;
  expect.soft(answer.text, who).not.toMatch(foreignWords);
  expect.soft(world.live.called.slice(before).filter((id) => foreignWords.test(id))).toEqual([]);
  return answer;
}

it('is asked for by every role', () => {
  expect(new Set(callers.map(({ role }) => role))).toEqual(new Set(roles));
});

function describe(name: Name, { role, siteUuids, readOnly }: Caller): string {
  return `${name} by ${role} for ${siteUuids ?? 'all'}${readOnly ? ', reading only' : ''}`;
}
