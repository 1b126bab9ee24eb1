import type { Demo } from '../../app/catalogue.ts';

/** Demos that have every word of the query in their title, summary, topic or id, in any language. */
export function matchingDemos(demos: readonly Demo[], query: string, topicName: (topic: string) => string): Demo[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return demos.filter(({ id, title, summary, topic }) => {
    const text = [id, title.en, title.zh, summary.en, summary.zh, topic, topicName(topic)].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
