import { Kind } from '../trace/kinds.ts';
import { Bytes, Floats, Words } from './columns.ts';
import { Entities, Places } from './entities.ts';
import type { Entity } from './entities.ts';
import { Fold, ownerOf } from './fold.ts';
import type { Records } from './fold.ts';
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
  /** Place in the trace of the record of its start; NaN until then. */
  record: number;
}

export interface Worker extends Entity {
  /** Place of the executor. */
  executor: number;
  process: number;
  thread: number;
  tasks: number;
  /** Time spent in finished tasks. */
  busy: number;
  /** Tasks that it is in: one may run within another. */
  depth: number;
  /** Start of the outermost task that runs, NaN between tasks. */
  since: number;
}

export interface Executor extends Entity {
  process: number;
  object: number;
  maxWorkers: number;
  opened: number;
  /** NaN until shutdown. */
  shutdownAt: number;
  /** Places of its tasks, in the order in which they were submitted. */
  taskPlaces: Words;
  taskCount: number;
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

const never = 2 ** 32 - 1;

/**
 * The tasks of all executors, a row each. What a row says of a start or an end holds from the record on that told of it;
 * its index stands beside it.
 */
class TaskColumns {
  readonly future = new Words();
  readonly executor = new Words();
  readonly number = new Words();
  readonly submitted = new Floats();
  readonly started = new Floats();
  readonly startRecord = new Words();
  readonly process = new Words();
  readonly thread = new Words();
  readonly finished = new Floats();
  readonly finishRecord = new Words();
  readonly failed = new Bytes();
  /** Rows that are there, those of tasks included that a fork has yet to meet. */
  rows = 0;
  /** Places by owner and future. */
  readonly places = new Places();
}

/** Tasks of every executor: who waited how long, which worker ran what, how busy the workers were. */
export class Tasks extends Fold {
  private readonly executorEntities = new Entities<Executor>();
  private readonly workers = new Entities<Worker>();
  private readonly columns = new TaskColumns();
  /** Tasks submitted. */
  private count = 0;
  /** Records taken, without the one that is being taken: what a fork meets of that one's doing does not count yet. */
  private taken = 0;

  workersOf(executor: Executor): Worker[] {
    return this.workers.list.filter((worker) => worker.executor === executor.place);
  }

  /** The tasks of the executor that were submitted first. */
  firstTasks(executor: Executor, most = Infinity): Task[] {
    return Array.from({ length: Math.min(most, executor.taskCount) }, (_, place) => this.task(executor.taskPlaces.at(place)));
  }

  find(process: number, future: number): Task | undefined {
    const place = this.placeOf(process, future);
    return place < 0 ? undefined : this.task(place);
  }

  get executors(): readonly Executor[] {
    return this.executorEntities.list;
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      const kind = records.kind(index);
      if ((kind < Kind.task_submit || kind > Kind.executor_shutdown) && kind !== Kind.process_end) continue;
      this.taken = index;
      const time = records.time(index);
      const process = records.process(index);
      const object = records.object(index);
      switch (kind) {
        case Kind.process_end:
          this.endProcess(records.argumentLow(index), time);
          break;
        case Kind.executor_open:
          this.executorOf(process, object, time).maxWorkers = records.argument(index);
          break;
        case Kind.executor_shutdown:
          this.executorOf(process, object, time).shutdownAt = time;
          break;
        case Kind.task_submit:
          this.submit(process, object, records.detail(index), time);
          break;
        case Kind.task_start:
          this.start(process, object, records.detail(index), records.thread(index), time);
          break;
        case Kind.task_finish:
          this.finish(this.placeOf(process, object), records.detail(index) !== 0, time);
          break;
        case Kind.task_cancel:
          this.cancel(this.placeOf(process, object), time);
          break;
      }
    }
    this.taken = to;
  }

  /** Place of the task, -1 if it is not known. */
  private placeOf(process: number, future: number): number {
    // In a fork, the table may know of tasks that are yet to come.
    const place = this.columns.places.get(ownerOf(process, future), future) ?? -1;
    return place < this.count ? place : -1;
  }

  private stateOf(place: number): TaskState {
    const { startRecord, finishRecord, failed } = this.columns;
    const hasFinished = finishRecord.at(place) < this.taken;
    if (startRecord.at(place) >= this.taken) return hasFinished ? 'cancelled' : 'waiting';
    if (!hasFinished) return 'running';
    return failed.at(place) === 1 ? 'failed' : 'done';
  }

  private task(place: number): Task {
    const columns = this.columns;
    const state = this.stateOf(place);
    const hasStarted = state !== 'waiting' && state !== 'cancelled';
    const hasFinished = state !== 'waiting' && state !== 'running';
    return {
      future: columns.future.at(place),
      number: columns.number.at(place),
      submitted: columns.submitted.at(place),
      started: hasStarted ? columns.started.at(place) : NaN,
      finished: hasFinished ? columns.finished.at(place) : NaN,
      process: hasStarted ? columns.process.at(place) : NaN,
      thread: hasStarted ? columns.thread.at(place) : NaN,
      state,
      record: hasStarted ? columns.startRecord.at(place) : NaN,
    };
  }

