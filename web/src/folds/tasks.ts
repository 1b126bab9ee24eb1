import { Kind } from '../trace/kinds.ts';
import { objectKey, threadKey } from './fold.ts';
import type { Fold, Records } from './fold.ts';
import { Steps } from './steps.ts';

export type TaskState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

export interface Task {
  future: number;
  /** Number of the task within its executor, from 1. */
  number: number;
  submitted: number;
  /** NaN until it happens, as are the ones below. */
  started: number;
  finished: number;
  /** Where it runs or ran. */
  process: number;
  thread: number;
  state: TaskState;
}

export interface Worker {
  process: number;
  thread: number;
  tasks: number;
  /** Time spent in finished tasks. */
  busy: number;
  /** Start of the task that runs, NaN between tasks. */
  since: number;
}

export interface Executor {
  process: number;
  object: number;
  maxWorkers: number;
  opened: number;
  /** NaN until shutdown. */
  shutdownAt: number;
  tasks: Task[];
  workers: Worker[];
  /** Tasks submitted and not yet started. */
  waiting: Steps;
  running: Steps;
  done: number;
  failed: number;
  cancelled: number;
  /** Over the tasks that started. */
  waitTotal: number;
  waitLongest: number;
  /** Time of the last start or finish, which ends what utilisation is measured over. */
  lastActive: number;
}

/** Tasks of every executor: who waited how long, which worker ran what, how busy the workers were. */
export class Tasks implements Fold {
  readonly executors: Executor[] = [];
  readonly #executorByKey = new Map<number, Executor>();
  readonly #taskByKey = new Map<number, { task: Task; executor: Executor }>();
  readonly #workerByKey = new Map<Executor, Map<number, Worker>>();

  find(process: number, future: number): Task | undefined {
    return this.#taskByKey.get(objectKey(process, future))?.task;
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      const kind = records.kind(index);
      if (kind === Kind.process_end) this.#endProcess(records.argumentLow(index), records.time(index));
      if (kind < Kind.task_submit || kind > Kind.executor_shutdown) continue;
      const time = records.time(index);
      const process = records.process(index);
      const object = records.object(index);
      switch (kind) {
        case Kind.executor_open:
          this.#executorOf(process, object, time).maxWorkers = records.argument(index);
          break;
        case Kind.executor_shutdown:
          this.#executorOf(process, object, time).shutdownAt = time;
          break;
        case Kind.task_submit:
          this.#submit(process, object, this.#executorOf(process, records.detail(index), time), time);
          break;
        case Kind.task_start:
          this.#start(process, object, records.detail(index), records.thread(index), time);
          break;
        case Kind.task_finish:
          this.#finish(process, object, records.detail(index) !== 0, time);
          break;
        case Kind.task_cancel:
          this.#cancel(process, object, time);
          break;
      }
    }
  }

  #submit(process: number, future: number, executor: Executor, time: number): { task: Task; executor: Executor } {
    const known = this.#taskByKey.get(objectKey(process, future));
    if (known) return known;
    const task: Task = {
      future, number: executor.tasks.length + 1,
      submitted: time, started: NaN, finished: NaN, process: NaN, thread: NaN, state: 'waiting',
    };
    const entry = { task, executor };
    executor.tasks.push(task);
    this.#taskByKey.set(objectKey(process, future), entry);
    executor.waiting.push(time, executor.waiting.last + 1);
    return entry;
  }

  #start(process: number, future: number, executorObject: number, thread: number, time: number): void {
    // A trace that lost the submission still shows the task, as one that did not wait. A process that works for the
    // pool of another may not know its number.
    const { task, executor } =
      this.#taskByKey.get(objectKey(process, future)) ?? this.#submit(process, future, this.#executorOf(process, executorObject, time), time);
    task.started = time;
    task.process = process;
    task.thread = thread;
    task.state = 'running';
    executor.waiting.push(time, executor.waiting.last - 1);
    executor.running.push(time, executor.running.last + 1);
    executor.waitTotal += time - task.submitted;
    executor.waitLongest = Math.max(executor.waitLongest, time - task.submitted);
    executor.lastActive = time;
    const worker = this.#workerOf(executor, process, thread);
    worker.tasks += 1;
    worker.since = time;
  }

  #finish(process: number, future: number, failed: boolean, time: number): void {
    const entry = this.#taskByKey.get(objectKey(process, future));
    if (entry?.task.state === 'running') this.#end(entry.task, entry.executor, failed, time);
  }

  /** What a process was at when it died comes to nothing. */
  #endProcess(process: number, time: number): void {
    for (const executor of this.executors) {
      if (!executor.workers.some((worker) => worker.process === process && !Number.isNaN(worker.since))) continue;
      for (const task of executor.tasks) {
        if (task.process === process && task.state === 'running') this.#end(task, executor, true, time);
      }
    }
  }

  #end(task: Task, executor: Executor, failed: boolean, time: number): void {
    task.finished = time;
    task.state = failed ? 'failed' : 'done';
    if (failed) executor.failed += 1;
    else executor.done += 1;
    executor.running.push(time, executor.running.last - 1);
    executor.lastActive = time;
    const worker = this.#workerOf(executor, task.process, task.thread);
    worker.busy += time - worker.since;
    worker.since = NaN;
  }

  #cancel(process: number, future: number, time: number): void {
    const entry = this.#taskByKey.get(objectKey(process, future));
    if (!entry || entry.task.state !== 'waiting') return;
    entry.task.state = 'cancelled';
    entry.task.finished = time;
    entry.executor.cancelled += 1;
    entry.executor.waiting.push(time, entry.executor.waiting.last - 1);
  }

  #executorOf(process: number, object: number, time: number): Executor {
    const key = objectKey(process, object);
    let executor = this.#executorByKey.get(key);
    if (!executor) {
      executor = {
        process, object, maxWorkers: 0, opened: time, shutdownAt: NaN, tasks: [], workers: [],
        waiting: new Steps(), running: new Steps(), done: 0, failed: 0, cancelled: 0,
        waitTotal: 0, waitLongest: 0, lastActive: time,
      };
      this.#executorByKey.set(key, executor);
      this.executors.push(executor);
    }
    return executor;
  }

  #workerOf(executor: Executor, process: number, thread: number): Worker {
    let workers = this.#workerByKey.get(executor);
    if (!workers) this.#workerByKey.set(executor, (workers = new Map()));
    const key = threadKey(process, thread);
    let worker = workers.get(key);
    if (!worker) {
      worker = { process, thread, tasks: 0, busy: 0, since: NaN };
      workers.set(key, worker);
      executor.workers.push(worker);
    }
    return worker;
  }
}

export function startedCount(executor: Executor): number {
  return executor.done + executor.failed + executor.running.last;
}

/** The share of the executor's working time, from its opening to its last task, that the worker spent in tasks. */
export function utilisation(worker: Worker, executor: Executor, now: number): number {
  const idleEnd = executor.running.last > 0 ? now : executor.lastActive;
  const length = idleEnd - executor.opened;
  const busy = worker.busy + (Number.isNaN(worker.since) ? 0 : Math.max(0, idleEnd - worker.since));
  return length > 0 ? Math.min(1, busy / length) : 0;
}
