import { Ansis } from 'ansis';

/** What a view may know about where its text goes. */
export interface Terminal {
  /** Whether a person reads along. Otherwise the text is data for another program. */
  readonly isTTY: boolean;
  /** Width in character cells. */
  readonly columns: number;
  /** Whether it shows more than ASCII, as far as the locale says. */
  readonly isUnicode: boolean;
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

/** Of a terminal that does not say how wide it is. */
const columnsDefault = 80;

export function createTerminal({ stdout, env, flags = {}, now = Date.now }: TerminalOptions): Terminal {
  const isTTY = stdout.isTTY === true;
  return {
    isTTY,
    columns: stdout.columns || positive(env.COLUMNS) || columnsDefault,
    isUnicode: isUnicode(env),
    paint: new Ansis(colourLevel(env, { isTTY, isOff: flags['no-color'] === true })),
    utc: flags.utc === true,
    now,
  };
}

type Env = TerminalOptions['env'];

/**
 * 0 none, 1 sixteen colours, 2 256 colours, 3 true colour. NO_COLOR counts when present and not empty (no-color.org) and
 * has the last word; FORCE_COLOR and CLICOLOR_FORCE colour what goes to a pipe, too (force-color.org, bixense.com/clicolors).
 */
function colourLevel(
  env: Env,
  { isTTY, isOff }: { readonly isTTY: boolean; readonly isOff: boolean },
): number {
  if (isOff || env.NO_COLOR) return 0;
  const forced = env.FORCE_COLOR || env.CLICOLOR_FORCE;
  if (forced !== undefined && forced !== '')
    return /^(0|false)$/.test(forced) ? 0 : Math.max(1, offered(env));
  if (!isTTY || env.TERM === 'dumb' || env.CLICOLOR === '0') return 0;
  return offered(env);
}

function offered(env: Env): number {
  if (/^(truecolor|24bit)$/.test(env.COLORTERM ?? '')) return 3;
  return env.TERM?.includes('256color') ? 2 : 1;
}

/** A locale that is not set says nothing, as in most containers; one that is must name UTF-8. */
export function isUnicode(env: Env): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  return locale === undefined || locale === '' || /utf-?8/i.test(locale);
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : undefined;
}
