import type { Terminal } from './terminal.js';

interface Look {
  readonly symbol: string;
  readonly paint: (terminal: Terminal) => (text: string) => string;
}

const looks: Readonly<Record<string, Look>> = {
  available: { symbol: '●', paint: ({ paint }) => paint.green },
  accepted: { symbol: '●', paint: ({ paint }) => paint.green },
  online: { symbol: '●', paint: ({ paint }) => paint.green },
  charging: { symbol: '▶', paint: ({ paint }) => paint.cyan },
  active: { symbol: '▶', paint: ({ paint }) => paint.cyan },
  suspended: { symbol: '‖', paint: ({ paint }) => paint.cyan },
  occupied: { symbol: '◐', paint: ({ paint }) => paint.yellow },
  reserved: { symbol: '◑', paint: ({ paint }) => paint.yellow },
  pending: { symbol: '◑', paint: ({ paint }) => paint.yellow },
  suspect: { symbol: '!', paint: ({ paint }) => paint.yellow },
  expired: { symbol: '○', paint: ({ paint }) => paint.yellow },
  faulted: { symbol: '✖', paint: ({ paint }) => paint.redBright },
  blocked: { symbol: '✖', paint: ({ paint }) => paint.red },
  rejected: { symbol: '✖', paint: ({ paint }) => paint.red },
  offline: { symbol: '○', paint: ({ paint }) => paint.red },
  unavailable: { symbol: '○', paint: ({ paint }) => paint.gray },
};

const plainLook: Look = { symbol: '·', paint: ({ paint }) => paint.gray };

/** A state in its colour. */
export function state(name: string, terminal: Terminal): string {
  return (looks[name] ?? plainLook).paint(terminal)(name);
}

/** The state's sign, in its colour: tells states apart without colour too. */
export function stateSymbol(name: string, terminal: Terminal): string {
  const look = looks[name] ?? plainLook;
  return look.paint(terminal)(look.symbol);
}
