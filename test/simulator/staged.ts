import { onTestFinished } from 'vitest';
import { Stage } from './stage.js';

/** A stage that is closed, and looked over, after the test. */
export async function staged(): Promise<Stage> {
  const stage = await Stage.open();
  onTestFinished(() => stage.close());
  return stage;
}
