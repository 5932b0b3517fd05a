type Outcome = 'created' | 'skipped' | 'updated';

/** What a `create` came to, for stderr. */
export function createdLine(outcome: Outcome, what: string): string {
  switch (outcome) {
    case 'created':
      return `Created ${what}.`;
    case 'updated':
      return `Updated ${what}, which existed already.`;
    case 'skipped':
      return `Nothing to do: there is a ${what} already.`;
  }
}

/** What a `delete` came to, for stderr. */
export function deletedLine(deleted: boolean, what: string): string {
  return deleted ? `Deleted ${what}.` : `Nothing to do: there is no ${what}.`;
}
