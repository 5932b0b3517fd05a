export interface Branch {
  /** The line, given how many cells of the tree stand before it. */
  readonly text: (indent: number) => string;
  readonly children: readonly Branch[];
}

/** A tree as lines, its root without an indent. */
export function treeLines(branch: Branch, indent = 0): string[] {
  const lines = [branch.text(indent)];
  for (const [index, child] of branch.children.entries()) {
    const isLast = index === branch.children.length - 1;
    const [first = '', ...rest] = treeLines(child, indent + 3);
    lines.push(
      `${isLast ? '└─ ' : '├─ '}${first}`,
      ...rest.map((line) => `${isLast ? '   ' : '│  '}${line}`),
    );
  }
  return lines;
}
