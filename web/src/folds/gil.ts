import { Kind, Reason, Unblocked } from '../trace/kinds.ts';
import { objectKey, threadKey } from './fold.ts';
import type { Fold, Records } from './fold.ts';
import { Holding } from './holding.ts';
import { Steps } from './steps.ts';

/** What one thread had of the GIL. */
export interface GilUser {
  process: number;
  thread: number;
  /** Time it had the GIL, up to its last release. */
  held: number;
  /** Since when it has it; NaN while it has not. */
  since: number;
  times: number;
  /** Time it waited for it, up to the end of its last wait. */
  waited: number;
  waitingSince: number;
  longestWait: number;
}

export interface GilHistory {
  process: number;
  object: number;
  /** ns. */
  interval: number;
  opened: number;
  /** NaN while it is on. */
  closedAt: number;
  holding: Holding;
  /** Threads that wait for it. */
  waiting: Steps;
  /** Times it went from one thread to another. */
  handovers: number;
  /** Times a thread asked for it because the switch interval was over. */
  requests: Holding;
  users: GilUser[];
}

/** Who had the Global Interpreter Lock when, and who waited for it how long. */
export class Gils implements Fold {
  readonly list: GilHistory[] = [];
  readonly #byKey = new Map<number, GilHistory>();
  readonly #users = new Map<number, GilUser>();
  readonly #lastHolder = new Map<GilHistory, GilUser>();

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      const kind = records.kind(index);
      switch (kind) {
        case Kind.gil_open: {
          const gil = this.#gilOf(records, index);
          gil.interval = records.argument(index);
          break;
        }
        case Kind.gil_acquire:
          this.#acquire(records, index);
          break;
        case Kind.gil_release:
          this.#release(records, index);
          break;
        case Kind.gil_request:
          this.#gilOf(records, index).requests.push(records.time(index), records.thread(index));
          break;
        case Kind.gil_close:
          this.#gilOf(records, index).closedAt = records.time(index);
          break;
        case Kind.blocked:
          if (records.detail(index) === Reason.gil) this.#wait(records, index);
          break;
        case Kind.unblocked:
          // One that asks for it says that its patience is over, and goes on waiting.
          if (records.detail(index) !== Unblocked.timed_out) this.#endWait(records, index);
          break;
        case Kind.thread_end:
          this.#endWait(records, index);
          break;
        case Kind.process_end:
          this.#endProcess(records.argumentLow(index), records.time(index));
          break;
      }
    }
  }

  /** A process that was killed closed nothing. */
  #endProcess(process: number, time: number): void {
    for (const gil of this.list) {
      if (gil.process !== process || !Number.isNaN(gil.closedAt)) continue;
      gil.closedAt = time;
      for (const user of gil.users) {
        if (!Number.isNaN(user.since)) this.#give(gil, user, time);
        if (!Number.isNaN(user.waitingSince)) this.#stopWaiting(gil, user, time);
      }
    }
  }

  #acquire(records: Records, index: number): void {
    const gil = this.#gilOf(records, index);
    const user = this.#userOf(gil, records, index);
    const time = records.time(index);
    const last = this.#lastHolder.get(gil);
    if (last !== undefined && last !== user) gil.handovers += 1;
    this.#lastHolder.set(gil, user);
    user.times += 1;
    user.since = time;
    gil.holding.push(time, threadKey(user.process, user.thread));
  }

  #release(records: Records, index: number): void {
    const gil = this.#gilOf(records, index);
    const user = this.#userOf(gil, records, index);
    if (!Number.isNaN(user.since)) this.#give(gil, user, records.time(index));
  }

  #give(gil: GilHistory, user: GilUser, time: number): void {
    user.held += time - user.since;
    user.since = NaN;
    gil.holding.push(time, 0);
  }

  #wait(records: Records, index: number): void {
    const gil = this.#gilOf(records, index);
    const user = this.#userOf(gil, records, index);
    if (!Number.isNaN(user.waitingSince)) return;
    user.waitingSince = records.time(index);
    gil.waiting.push(records.time(index), gil.waiting.last + 1);
  }

  #endWait(records: Records, index: number): void {
    const user = this.#users.get(threadKey(records.process(index), records.thread(index)));
    if (!user || Number.isNaN(user.waitingSince)) return;
    const gil = this.list.findLast(({ process }) => process === user.process)!;
    this.#stopWaiting(gil, user, records.time(index));
  }

  #stopWaiting(gil: GilHistory, user: GilUser, time: number): void {
    user.waited += time - user.waitingSince;
    user.longestWait = Math.max(user.longestWait, time - user.waitingSince);
    user.waitingSince = NaN;
    gil.waiting.push(time, gil.waiting.last - 1);
  }

  #gilOf(records: Records, index: number): GilHistory {
    const [process, object] = [records.process(index), records.object(index)];
    const key = objectKey(process, object);
    let gil = this.#byKey.get(key);
    if (!gil) {
      gil = {
        process, object, interval: NaN, opened: records.time(index), closedAt: NaN, holding: new Holding(),
        waiting: new Steps(), handovers: 0, requests: new Holding(), users: [],
      };
      this.#byKey.set(key, gil);
      this.list.push(gil);
    }
    return gil;
  }

  #userOf(gil: GilHistory, records: Records, index: number): GilUser {
    const [process, thread] = [records.process(index), records.thread(index)];
    const key = threadKey(process, thread);
    let user = this.#users.get(key);
    if (!user || !gil.users.includes(user)) {
      user = { process, thread, held: 0, since: NaN, times: 0, waited: 0, waitingSince: NaN, longestWait: 0 };
      this.#users.set(key, user);
      gil.users.push(user);
    }
    return user;
  }
}

/** Time the thread has had it so far. */
export function heldBy(user: GilUser, now: number): number {
  return user.held + (Number.isNaN(user.since) ? 0 : Math.max(0, now - user.since));
}

export function waitedBy(user: GilUser, now: number): number {
  return user.waited + (Number.isNaN(user.waitingSince) ? 0 : Math.max(0, now - user.waitingSince));
}

export function longestWaitOf(user: GilUser, now: number): number {
  return Math.max(user.longestWait, Number.isNaN(user.waitingSince) ? 0 : now - user.waitingSince);
}
