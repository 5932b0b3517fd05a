import { FleetError } from '../domain/errors.js';

/** What a prompt needs to know of the command that asks; every FleetCommand is one. */
export interface Asker {
  /** Whether there is a person to ask. */
  readonly interactive: boolean;
  readonly signal: AbortSignal;
}

/**
 * Asks before something that cannot be undone; returns when the answer is yes or `--yes` was given.
 * @throws FleetError USAGE when nobody can be asked, INTERRUPTED when the answer is no or Ctrl-C
 */
export async function confirm(
  asker: Asker & { readonly flags: { readonly yes: boolean } },
  question: string,
): Promise<void> {
  if (asker.flags.yes) return;
  refuseUnlessInteractive(asker, 'This needs a confirmation', '--yes');
  const prompts = await import('@inquirer/prompts');
  const yes = await answered(prompts.confirm({ message: question, default: false }, context(asker)));
  if (!yes) throw new FleetError('INTERRUPTED', 'Nothing was changed.');
}

/**
 * Asks for a secret without showing it.
 * @param flag the flag that gives the secret when nobody can be asked, for example `--password-stdin`
 * @throws FleetError USAGE when nobody can be asked, INTERRUPTED on Ctrl-C
 */
export async function askSecret(asker: Asker, question: string, flag: string): Promise<string> {
  refuseUnlessInteractive(asker, 'A secret is missing', flag);
  const prompts = await import('@inquirer/prompts');
  return answered(prompts.password({ message: question, mask: true }, context(asker)));
}

/**
 * Asks for a text.
 * @param flag the flag that gives it when nobody can be asked, for example `--email`
 * @throws FleetError USAGE when nobody can be asked, INTERRUPTED on Ctrl-C
 */
export async function askText(asker: Asker, question: string, flag: string): Promise<string> {
  refuseUnlessInteractive(asker, `${question} is not known`, flag);
  const prompts = await import('@inquirer/prompts');
  return answered(prompts.input({ message: question, required: true }, context(asker)));
}

function refuseUnlessInteractive(asker: Asker, what: string, flag: string): void {
  if (asker.interactive) return;
  throw new FleetError('USAGE', `${what}, and there is nobody to ask: ${flag} is missing.`, {
    suggestions: [flag],
  });
}

/** Prompts go to stderr, so that stdout stays data. */
function context({ signal }: Asker) {
  return { output: process.stderr, signal };
}

async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name !== 'ExitPromptError' && name !== 'AbortPromptError') throw error;
    throw new FleetError('INTERRUPTED', 'Interrupted, nothing was changed.', { cause: error });
  }
}
