const cells = 30;

/** `██████░░░░ 62 %  620,000 of 1,000,000 sessions`: how far a long piece of work has come. */
export function renderBar(done: number, total: number, what: string): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * cells);
  const bar = '█'.repeat(filled) + '░'.repeat(cells - filled);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `${bar} ${percent} %  ${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${what}`;
}
