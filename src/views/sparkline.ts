const steps = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Values as columns of a cell each, the largest as high as a line; what is 0 or less lies on the ground. */
export function sparkline(values: readonly number[]): string {
  const top = values.reduce((most, value) => Math.max(most, value), 0);
  const step = (value: number) => (value <= 0 ? 0 : Math.min(7, Math.floor((value / top) * 7 + 0.5)));
  return values.map((value) => steps[step(value)]).join('');
}
