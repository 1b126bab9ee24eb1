import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startedCount, Tasks, utilisation } from '../../web/src/folds/tasks.ts';
import { firstSharedObject, Kind } from '../../web/src/trace/kinds.ts';
import { TaskNumbers } from '../../web/src/folds/task_numbers.ts';
import { FakeRecords, randomRun } from './support/fake_records.ts';
import type { FakeRecord } from './support/fake_records.ts';
import { plain } from './support/plain.ts';

const executor = 50;

function tasksOf(list: FakeRecord[]): Tasks {
  const tasks = new Tasks();
  tasks.take(new FakeRecords(list), 0, list.length);
  return tasks;
}

const run: FakeRecord[] = [
  { kind: Kind.executor_open, time: 0, object: executor, argument: 2 },
  { kind: Kind.task_submit, time: 10, object: 1, detail: executor },
  { kind: Kind.task_submit, time: 10, object: 2, detail: executor },
  { kind: Kind.task_submit, time: 10, object: 3, detail: executor },
  { kind: Kind.task_submit, time: 10, object: 4, detail: executor },
  { kind: Kind.task_start, time: 20, thread: 2, object: 1, detail: executor },
  { kind: Kind.task_start, time: 30, thread: 3, object: 2, detail: executor },
  { kind: Kind.task_finish, time: 60, thread: 2, object: 1, detail: 0 },
  { kind: Kind.task_cancel, time: 65, object: 4, detail: executor },
  { kind: Kind.task_start, time: 70, thread: 2, object: 3, detail: executor },
  { kind: Kind.task_finish, time: 80, thread: 3, object: 2, detail: 1 },
  { kind: Kind.task_finish, time: 100, thread: 2, object: 3, detail: 0 },
  { kind: Kind.executor_shutdown, time: 110, object: executor },
];

test('tasks wait, run and end', () => {
  const tasks = tasksOf(run);
  const [pool] = tasks.executors;
  assert.ok(pool);
  assert.equal(pool.maxWorkers, 2);
  assert.deepEqual(
    tasks.firstTasks(pool).map(({ number, state }) => [number, state]),
    [
      [1, 'done'],
      [2, 'failed'],
      [3, 'done'],
      [4, 'cancelled'],
    ],
  );
  assert.deepEqual([pool.done, pool.failed, pool.cancelled], [2, 1, 1]);
  assert.equal(startedCount(pool), 3);
  assert.equal(pool.waitTotal, 10 + 20 + 60);
  assert.equal(pool.waitLongest, 60);
  assert.deepEqual(
    [10, 25, 31, 66, 71].map((time) => pool.waiting.at(time)),
    [4, 3, 2, 1, 0],
  );
  assert.deepEqual(
    [15, 25, 31, 61, 75, 90, 100].map((time) => pool.running.at(time)),
    [0, 1, 2, 1, 2, 1, 0],
  );
  assert.equal(pool.shutdownAt, 110);
});

test('a process pool’s tasks run in other processes than they were submitted in, and die with them', () => {
  const [pool, task] = [firstSharedObject + 4, 0xc000_0001];
  const tasks = tasksOf([
    { kind: Kind.executor_open, time: 0, object: pool, argument: 2 },
    { kind: Kind.task_submit, time: 10, object: task, detail: pool },
    { kind: Kind.task_submit, time: 10, object: task + 1, detail: pool },
    { kind: Kind.task_start, time: 20, process: 2, object: task, detail: 7 },
    { kind: Kind.task_start, time: 20, process: 3, object: task + 1, detail: pool },
    { kind: Kind.task_finish, time: 30, process: 3, object: task + 1, detail: 0 },
    { kind: Kind.process_end, time: 50, process: 1, thread: 9, argument: 2, detail: -9 },
  ]);
  const { executors } = tasks;
  assert.equal(executors.length, 1);
  assert.deepEqual(
    tasks.firstTasks(executors[0]!).map(({ state, process, finished }) => [state, process, finished]),
    [
      ['failed', 2, 50],
      ['done', 3, 30],
    ],
  );
  assert.deepEqual(
    tasks.workersOf(executors[0]!).map(({ process, busy }) => [process, busy]),
    [
      [2, 30],
      [3, 10],
    ],
  );
  assert.deepEqual([executors[0]!.running.last, executors[0]!.waiting.last], [0, 0]);
});

