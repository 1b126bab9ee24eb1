import { Kind, Reason, ThreadEnd, Unblocked, Work } from '../trace/kinds.ts';
import { Bytes, Floats, Words, lastAtMost } from './columns.ts';
import { Entities } from './entities.ts';
import type { Entity } from './entities.ts';
import { Forkable } from './forkable.ts';
import { Fold } from './fold.ts';
import type { Records } from './fold.ts';

/**
 * What a thread does in a span: running, the reason (of a `blocked` record) it waits for, or one of these. Work is
 * simulated; a span of it has the string id of its name in the place of the object. Ready is who was woken and does not
 * run yet; a span of it has the number of the waker there, 0 if that is a thread of another process.
 */
export const running = 0;
export const computing = 26;
export const doingIo = 27;
export const ready = 28;
export const unwinding = 29;
/** A reason of a later version of the format. */
const otherReason = 30;
export const absent = 31;
export const stateCount = 32;

export const isWait = (state: number) => (state > running && state < computing) || state === otherReason;
export const isWork = (state: number) => state === computing || state === doingIo;

/** Spans a block: the sums of whole blocks let a column of pixels add up thousands of spans cheaply. */
const blockLength = 64;

export class Lane extends Forkable implements Entity {
  place = 0;
  stamp = 0;
  /** A span lasts until the next one starts; the last is open. */
  readonly starts = new Floats();
  readonly states = new Bytes();
  readonly objects = new Words();
  /** How the wait before this span ended (the detail of `unblocked`). */
  readonly wakes = new Bytes();
  /** Time a state within each full block of spans. */
  private readonly blocks = new Floats();
  /** Spans. */
  count = 0;

  readonly taskStarts = new Floats();
  private readonly taskEnds = new Floats();
  readonly taskFutures = new Words();
  private readonly taskFailures = new Bytes();
  taskCount = 0;
  /** Tasks that run, from the outermost to the innermost. */
  private openTasks: readonly number[] = [];
  /** Work that it is at, from the outermost to the innermost. */
  private openWork: readonly { state: number; name: number }[] = [];
  /** The first span in which it only unwinds, as a deadlock has ended its wait. */
  unwindsFrom = Infinity;

  readonly process: number;
  readonly thread: number;
  parent = 0;
  /** NaN while the thread lives. */
  end = NaN;
  /** Detail of `thread_end`. */
  ending = 0;

  constructor(process: number, thread: number, start: number) {
    super();
    this.process = process;
    this.thread = thread;
    this.push(start, running, 0, 0);
  }

  get start(): number {
    return this.starts.at(0);
  }

  get isRunning(): boolean {
    return this.states.at(this.count - 1) === running;
  }

  /** NaN while the task runs. */
  taskEnd(task: number): number {
    return this.openTasks.includes(task) ? NaN : this.taskEnds.at(task);
  }

  taskFailed(task: number): boolean {
    return !this.openTasks.includes(task) && this.taskFailures.at(task) === 1;
  }

  /** Bit of the state, as all that add spans return: of what they added. */
  push(time: number, state: number, object: number, wake: number): number {
    const index = this.count;
    this.starts.put(index, time);
    this.states.put(index, state);
    this.objects.put(index, object);
    this.wakes.put(index, wake);
    this.count = index + 1;
    if (index > 0 && index % blockLength === 0) this.closeBlock(index - blockLength);
    return 1 << state;
  }

  wait(time: number, reason: number, object: number): number {
    // Simulated work sleeps: that is no wait.
    if (reason === Reason.sleep && isWork(this.states.at(this.count - 1))) return 0;
    return this.push(time, reason < computing ? reason : otherReason, object, 0);
  }

  /**
   * The end of a wait. The record that woke the thread does not say whom it wakes; the end of the wait names it. So only
   * what has read that end tells the two parts of the wait from each other, and until then all of it is a wait: ready
   * never is what is open.
   */
  wake(time: number, outcome: number, readyFrom: number, waker: number): number {
    const last = this.count - 1;
    const state = this.states.at(last);
    let added = 0;
    // A thread that waits for the GIL is ready all the while.
    if (readyFrom < time && isWait(state) && state !== Reason.gil) {
      added = this.push(Math.max(readyFrom, this.starts.at(last)), ready, waker, 0);
    }
    if (outcome === Unblocked.deadlock) this.unwindsFrom = Math.min(this.unwindsFrom, this.count);
    return added | this.goOn(time, outcome);
  }

