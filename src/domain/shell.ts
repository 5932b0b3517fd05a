/** A word for a command line that can be pasted into a shell as it is. */
export function quoteForShell(text: string): string {
  return /^[\w./@%+=,:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