test('a task that was taken before it was seen to be submitted is one task', () => {
  const tasks = tasksOf([
    { kind: Kind.task_start, time: 20, process: 2, object: 0xc000_0000, detail: firstSharedObject },
    { kind: Kind.task_submit, time: 20, process: 1, object: 0xc000_0000, detail: firstSharedObject },
  ]);
  const [pool] = tasks.executors;
  assert.deepEqual(
    tasks.firstTasks(pool!).map(({ state }) => state),
    ['running'],
  );
  assert.equal(pool!.waiting.last, 0);
});

test('a worker is as busy as its tasks are long', () => {
  const tasks = tasksOf(run);
  const [pool] = tasks.executors;
  assert.ok(pool);
  const [second, third] = tasks.workersOf(pool);
  assert.deepEqual([second!.thread, second!.tasks, second!.busy], [2, 2, 70]);
  assert.equal(utilisation(second!, pool, 1000), 0.7, 'what comes after the last task does not count');
  assert.equal(utilisation(third!, pool, 1000), 0.5);
});

test('a task that still runs counts as busy until now', () => {
  const tasks = tasksOf(run.slice(0, 6));
  const [pool] = tasks.executors;
  assert.ok(pool);
  assert.equal(utilisation(tasks.workersOf(pool)[0]!, pool, 40), 0.5);
});

test('a task whose submission was lost did not wait', () => {
  const tasks = tasksOf([{ kind: Kind.task_start, time: 20, thread: 2, object: 9, detail: executor }]);
  assert.equal(tasks.find(1, 9)?.state, 'running');
  assert.equal(tasks.executors[0]!.waiting.last, 0);
});

test('a second end of a task changes nothing', () => {
  const again: FakeRecord[] = [...run, { kind: Kind.task_finish, time: 120, thread: 2, object: 3, detail: 0 }];
  assert.deepEqual(plain(tasksOf(again)), plain(tasksOf(run)));
});

test('the number of a task is the same wherever it is asked for', () => {
  for (let seed = 1; seed <= 4; seed += 1) {
    const records = new FakeRecords(randomRun(seed, 3000));
    const [tasks, numbers] = [new Tasks(), new TaskNumbers()];
    for (const fold of [tasks, numbers]) fold.take(records, 0, records.length);
    const all = tasks.executors.flatMap((each) => tasks.firstTasks(each));
    assert.ok(all.length > 40);
    for (const { future, number } of all) assert.equal(numbers.of(1, future), number);
    assert.equal(numbers.of(1, 7), undefined);
  }
});

test('a worker that runs a task within a task is as busy as the outer one is long', () => {
  const tasks = tasksOf([
    { kind: Kind.executor_open, time: 0, object: executor, argument: 1 },
    { kind: Kind.task_submit, time: 0, object: 1, detail: executor },
    { kind: Kind.task_start, time: 10, thread: 2, object: 1, detail: executor },
    { kind: Kind.task_submit, time: 20, thread: 2, object: 2, detail: executor },
    { kind: Kind.task_start, time: 30, thread: 2, object: 2, detail: executor },
    { kind: Kind.task_finish, time: 50, thread: 2, object: 2, detail: 0 },
    { kind: Kind.task_finish, time: 90, thread: 2, object: 1, detail: 0 },
  ]);
  assert.deepEqual(
    tasks.workersOf(tasks.executors[0]!).map(({ tasks: count, busy, since }) => [count, busy, since]),
    [[2, 80, NaN]],
  );
});
