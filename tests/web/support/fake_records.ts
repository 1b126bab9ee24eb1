import type { Records } from '../../../web/src/folds/fold.ts';
import { firstSharedObject, Kind } from '../../../web/src/trace/kinds.ts';

export interface FakeRecord {
  kind: Kind;
  time: number;
  process?: number;
  thread?: number;
  object?: number;
  detail?: number;
  argument?: number;
  argumentHigh?: number;
  payload?: Uint8Array<ArrayBuffer> | string;
}

/** Records as folds read them, from a plain list. */
export class FakeRecords implements Records {
  readonly list: FakeRecord[];

  constructor(list: FakeRecord[] = []) {
    this.list = list;
  }

  get length(): number {
    return this.list.length;
  }

  time(index: number): number {
    return this.list[index]!.time;
  }

  process(index: number): number {
    return this.list[index]!.process ?? 1;
  }

  thread(index: number): number {
    return this.list[index]!.thread ?? 1;
  }

  kind(index: number): number {
    return this.list[index]!.kind;
  }

  object(index: number): number {
    return this.list[index]!.object ?? 0;
  }

  detail(index: number): number {
    return this.list[index]!.detail ?? 0;
  }

  argument(index: number): number {
    return this.argumentLow(index) + this.argumentHigh(index) * 2 ** 32;
  }

  argumentLow(index: number): number {
    return this.list[index]!.argument ?? 0;
  }

  argumentHigh(index: number): number {
    return this.list[index]!.argumentHigh ?? 0;
  }

  payload(index: number): Uint8Array<ArrayBuffer> {
    const payload = this.list[index]!.payload ?? '';
    return typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  }

  text(index: number): string {
    return new TextDecoder().decode(this.payload(index));
  }
}

/** Numbers in [0, 1) that are the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/** A run of some threads that do a bit of everything, legal as far as order goes. */
export function randomRun(seed: number, length: number): FakeRecord[] {
  const random = randomNumbers(seed);
  const pick = (count: number) => Math.floor(random() * count);
  const list: FakeRecord[] = [{ kind: Kind.thread_start, time: 0 }, { kind: Kind.run_start, time: 0 }];
  const blocked = new Map<string, boolean>();
  const ended = new Set<string>();
  const depth = new Map<number, number>();
  const waiting: number[] = [];
  const taken = new Map<string, number>();
  let time = 0;
  let future = 1000;
  let children = 2;
  let sharedHolder = '';
  const inPipe = new Map<number, number>();
  while (list.length < length) {
    time += pick(3) === 0 ? 0 : pick(5000);
    const process = 1 + pick(2);
    const thread = 1 + pick(5);
    const who = `${process}/${thread}`;
    if (ended.has(who)) continue;
    const base = { time, process, thread };
    if (blocked.get(who)) {
      list.push({ ...base, kind: Kind.unblocked, object: 7, detail: pick(3) });
      blocked.set(who, false);
      continue;
    }
    switch (pick(17)) {
      case 0:
      case 1:
        list.push({ ...base, kind: Kind.blocked, object: 7, detail: 1 + pick(16) });
        blocked.set(who, true);
        break;
      case 2: {
        const queue = 20 + pick(2);
        depth.set(queue, (depth.get(queue) ?? 0) + 1);
        list.push({ ...base, process: 1, kind: Kind.queue_put, object: queue, argument: depth.get(queue)! });
        break;
      }
      case 3: {
        const queue = 20 + pick(2);
        if ((depth.get(queue) ?? 0) === 0) break;
        depth.set(queue, depth.get(queue)! - 1);
        list.push({ ...base, process: 1, kind: Kind.queue_get, object: queue, argument: depth.get(queue)! });
        break;
      }
      case 4:
        future += 1;
        waiting.push(future);
        list.push({ ...base, process: 1, kind: Kind.task_submit, object: future, detail: 50 });
        break;
      case 5: {
        if (process !== 1 || taken.has(who) || waiting.length === 0) break;
        const task = waiting.shift()!;
        if (pick(6) === 0) {
          list.push({ ...base, kind: Kind.task_cancel, object: task, detail: 50 });
        } else {
          taken.set(who, task);
          list.push({ ...base, kind: Kind.task_start, object: task, detail: 50 });
        }
        break;
      }
      case 6:
        if (!taken.has(who)) break;
        list.push({ ...base, kind: Kind.task_finish, object: taken.get(who)!, detail: pick(5) === 0 ? 1 : 0 });
        taken.delete(who);
        break;
      case 7:
        list.push({ ...base, kind: Kind.console, object: 1, detail: pick(8) === 0 ? 1 : 0, payload: `line ${list.length}` });
        break;
      case 8:
        list.push({ ...base, kind: Kind.progress, argument: pick(100), argumentHigh: 100 });
        break;
      case 9:
        list.push({ ...base, kind: Kind.result, payload: `figure${pick(3)}=${pick(1000)}` });
        break;
      case 10:
        list.push({ ...base, kind: Kind.check, payload: `check${pick(3)}`, detail: pick(2) });
        break;
      case 11:
        list.push({ ...base, kind: Kind.mark, detail: pick(4) });
        break;
      case 12:
        if (thread > 3 && pick(10) === 0 && !taken.has(who)) {
          list.push({ ...base, kind: Kind.thread_end, detail: pick(3) });
          ended.add(who);
        }
        break;
      case 13: {
        const pipe = firstSharedObject + pick(2);
        const sends = pick(2) === 0 || (inPipe.get(pipe) ?? 0) === 0;
        inPipe.set(pipe, (inPipe.get(pipe) ?? 0) + (sends ? 1 : -1));
        list.push({ ...base, kind: sends ? Kind.pipe_send : Kind.pipe_receive, object: pipe, argument: pick(100), detail: pick(2) });
        break;
      }
      case 14:
        if (sharedHolder === '') {
          sharedHolder = who;
          list.push({ ...base, kind: Kind.lock_acquire, object: firstSharedObject + 5 });
        } else if (sharedHolder === who) {
          sharedHolder = '';
          list.push({ ...base, kind: Kind.lock_release, object: firstSharedObject + 5 });
        }
        break;
      case 15:
        list.push({ ...base, kind: Kind.process_memory, argument: pick(1e6), argumentHigh: 16e6 });
        break;
      case 16:
        if (process !== 1 || pick(5) > 0) break;
        children += 1;
        list.push({ ...base, kind: Kind.process_start, object: firstSharedObject + children, argument: children, argumentHigh: 1 + pick(2) });
        if (pick(2) === 0) list.push({ ...base, thread: 9, kind: Kind.process_end, argument: children, detail: -9 });
        break;
    }
  }
  list.push({ kind: Kind.run_end, time: time + 1, detail: 0 });
  return list;
}