  /** Place of the task. */
  private submit(process: number, future: number, executorObject: number, time: number): number {
    const executor = this.executorOf(process, executorObject, time);
    const known = this.placeOf(process, future);
    if (known >= 0) return known;
    const columns = this.columns;
    const place = this.count;
    this.count += 1;
    columns.places.set(ownerOf(process, future), future, place);
    columns.future.put(place, future);
    columns.executor.put(place, executor.place);
    columns.number.put(place, executor.taskCount + 1);
    columns.submitted.put(place, time);
    // A fork meets rows that have got further already.
    if (place >= columns.rows) {
      columns.startRecord.put(place, never);
      columns.finishRecord.put(place, never);
      columns.rows = place + 1;
    }
    executor.taskPlaces.put(executor.taskCount, place);
    executor.taskCount += 1;
    executor.waiting.push(time, executor.waiting.last + 1);
    return place;
  }

  private start(process: number, future: number, executorObject: number, thread: number, time: number): void {
    let place = this.placeOf(process, future);
    // A trace that lost the submission still shows the task, as one that did not wait. A process that works for the
    // pool of another may not know its number.
    if (place < 0) place = this.submit(process, future, executorObject, time);
    if (this.stateOf(place) !== 'waiting') return; // a task starts once
    const columns = this.columns;
    columns.started.put(place, time);
    columns.startRecord.put(place, this.taken);
    columns.process.put(place, process);
    columns.thread.put(place, thread);
    const executor = this.ownExecutor(place);
    const waited = time - columns.submitted.at(place);
    executor.waiting.push(time, executor.waiting.last - 1);
    executor.running.push(time, executor.running.last + 1);
    executor.waitTotal += waited;
    executor.waitLongest = Math.max(executor.waitLongest, waited);
    executor.lastActive = time;
    const worker = this.workerOf(executor, process, thread);
    worker.tasks += 1;
    worker.depth += 1;
    if (worker.depth === 1) worker.since = time;
  }

  private finish(place: number, failed: boolean, time: number): void {
    if (place >= 0 && this.stateOf(place) === 'running') this.end(place, failed, time);
  }

  /** Tasks that a process was running when it died are lost. */
  private endProcess(process: number, time: number): void {
    const busy = new Set<number>();
    for (const worker of this.workers.list) {
      if (worker.process === process && !Number.isNaN(worker.since)) busy.add(worker.executor);
    }
    if (busy.size === 0) return;
    const columns = this.columns;
    for (let place = 0; place < this.count; place += 1) {
      if (!busy.has(columns.executor.at(place)) || this.stateOf(place) !== 'running') continue;
      if (columns.process.at(place) === process) this.end(place, true, time);
    }
  }

  private end(place: number, failed: boolean, time: number): void {
    const columns = this.columns;
    columns.finished.put(place, time);
    columns.finishRecord.put(place, this.taken);
    columns.failed.put(place, failed ? 1 : 0);
    const executor = this.ownExecutor(place);
    if (failed) executor.failed += 1;
    else executor.done += 1;
    executor.running.push(time, executor.running.last - 1);
    executor.lastActive = time;
    const worker = this.workerOf(executor, columns.process.at(place), columns.thread.at(place));
    worker.depth -= 1;
    if (worker.depth > 0) return;
    worker.busy += time - worker.since;
    worker.since = NaN;
  }

  private cancel(place: number, time: number): void {
    if (place < 0 || this.stateOf(place) !== 'waiting') return;
    this.columns.finished.put(place, time);
    this.columns.finishRecord.put(place, this.taken);
    const executor = this.ownExecutor(place);
    executor.cancelled += 1;
    executor.waiting.push(time, executor.waiting.last - 1);
  }

  private ownExecutor(task: number): Executor {
    return this.executorEntities.own(this.executorEntities.list[this.columns.executor.at(task)]!);
  }

  private executorOf(process: number, object: number, time: number): Executor {
    const owner = ownerOf(process, object);
    return this.executorEntities.get(owner, object, () => ({
      process,
      object,
      maxWorkers: 0,
      opened: time,
      shutdownAt: NaN,
      taskPlaces: new Words(),
      taskCount: 0,
      waiting: new Steps(),
      running: new Steps(),
      done: 0,
      failed: 0,
      cancelled: 0,
      waitTotal: 0,
      waitLongest: 0,
      lastActive: time,
    }));
  }

  private workerOf(executor: Executor, process: number, thread: number): Worker {
    const group = executor.place * 2 ** 32 + process;
    return this.workers.get(group, thread, () => ({ executor: executor.place, process, thread, tasks: 0, busy: 0, depth: 0, since: NaN }));
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
