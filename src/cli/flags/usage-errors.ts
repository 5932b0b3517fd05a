import { stripVTControlCharacters } from 'node:util';
import { Errors, type Interfaces } from '@oclif/core';
import { FleetError } from '../../domain/errors.js';
import { nearest } from '../../domain/nearest.js';
import { lostOutput } from '../lost-output.js';

/** What the translation of a usage error needs to know of the command. */
export interface CommandShape {
  /** As typed: `evfleet station list`. */
  readonly name: string;
  readonly flags: Interfaces.FlagInput;
  readonly args: Interfaces.ArgInput;
}

/**
 * Puts any error into the application's vocabulary. oclif's messages quote values from the command line and from
 * variables, which may be secrets, so usage errors are worded anew: flags and arguments by name, never by value.
 */
export function toFleetError(error: unknown, command?: CommandShape): FleetError {
  const usage = usageError(error, command);
  if (usage) return usage;
  if (error instanceof FleetError) return error;
  const lost = lostOutput(error);
  if (lost) return lost;
  return new FleetError('UNEXPECTED', firstLine(error), {
    cause: error,
    suggestions: ['EVFLEET_DEBUG=1 shows where it happened.'],
  });
}

function usageError(error: unknown, command: CommandShape | undefined): FleetError | undefined {
  if (!(error instanceof Error)) return undefined;
  const flagName = /^Parsing --(\S+) \n/.exec(error.message)?.[1];
  if (flagName !== undefined) {
    const suggestions = error instanceof FleetError ? error.suggestions : [];
    return usage(flagValueMessage(flagName, error), command, suggestions, error);
  }
  if (error instanceof FleetError || !(error instanceof Errors.CLIError)) return undefined;
  switch (error.constructor.name) {
    case 'NonExistentFlagsError':
      return unknownFlags(names(error, 'flags'), command, error);
    case 'FlagInvalidOptionError':
      return badOption(error, command);
    case 'ArgInvalidOptionError':
      return badArgument(error, command);
    case 'RequiredArgsError':
      return usage(`Missing: ${argumentNames(error).join(' ')}.`, command, [], error);
    case 'UnexpectedArgsError':
      return usage(tooMany(names(error, 'args').length), command, [], error);
    case 'FailedFlagValidationError':
    case 'ViolatedFlagConstraintError':
      return usage(withoutValues(error), command, [], error);
    default:
      return error.oclif.exit === 2
        ? usage(sentence(withoutHelpHint(error.message)), command, [], error)
        : undefined;
  }
}

/** Says which values a flag takes, given what its parser threw; never the value. */
export function flagValueMessage(flag: string, error: unknown): string {
  if (!(error instanceof Error)) return `--${flag} does not take this value.`;
  const said = error.message.replace(/^Parsing --\S+ \n\t/, '').replace(/\nSee more help with --help$/, '');
  if (error instanceof FleetError) return said;
  // The parsers that come with oclif end in "but received: <value>"; those of others may say anything.
  const expected = /^Expected (.+?) but received: /s.exec(said)?.[1];
  return expected === undefined ? `--${flag} does not take this value.` : `--${flag} takes ${expected}.`;
}

function unknownFlags(typed: readonly string[], command: CommandShape | undefined, cause: Error): FleetError {
  const known = Object.keys(command?.flags ?? {}).map((name) => `--${name}`);
  const named = typed.map((word) => /^(--[a-z][a-z0-9-]{0,40}|-[a-zA-Z](?=$|\W))/.exec(word)?.[0]);
  const sayable = named.filter((name) => name !== undefined);
  const near = sayable.map((name) => nearest(name, known)).filter((name) => name !== undefined);
  const many = typed.length > 1 ? 'Unknown flags' : 'Unknown flag';
  return usage(sayable.length > 0 ? `${many}: ${sayable.join(', ')}.` : `${many}.`, command, near, cause);
}

function badOption(error: Error, command: CommandShape | undefined): FleetError {
  const name = /^Expected --([^=]+)=/.exec(error.message)?.[1] ?? '';
  const flag = command?.flags[name];
  const options = flag?.type === 'option' ? (flag.options ?? []) : [];
  const typed = between(error.message, `Expected --${name}=`, ` to be one of: ${options.join(', ')}`);
  const near = nearest(typed, options);
  const suggestions = near === undefined ? [] : [`--${name} ${near}`];
  return usage(`--${name} takes one of: ${options.join(', ')}.`, command, suggestions, error);
}

function badArgument(error: Error, command: CommandShape | undefined): FleetError {
  for (const [name, arg] of Object.entries(command?.args ?? {})) {
    const options = arg.options ?? [];
    const tail = ` to be one of: ${options.join(', ')}`;
    if (options.length === 0 || !error.message.includes(tail)) continue;
    const near = nearest(between(error.message, 'Expected ', tail), options);
    const message = `${name.toUpperCase()} is one of: ${options.join(', ')}.`;
    return usage(message, command, near === undefined ? [] : [near], error);
  }
  return usage('An argument is not one of the values it can have.', command, [], error);
}

function tooMany(count: number): string {
  return count === 1 ? 'One argument too many.' : `${count} arguments too many.`;
}

/** oclif's sentence on flags that do not go together quotes them as `--name=value`. */
function withoutValues(error: Error): string {
  let message = withoutHelpHint(error.message).replace(/^The following errors? occurred:\s*/, '');
  const values = Object.entries(parsedFlags(error));
  for (const [name, value] of values) message = message.replaceAll(`--${name}=${String(value)}`, `--${name}`);
  const reasons = stripVTControlCharacters(message)
    .split('\n')
    .map((reason) => reason.trim().replace(/^Missing required flag (\S+)$/, 'Missing: --$1'));
  return `${reasons.join('. ')}.`;
}

function parsedFlags(error: Error): Record<string, unknown> {
  const parse = 'parse' in error ? (error.parse as { output?: { flags?: Record<string, unknown> } }) : {};
  return parse.output?.flags ?? {};
}

function names(error: Error, key: 'flags' | 'args'): readonly string[] {
  const value: unknown = key in error ? (error as unknown as Record<string, unknown>)[key] : [];
  return Array.isArray(value) ? value.map(String) : [];
}

function argumentNames(error: Error): string[] {
  const args = 'args' in error && Array.isArray(error.args) ? (error.args as { name: string }[]) : [];
  return args.map((arg) => arg.name.toUpperCase());
}

function usage(
  message: string,
  command: CommandShape | undefined,
  suggestions: readonly string[],
  cause: Error,
): FleetError {
  const help = command ? [`${command.name} --help`] : [];
  return new FleetError('USAGE', message, { suggestions: [...suggestions, ...help], cause });
}

function between(text: string, head: string, tail: string): string {
  const end = text.lastIndexOf(tail);
  return text.startsWith(head) && end >= head.length ? text.slice(head.length, end) : '';
}

function withoutHelpHint(message: string): string {
  return message.replace(/\nSee more help with --help$/, '');
}

/** oclif's `Flag --limit expects a value` in our form. */
function sentence(message: string): string {
  return message.replace(/^Flag (?=--)/, '').replace(/[^.!?…]$/, '$&.');
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0]?.trim() || 'Something failed without saying what.';
}