  beginWork(time: number, standsFor: number, name: number): number {
    this.openWork = [...this.openWork, { state: standsFor === Work.waits ? doingIo : computing, name }];
    return this.goOn(time, 0);
  }

  endWork(time: number): number {
    this.openWork = this.openWork.slice(0, -1);
    return this.goOn(time, 0);
  }

  /** Back to what it is at besides waiting, if it is not at that already. */
  private goOn(time: number, wake: number): number {
    const work = this.openWork.at(-1);
    const state = this.unwindsFrom < Infinity ? unwinding : (work?.state ?? running);
    const object = isWork(state) ? work!.name : 0;
    const last = this.count - 1;
    if (this.states.at(last) === state && this.objects.at(last) === object) return 0;
    return this.push(time, state, object, wake);
  }

  startTask(time: number, future: number): void {
    this.openTasks = [...this.openTasks, this.taskCount];
    this.taskStarts.put(this.taskCount, time);
    this.taskFutures.put(this.taskCount, future);
    this.taskCount += 1;
  }

  finishTask(time: number, failed: boolean): void {
    const task = this.openTasks.at(-1);
    if (task === undefined) return;
    this.openTasks = this.openTasks.slice(0, -1);
    this.taskEnds.put(task, time);
    this.taskFailures.put(task, failed ? 1 : 0);
  }

  finish(time: number, ending: number): void {
    this.end = time;
    this.ending = ending;
    this.push(time, absent, 0, 0);
    while (this.openTasks.length > 0) this.finishTask(time, true);
  }

  /** End of the span, where `now` is the end of what is still open. */
  spanEnd(index: number, now: number): number {
    return index + 1 < this.count ? this.starts.at(index + 1) : Math.max(now, this.starts.at(index));
  }

  /** The span that holds the time, or -1 before the first. */
  spanAt(time: number): number {
    return lastAtMost(this.starts, this.count, time);
  }

  /** The task that runs at the time, the innermost if one runs within another, or -1. */
  taskAt(time: number, now: number): number {
    let index = lastAtMost(this.taskStarts, this.taskCount, time);
    for (let back = 0; index >= 0 && back < 8; index -= 1, back += 1) {
      const end = this.taskEnd(index);
      if (time < (Number.isNaN(end) ? now : end)) return index;
    }
    return -1;
  }

  /**
   * Adds to `sums` the time a state within [from, to). `hint` is a span at or before the one that holds `from`;
   * returned is the one that holds `to`, the hint for the next column.
   */
  addUp(from: number, to: number, now: number, hint: number, sums: Float64Array): number {
    const starts = this.starts.data;
    const states = this.states.data;
    const { count } = this;
    let index = hint;
    while (index + 1 < count && starts[index + 1]! <= from) index += 1;
    let time = Math.max(from, starts[index]!);
    while (time < to) {
      if (index % blockLength === 0 && time === starts[index]! && index + blockLength < count && starts[index + blockLength]! <= to) {
        const block = (index / blockLength) * stateCount;
        for (let state = 0; state < stateCount; state += 1) sums[state]! += this.blocks.data[block + state]!;
        index += blockLength;
        time = starts[index]!;
        continue;
      }
      const end = index + 1 < count ? starts[index + 1]! : now;
      if (end >= to || index + 1 >= count) {
        sums[states[index]!]! += Math.max(0, Math.min(end, to) - time);
        break;
      }
      sums[states[index]!]! += end - time;
      index += 1;
      time = end;
    }
    return index;
  }

  /** The longest span that touches [from, to): what a column of pixels stands for when it is pointed at. */
  longestIn(from: number, to: number, now: number): number {
    let best = this.spanAt(from);
    let bestLength = -1;
    const last = Math.min(this.count, Math.max(0, best) + 20_000);
    for (let index = Math.max(0, best); index < last && this.starts.at(index) < to; index += 1) {
      const length = Math.min(to, this.spanEnd(index, now)) - Math.max(from, this.starts.at(index));
      if (length > bestLength) [best, bestLength] = [index, length];
    }
    return best;
  }

