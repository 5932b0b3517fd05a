import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { playGuide } from '../helpers/guide/play.js';

/** How guides are written, and what is compared: docs/guides/README.md. */
const folder = new URL('../../docs/guides/', import.meta.url);
const guides = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');
const record = process.env.EVFLEET_RECORD === '1';

describe.concurrent('what a guide shows is what happens', () => {
  it.each(guides)('%s', { timeout: 240_000 }, async (name) => {
    const file = new URL(name, folder);
    const shown = readFileSync(file, 'utf8');
    const { difference, text } = await playGuide(shown, { record });
    if (record) writeFileSync(file, text);
    expect(difference?.said, difference?.place).toBe(difference?.shown);
  });
});
