export interface Branch {
  /** The line, given how many cells of the tree stand before it. */
  readonly text: (indent: number) => string;
  readonly children: readonly Branch[];
}

/** A tree as lines, its root without an indent. */
export function treeLines(branch: Branch): string[] {
  const lines = [branch.text(0)];
  addChildren(lines, branch, '');
  return lines;
}

function addChildren(lines: string[], { children }: Branch, before: string): void {
  for (const [index, child] of children.entries()) {
    const isLast = index === children.length - 1;
    lines.push(`${before}${isLast ? '└─ ' : '├─ '}${child.text(before.length + 3)}`);
    addChildren(lines, child, `${before}${isLast ? '   ' : '│  '}`);
  }
}
