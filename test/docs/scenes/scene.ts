/** Where a scene takes place. */
export interface Stage {
  /** Where the commands of the reader look for a fleet. */
  readonly dataDir: string;
  /** That stations connect to. */
  readonly port: number;
  readonly mailPort: number;
  /** How many mails have come. */
  mails(): number;
}

/** Begins what a guide is about; gives what ends it. */
export type Scene = (stage: Stage) => Promise<() => Promise<void>>;
