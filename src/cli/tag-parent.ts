import { FleetError } from '../domain/errors.js';
import type { Fleet } from '../operations/fleet.js';

interface Printer {
  say(line: string): void;
}

/** A parent need be no tag, so that a misspelt one is no mistake; it is told. */
export async function noteParent(fleet: Fleet, parent: string | null | undefined, printer: Printer) {
  if (typeof parent !== 'string') return;
  try {
    await fleet.run('tag.show', { tag: parent });
  } catch (error) {
    if (!(error instanceof FleetError && error.code === 'NOT_FOUND')) throw error;
    printer.say(
      `Note: no tag is called ${JSON.stringify(parent)}; its group is made of tags that name the same parent.`,
    );
  }
}
