/** One figure a line, aligned, with what it is to be held against. */

export function section(title: string): void {
  process.stdout.write(`\n${title}\n`);
}

export function line(what: string, value: string, remark = ''): void {
  process.stdout.write(`  ${what.padEnd(52)} ${value.padStart(16)}   ${remark}`.trimEnd().concat('\n'));
}

export function verdict(isReached: boolean, target: string): string {
  return `${isReached ? 'reached' : 'MISSED'}: ${target}`;
}
