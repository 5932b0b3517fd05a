import { Ansis } from 'ansis';

/** What a view may know about where its text goes. */
export interface Terminal {
  /** Whether a person reads along. Otherwise the text is data for another program. */
  readonly isTTY: boolean;
  /** Width in character cells. */
  readonly columns: number;
  /** Colours; passes text through unchanged where colour is not wanted. */
  readonly paint: Ansis;
  /** Instants in UTC instead of the zone of the process. */
  readonly utc: boolean;
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

export interface TerminalOptions {
  readonly stdout: { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags?: { readonly 'no-color'?: boolean; readonly utc?: boolean };
  readonly now?: () => number;
}

const DEFAULT_COLUMNS = 80;

export function createTerminal({ stdout, env, flags = {}, now = Date.now }: TerminalOptions): Terminal {
  const isTTY = stdout.isTTY === true;
  return {
    isTTY,
    columns: stdout.columns || positive(env.COLUMNS) || DEFAULT_COLUMNS,
    paint: new Ansis(isTTY && flags['no-color'] !== true ? colorLevel(env) : 0),
    utc: flags.utc === true,
    now,
  };
}

/** 0 none, 1 sixteen colours, 2 256 colours, 3 true colour. NO_COLOR counts when present and not empty (no-color.org). */
function colorLevel(env: TerminalOptions['env']): number {
  if (env.NO_COLOR || env.TERM === 'dumb') return 0;
  if (/^(truecolor|24bit)$/.test(env.COLORTERM ?? '')) return 3;
  return env.TERM?.includes('256color') ? 2 : 1;
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : undefined;
}