  private closeBlock(first: number): void {
    blockSums.fill(0);
    for (let index = first; index < first + blockLength; index += 1) {
      blockSums[this.states.at(index)]! += this.starts.at(index + 1) - this.starts.at(index);
    }
    const base = (first / blockLength) * stateCount;
    for (let state = 0; state < stateCount; state += 1) this.blocks.put(base + state, blockSums[state]!);
  }
}

const blockSums = new Float64Array(stateCount);

/** States of every thread over time: the timeline's lanes. */
export class Lanes extends Fold {
  private readonly lanes = new Entities<Lane>();
  /** Bit n is set once some thread has been in state n. */
  seen = 1 << running;
  /** Threads that run now, as far as the records tell, and the most there were at once. */
  private runningNow = 0;
  mostRunning = 0;

  /** In the order in which the threads appeared. */
  get list(): readonly Lane[] {
    return this.lanes.list;
  }

  get hasWork(): boolean {
    return (this.seen & ((1 << computing) | (1 << doingIo))) !== 0;
  }

  find(process: number, thread: number): Lane | undefined {
    return this.lanes.find(process, thread);
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      const kind = records.kind(index);
      if (kind === Kind.string || kind === Kind.object_name) continue;
      const time = records.time(index);
      if (tellsOfProcess(kind)) {
        if (kind === Kind.process_end) this.endProcess(records.argumentLow(index), time, records.detail(index));
        continue;
      }
      const lane = this.laneOf(records.process(index), records.thread(index), time);
      if (!Number.isNaN(lane.end)) {
        // The record of a process's end may precede the last records of its threads.
        if (kind === Kind.thread_end) this.lanes.own(lane).ending = records.detail(index);
        continue;
      }
      const wasRunning = lane.isRunning;
      switch (kind) {
        case Kind.thread_start:
          this.lanes.own(lane).parent = records.detail(index);
          break;
        case Kind.thread_end:
          this.lanes.own(lane).finish(time, records.detail(index));
          break;
        case Kind.blocked:
          this.seen |= this.lanes.own(lane).wait(time, records.detail(index), records.object(index));
          break;
        case Kind.unblocked: {
          const waker = records.wakerRecord(index);
          const isNear = waker >= 0 && records.process(waker) === lane.process;
          this.seen |= this.lanes
            .own(lane)
            .wake(time, records.detail(index), waker < 0 ? time : records.time(waker), isNear ? records.thread(waker) : 0);
          break;
        }
        case Kind.work_begin:
          this.seen |= this.lanes.own(lane).beginWork(time, records.argumentLow(index), records.detail(index));
          break;
        case Kind.work_end:
          this.seen |= this.lanes.own(lane).endWork(time);
          break;
        case Kind.task_start:
          this.lanes.own(lane).startTask(time, records.object(index));
          break;
        case Kind.task_finish:
          this.lanes.own(lane).finishTask(time, records.detail(index) !== 0);
          break;
        default:
          continue;
      }
      // In a fork the lane may have become another, which the fork writes to.
      this.countRunning(wasRunning, this.lanes.find(lane.process, lane.thread)!.isRunning);
    }
  }

  private countRunning(before: boolean, after: boolean): void {
    this.runningNow += Number(after) - Number(before);
    this.mostRunning = Math.max(this.mostRunning, this.runningNow);
  }

  /** Threads of a killed process, and main threads, leave no record of their end. */
  private endProcess(process: number, time: number, exitCode: number): void {
    for (const lane of this.lanes.list) {
      if (lane.process !== process || !Number.isNaN(lane.end)) continue;
      this.countRunning(lane.isRunning, false);
      this.lanes.own(lane).finish(time, lane.thread === 1 && exitCode === 0 ? ThreadEnd.returned : ThreadEnd.with_process);
    }
  }

  private laneOf(process: number, thread: number, time: number): Lane {
    const known = this.lanes.find(process, thread);
    if (known) return known;
    this.countRunning(false, true);
    return this.lanes.add(process, thread, new Lane(process, thread, time));
  }
}

/** These records are the supervisor's, and say nothing of the thread that wrote them. */
function tellsOfProcess(kind: number): boolean {
  switch (kind) {
    case Kind.process_start:
    case Kind.process_end:
    case Kind.process_signal:
    case Kind.process_memory:
    case Kind.pipe_close:
    case Kind.abandon:
      return true;
    default:
      return false;
  }
}
