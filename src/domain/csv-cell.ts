const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Spreadsheets take text that starts like this for a formula (OWASP, CSV injection); numbers are meant as such. A text
 * that looks as if it had been defused is defused too: so `undefuse` gives back exactly what there was.
 */
export function defuse(text: string): string {
  return /^'*[=+\-@\t\r]/.test(text) && !number.test(text) ? `'${text}` : text;
}

/** The text of a cell that `defuse` may have had. */
export function undefuse(cell: string): string {
  return /^'+[=+\-@\t\r]/.test(cell) && !number.test(cell.slice(1)) ? cell.slice(1) : cell;
}
