import type { Records } from '../../../web/src/folds/fold.ts';
import { firstSharedObject, Kind } from '../../../web/src/trace/kinds.ts';

export interface FakeRecord {
  kind: Kind;
  time: number;
  process?: number;
  thread?: number;
  object?: number;
  sequence?: number;
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

  wakerRecord(index: number): number {
    const { kind, object = 0, argumentHigh: sequence = 0 } = this.list[index]!;
    if (kind !== Kind.unblocked || object === 0 || sequence === 0) return -1;
    const process = object < firstSharedObject ? this.process(index) : null;
    for (let at = index - 1; at >= 0; at -= 1) {
      const record = this.list[at]!;
      if (record.object === object && record.sequence === sequence && (process === null || this.process(at) === process)) return at;
    }
    return -1;
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
  const list: FakeRecord[] = [
    { kind: Kind.thread_start, time: 0 },
    { kind: Kind.run_start, time: 0 },
  ];
  /** By thread: how many events had been set when it began to wait. */
  const blocked = new Map<string, number>();
  const eventsSet = new Map<number, number>();
  const ended = new Set<string>();
  const depth = new Map<number, number>();
  const waiting: number[] = [];
  const taken = new Map<string, number>();
  let time = 0;
  let future = 1000;
  let children = 2;
  let sharedHolder = '';
  const inPipe = new Map<number, number>();
  const lockHolders = new Map<string, string>();
  const readers = new Map<string, number>();
  const gilHolder = new Map<number, string>();
  const gilOf = new Map<number, number>();
  let atBarrier = 0;
  let permits = 3;
  while (list.length < length) {
    time += pick(3) === 0 ? 0 : pick(5000);
    const process = 1 + pick(2);
    const thread = 1 + pick(5);
    const who = `${process}/${thread}`;
    if (ended.has(who)) continue;
    const base = { time, process, thread };
    const since = blocked.get(who);
    if (since !== undefined) {
      const set = eventsSet.get(process) ?? 0;
      if (set > since && pick(2) === 0)
        list.push({ ...base, kind: Kind.unblocked, object: 7, argumentHigh: since + 1 + pick(set - since) });
      else list.push({ ...base, kind: Kind.unblocked, object: 7, detail: pick(40) === 0 ? 3 : pick(3) });
      blocked.delete(who);
      continue;
    }
    const block = () => blocked.set(who, eventsSet.get(process) ?? 0);
    switch (pick(35)) {
      case 0:
      case 1:
        list.push({ ...base, kind: Kind.blocked, object: 7, detail: 1 + pick(16) });
        block();
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
        list.push({
          ...base,
          kind: Kind.process_start,
          object: firstSharedObject + children,
          argument: children,
          argumentHigh: 1 + pick(2),
        });
        if (pick(2) === 0) list.push({ ...base, thread: 9, kind: Kind.process_end, argument: children, detail: -9 });
        break;
      case 17:
      case 18: {
        // Locks of its own: some are written and read under, some taken again by their holder.
        const lock = 30 + pick(3);
        const key = `${process}/${lock}`;
        const reading = `${who}/${lock}`;
        if (lockHolders.get(key) === who) {
          lockHolders.delete(key);
          list.push({ ...base, kind: lock === 30 ? Kind.write_release : Kind.lock_release, object: lock });
        } else if ((readers.get(reading) ?? 0) > 0) {
          readers.set(reading, readers.get(reading)! - 1);
          list.push({ ...base, kind: Kind.read_release, object: lock });
        } else if (lock === 30 && pick(2) === 0) {
          readers.set(reading, (readers.get(reading) ?? 0) + 1);
          list.push({ ...base, kind: Kind.read_acquire, object: lock });
        } else if (!lockHolders.has(key)) {
          lockHolders.set(key, who);
          list.push({ ...base, kind: lock === 30 ? Kind.write_acquire : Kind.lock_acquire, object: lock, argument: lock === 31 ? 1 : 0 });
        }
        break;
      }
      case 19:
        permits += pick(2) === 0 && permits > 0 ? -1 : 1;
        list.push({
          ...base,
          process: 1,
          kind: [Kind.semaphore_open, Kind.semaphore_acquire, Kind.semaphore_release][pick(3)]!,
          object: 40,
          argument: permits,
          detail: 1,
        });
        break;
      case 20:
        atBarrier = (atBarrier + 1) % 4;
        list.push({
          ...base,
          process: 1,
          object: 41,
          argument: 4,
          detail: atBarrier,
          kind: [Kind.barrier_open, Kind.barrier_arrive, Kind.barrier_pass, Kind.barrier_break, Kind.barrier_reset][pick(5)]!,
        });
        break;
      case 21:
      case 22: {
        // A GIL a process, switched off and on again: another object each time.
        const gil = gilOf.get(process) ?? 60;
        gilOf.set(process, gil);
        if (gilHolder.get(process) === who) {
          gilHolder.delete(process);
          list.push({ ...base, kind: Kind.gil_release, object: gil });
          if (pick(6) === 0) {
            list.push({ ...base, kind: Kind.gil_close, object: gil });
            gilOf.set(process, gil + 1);
            list.push({ ...base, kind: Kind.gil_open, object: gil + 1, argument: 5e6 });
          }
        } else if (!gilHolder.has(process)) {
          gilHolder.set(process, who);
          list.push({ ...base, kind: Kind.gil_acquire, object: gil });
        } else {
          list.push({ ...base, kind: Kind.gil_request, object: gil }, { ...base, kind: Kind.blocked, object: gil, detail: 16 });
          block();
        }
        break;
      }
      case 23:
        list.push({ ...base, kind: Kind.sample, payload: `total-${pick(3)}=${pick(40)}` });
        break;
      case 24:
        list.push({ ...base, kind: Kind.row, payload: `table-${pick(3)}\t${who}\t${pick(100)}` });
        break;
      case 25:
        if (pick(4) === 0) list.push({ ...base, kind: Kind.error, payload: `ValueError: ${pick(100)}` });
        else list.push({ ...base, kind: Kind.parameter, payload: `given-${pick(4)}=${pick(100)}` });
        break;
      case 26:
        if (pick(6) === 0)
          list.push({ ...base, kind: Kind.image, object: 70 + pick(2), payload: `{"width":8,"height":8,"name":"picture ${list.length}"}` });
        else
          list.push({
            ...base,
            kind: Kind.tile,
            object: 70 + pick(2),
            payload: new Uint8Array([pick(7), 0, pick(7), 0, 1, 0, 1, 0, pick(256)]),
          });
        break;
      case 27:
        list.push({
          ...base,
          process: 1,
          object: 20 + pick(2),
          argument: pick(9),
          detail: pick(2),
          kind: [Kind.queue_open, Kind.queue_task_done, Kind.queue_shutdown][pick(3)]!,
        });
        break;
      case 28:
        if (pick(4) === 0)
          list.push({ ...base, kind: Kind.deadlock, payload: `{"threads":[{"thread":${thread},"name":"t"}],"cycle":[${thread}]}` });
        else
          list.push({
            ...base,
            process: 1,
            kind: pick(2) === 0 ? Kind.executor_open : Kind.executor_shutdown,
            object: 50 + pick(3),
            argument: 1 + pick(8),
          });
        break;
      case 29:
        // Names that are given anew.
        switch (pick(3)) {
          case 0:
            list.push({ ...base, kind: Kind.string, detail: pick(4), payload: `string ${list.length}` });
            break;
          case 1:
            list.push({ ...base, kind: Kind.thread_name, payload: `thread ${list.length}` });
            break;
          default:
            list.push({
              ...base,
              kind: Kind.object_name,
              object: pick(2) === 0 ? 20 + pick(2) : firstSharedObject + pick(2),
              detail: 1 + pick(16),
              payload: `object ${list.length}`,
            });
        }
        break;
      case 30:
        if (pick(3) === 0) list.push({ ...base, kind: Kind.abandon, object: firstSharedObject + pick(6) });
        else if (pick(2) === 0) list.push({ ...base, kind: Kind.process_signal, argument: 1 + pick(children), detail: 15 });
        // What a damaged trace may hold: a task that starts or ends again.
        else
          list.push({
            ...base,
            process: 1,
            kind: pick(2) === 0 ? Kind.task_start : Kind.task_finish,
            object: 1001 + pick(future - 1000),
            detail: 50,
          });
        break;
      case 31:
      case 32:
        list.push(
          pick(2) === 0 ? { ...base, kind: Kind.work_begin, argument: 1 + pick(2), detail: 1 + pick(3) } : { ...base, kind: Kind.work_end },
        );
        break;
      case 33:
      case 34:
        // What the threads that wait are woken by.
        eventsSet.set(process, (eventsSet.get(process) ?? 0) + 1);
        list.push({ ...base, kind: Kind.event_set, object: 7, sequence: eventsSet.get(process)! });
        break;
    }
  }
  list.push({ kind: Kind.run_end, time: time + 1, detail: 0 });
  return list;
}
