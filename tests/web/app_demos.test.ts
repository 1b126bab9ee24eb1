import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byTopic, defaultDemo, listed } from '../../web/src/app/catalogue.ts';
import { matchingDemos } from '../../web/src/views/demos/matching.ts';
import { demoWith } from './support/demos.ts';

const both = (en: string, zh: string) => ({ en, zh });
const philosophers = demoWith('philosophers', [], { topic: 'deadlocks', title: both('Dining philosophers', '哲学家就餐') });
const hello = demoWith('hello-threads', [], { topic: 'basics', title: both('Hello, threads', '你好，线程') });
const barrier = demoWith('barrier', [], { topic: 'of its own', title: both('Barrier phases', '屏障') });
const tool = demoWith('flood', [], { topic: 'basics', hidden: true });
const queue = demoWith('producer-consumer', [], { topic: 'queues' });

test('demos stand in the order in which things are learnt; unknown topics come last, tools not at all', () => {
  assert.deepEqual(
    byTopic(listed([barrier, philosophers, tool, hello])).map(([topic]) => topic),
    ['basics', 'deadlocks', 'of its own'],
  );
});

test('the demo that is shown first is the one with most to see, if it is there', () => {
  assert.equal(defaultDemo([barrier, hello, queue]), queue);
  assert.equal(defaultDemo([barrier, hello, tool]), hello);
  assert.equal(defaultDemo([tool]), undefined);
});

test('demos are found by words of either language, their topic and their id', () => {
  const found = (query: string) =>
    matchingDemos([hello, philosophers, barrier], query, (topic) => (topic === 'deadlocks' ? '死锁' : topic)).map(({ id }) => id);
  assert.deepEqual(found(''), ['hello-threads', 'philosophers', 'barrier']);
  assert.deepEqual(found('PHILO din'), ['philosophers']);
  assert.deepEqual(found('哲学家'), ['philosophers']);
  assert.deepEqual(found('死锁'), ['philosophers']);
  assert.deepEqual(found('basics'), ['hello-threads']);
  assert.deepEqual(found('nothing like it'), []);
});
