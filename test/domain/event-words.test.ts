import { expect, it } from 'vitest';
import { describeEvent, eventTopics } from '../../src/domain/event-words.js';

it.each([
  [
    'security.profile-raised',
    { before: 1, profile: 2 },
    'shows what it was told to: security profile 2 is the least from now on, before it was 1',
  ],
  [
    'security.profile-raised',
    { before: 0, profile: 3 },
    'shows what it was told to: security profile 3 is the least from now on, before it was 0',
  ],
  ['security.something-new', { reason: 'why' }, 'security: something-new, why'],
])('%s %j in words', (kind, detail, words) => {
  expect(describeEvent(kind, detail)).toBe(words);
});

it('names what events are about, each once', () => {
  const topics = eventTopics();
  expect(topics).toEqual(expect.arrayContaining(['session', 'fault', 'station', 'security']));
  expect(new Set(topics).size).toBe(topics.length);
});
