import { Kind, Reason, Unblocked } from '../trace/kinds.ts';
import { Entities } from './entities.ts';
import type { Entity } from './entities.ts';
import { Fold, ownerOf, threadKey } from './fold.ts';
import type { Records } from './fold.ts';
import { Holding } from './holding.ts';
import { Steps } from './steps.ts';

/** One thread's use of a GIL. */
export interface GilUser extends Entity {
  /** Place of the GIL. */
  gil: number;
  process: number;
  thread: number;
  /** Time it held the GIL, up to its last release. */
  held: number;
  /** Since when it holds the GIL; NaN while it does not. */
  since: number;
  times: number;
  /** Time it waited for the GIL, up to the end of its last wait. */
  waited: number;
  waitingSince: number;
  longestWait: number;
}

export interface GilHistory extends Entity {
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
  /** Handovers. */
  handovers: number;
  /** Drop requests. */
  requests: Holding;
  /** Place of the last holder among the users; -1 before the first. */
  lastUser: number;
}

/** Holders of the Global Interpreter Lock over time, and how long threads waited for it. */
export class Gils extends Fold {
  private readonly gils = new Entities<GilHistory>();
  private readonly users = new Entities<GilUser>();
  /** Places of the users that wait, by thread. */
  private readonly waiting = new Map<number, number>();

  get list(): readonly GilHistory[] {
    return this.gils.list;
  }

  usersOf(gil: GilHistory): GilUser[] {
    return this.users.list.filter((user) => user.gil === gil.place);
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      const kind = records.kind(index);
      switch (kind) {
        case Kind.gil_open: {
          const gil = this.gilOf(records, index);
          gil.interval = records.argument(index);
          break;
        }
        case Kind.gil_acquire:
          this.acquire(records, index);
          break;
        case Kind.gil_release:
          this.release(records, index);
          break;
        case Kind.gil_request:
          this.gilOf(records, index).requests.push(records.time(index), records.thread(index));
          break;
        case Kind.gil_close:
          this.gilOf(records, index).closedAt = records.time(index);
          break;
        case Kind.blocked:
          if (records.detail(index) === Reason.gil) this.wait(records, index);
          break;
        case Kind.unblocked:
          // A thread whose switch interval has passed sends a drop request, and goes on waiting.
          if (records.detail(index) !== Unblocked.timed_out) this.endWait(records, index);
          break;
        case Kind.thread_end:
          this.endWait(records, index);
          break;
        case Kind.process_end:
          this.endProcess(records.argumentLow(index), records.time(index));
          break;
      }
    }
  }

  /** A killed process leaves its GIL without a closing record. */
  private endProcess(process: number, time: number): void {
    for (const each of this.gils.list) {
      if (each.process !== process || !Number.isNaN(each.closedAt)) continue;
      const gil = this.gils.own(each);
      gil.closedAt = time;
      for (const user of this.usersOf(gil)) {
        if (!Number.isNaN(user.since)) this.give(gil, this.users.own(user), time);
        if (!Number.isNaN(user.waitingSince)) this.stopWaiting(gil, this.users.own(user), time);
      }
    }
  }

  private acquire(records: Records, index: number): void {
    const gil = this.gilOf(records, index);
    const user = this.userOf(gil, records, index);
    const time = records.time(index);
    if (gil.lastUser >= 0 && gil.lastUser !== user.place) gil.handovers += 1;
    gil.lastUser = user.place;
    user.times += 1;
    user.since = time;
    gil.holding.push(time, threadKey(user.process, user.thread));
  }

  private release(records: Records, index: number): void {
    const gil = this.gilOf(records, index);
    const user = this.userOf(gil, records, index);
    if (!Number.isNaN(user.since)) this.give(gil, user, records.time(index));
  }

  private give(gil: GilHistory, user: GilUser, time: number): void {
    user.held += time - user.since;
    user.since = NaN;
    gil.holding.push(time, 0);
  }

  private wait(records: Records, index: number): void {
    const gil = this.gilOf(records, index);
    const user = this.userOf(gil, records, index);
    if (!Number.isNaN(user.waitingSince)) return;
    user.waitingSince = records.time(index);
    this.waiting.set(threadKey(user.process, user.thread), user.place);
    gil.waiting.push(records.time(index), gil.waiting.last + 1);
  }

  private endWait(records: Records, index: number): void {
    const place = this.waiting.get(threadKey(records.process(index), records.thread(index)));
    if (place === undefined) return;
    const user = this.users.own(this.users.list[place]!);
    this.stopWaiting(this.gils.own(this.gils.list[user.gil]!), user, records.time(index));
  }

  private stopWaiting(gil: GilHistory, user: GilUser, time: number): void {
    user.waited += time - user.waitingSince;
    user.longestWait = Math.max(user.longestWait, time - user.waitingSince);
    user.waitingSince = NaN;
    this.waiting.delete(threadKey(user.process, user.thread));
    gil.waiting.push(time, gil.waiting.last - 1);
  }

  private gilOf(records: Records, index: number): GilHistory {
    const [process, object] = [records.process(index), records.object(index)];
    const owner = ownerOf(process, object);
    return this.gils.get(owner, object, () => ({
      process,
      object,
      interval: NaN,
      opened: records.time(index),
      closedAt: NaN,
      holding: new Holding(),
      waiting: new Steps(),
      handovers: 0,
      requests: new Holding(),
      lastUser: -1,
    }));
  }

  private userOf(gil: GilHistory, records: Records, index: number): GilUser {
    const [process, thread] = [records.process(index), records.thread(index)];
    const group = gil.place * 2 ** 32 + process;
    return this.users.get(group, thread, () => ({
      gil: gil.place,
      process,
      thread,
      held: 0,
      since: NaN,
      times: 0,
      waited: 0,
      waitingSince: NaN,
      longestWait: 0,
    }));
  }
}

/** Time the thread has held it so far. */
export function heldBy(user: GilUser, now: number): number {
  return user.held + (Number.isNaN(user.since) ? 0 : Math.max(0, now - user.since));
}

export function waitedBy(user: GilUser, now: number): number {
  return user.waited + (Number.isNaN(user.waitingSince) ? 0 : Math.max(0, now - user.waitingSince));
}

export function longestWaitOf(user: GilUser, now: number): number {
  return Math.max(user.longestWait, Number.isNaN(user.waitingSince) ? 0 : now - user.waitingSince);
}
