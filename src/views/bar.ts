/** How full something is, in so many cells; what is not nothing shows a cell at least, and only what is full shows all. */
export function bar(share: number, width: number): { readonly full: string; readonly rest: string } {
  const bounded = Math.min(1, Math.max(0, share));
  const cells = bounded === 1 ? width : Math.min(width - 1, Math.round(bounded * width));
  const full = bounded > 0 ? Math.max(1, cells) : 0;
  return { full: '█'.repeat(full), rest: '░'.repeat(width - full) };
}
