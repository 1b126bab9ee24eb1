import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Deadlocks } from '../../web/src/folds/deadlocks.ts';
import { Kind } from '../../web/src/trace/kinds.ts';
import { cycleThreads, heldObjects, nodeHeight, nodeWidth, ringOf } from '../../web/src/views/deadlock/ring.ts';
import { FakeRecords } from './support/fake_records.ts';

const told = (count: number) => ({
  threads: [
    ...Array.from({ length: count }, (_, place) => ({
      thread: place + 2,
      name: `Thread-${place + 1}`,
      reason: 'lock',
      object: 10 + place,
      object_name: `lock ${place}`,
      object_type: 'lock',
      where: `demos/deadlock/demo.cpp:${30 + place}`,
      held_by: ((place + 1) % count) + 2,
      held_since: 'demos/deadlock/demo.cpp:20',
    })),
    {
      thread: 1,
      name: 'MainThread',
      reason: 'thread_join',
      object: 40,
      object_name: 'Thread-1',
      object_type: 'thread',
      where: '',
      held_by: 2,
    },
  ],
  cycle: Array.from({ length: count }, (_, place) => place + 2),
});

function deadlockOf(payload: string) {
  const deadlocks = new Deadlocks();
  deadlocks.take(new FakeRecords([{ kind: Kind.deadlock, time: 70, payload }]), 0, 1);
  return [...deadlocks.list];
}

test('deadlocks: who waits for what, where, and who has it', () => {
  const [deadlock] = deadlockOf(JSON.stringify(told(2)));
  assert.ok(deadlock);
  assert.deepEqual([deadlock.time, deadlock.process, deadlock.cycle], [70, 1, [2, 3]]);
  assert.deepEqual(
    cycleThreads(deadlock).map(({ name, objectName, heldBy, where }) => [name, objectName, heldBy, where]),
    [
      ['Thread-1', 'lock 0', 3, 'demos/deadlock/demo.cpp:30'],
      ['Thread-2', 'lock 1', 2, 'demos/deadlock/demo.cpp:31'],
    ],
  );
  assert.deepEqual(
    heldObjects(deadlock, 3).map(({ objectName }) => objectName),
    ['lock 0'],
  );
  assert.equal(deadlock.threads[0]!.heldSince, 'demos/deadlock/demo.cpp:20');
  assert.deepEqual(
    heldObjects(deadlock, 2).map(({ objectName }) => objectName),
    ['lock 1'],
    'a thread does not hold its own end',
  );
});

test('deadlocks: what cannot be read is left out, what is missing is empty', () => {
  assert.deepEqual(deadlockOf('no JSON'), []);
  assert.deepEqual(deadlockOf('null'), []);
  const [bare] = deadlockOf('{"threads":[{}]}');
  assert.deepEqual([bare!.cycle, bare!.threads[0]!.name, bare!.threads[0]!.heldBy], [[], '', 0]);
});

test('ring: threads and locks by turns, none on another, arrows between neighbours', () => {
  for (const count of [1, 2, 3, 5, 8]) {
    const { nodes, arrows, width, height } = ringOf(deadlockOf(JSON.stringify(told(count)))[0]!, ({ objectName }) => objectName);
    assert.deepEqual(
      nodes.map(({ kind }) => kind),
      Array.from({ length: count }, () => ['thread', 'object']).flat(),
    );
    assert.equal(arrows.length, nodes.length);
    for (const [place, { x, y }] of nodes.entries()) {
      assert.ok(
        x >= nodeWidth / 2 && x <= width - nodeWidth / 2 && y >= nodeHeight / 2 && y <= height - nodeHeight / 2,
        `${count}: node ${place} is inside`,
      );
      for (const other of nodes.slice(place + 1)) {
        assert.ok(Math.abs(other.x - x) >= nodeWidth || Math.abs(other.y - y) >= nodeHeight, `${count}: ${place} lies on another`);
      }
    }
    assert.deepEqual(
      arrows.map(({ kind }) => kind),
      nodes.map(({ kind }) => (kind === 'thread' ? 'waits' : 'held')),
    );
    // Each kind is named once at least, and no name lies on a node.
    for (const kind of ['waits', 'held'])
      assert.ok(
        arrows.some((arrow) => arrow.kind === kind && arrow.hasRoom),
        `${count}: ${kind}`,
      );
    for (const { from, to } of arrows.filter(({ hasRoom }) => hasRoom)) {
      const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
      const covered = nodes.filter((node) => Math.abs(node.x - x) < (nodeWidth + 56) / 2 && Math.abs(node.y - y) < (nodeHeight + 12) / 2);
      assert.deepEqual(covered, [], `${count}: a name at ${x}, ${y}`);
    }
  }
});
