import type { Input } from '../operations/fleet.js';

type Targets = Input<'station.select'>['targets'];

/** What of a command is needed here. */
interface Narrowing {
  /** As typed. */
  readonly argv: readonly string[];
  readonly flags: {
    readonly site?: string | undefined;
    readonly group?: string | undefined;
    readonly selector?: string | undefined;
    readonly all: boolean;
  };
}

/** EVFLEET_ALL and the configuration file are for lists, which have a flag of this name too. */
export function isAllTyped({ argv, flags }: Narrowing): boolean {
  return flags.all && argv.includes('--all');
}

/** The stations that a command was narrowed to; undefined when it was not. */
export function narrowedTo(command: Narrowing, stationIds: readonly string[]): Targets | undefined {
  const { site, group, selector: where } = command.flags;
  const targets = {
    ...(stationIds.length > 0 && { stationIds: [...stationIds] }),
    ...(site !== undefined && { site }),
    ...(group !== undefined && { group }),
    ...(where !== undefined && { where }),
    ...(isAllTyped(command) && { all: true }),
  };
  return Object.keys(targets).length === 0 ? undefined : targets;
}

/** The one thing that arguments name, when nothing else says which stations are meant. */
export function onlyNamed(
  command: Narrowing & { readonly flags: { readonly 'from-file'?: string | undefined } },
  words: readonly string[],
): string | undefined {
  const [only, ...others] = words;
  const isNarrowed = narrowedTo(command, []) !== undefined || command.flags['from-file'] !== undefined;
  return others.length === 0 && !isNarrowed ? only : undefined;
}
