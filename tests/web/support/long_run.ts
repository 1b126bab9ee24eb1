import type { Trace } from '../../../web/src/trace/columns.ts';
import { firstSharedObject, Kind, ObjectType, Reason } from '../../../web/src/trace/kinds.ts';
import type { RecordFields } from '../../../web/src/trace/record.ts';
import { TraceWriter } from './trace_writer.ts';

const encoder = new TextEncoder();
const threads = 12;
const pool = 900;
const gil = 901;
const semaphore = 902;

/**
 * A long run of which every fold has something to take: threads that queue, lock, wait for the GIL, run tasks of a pool,
 * print, and talk to the threads of a second process. The mix is that of the demos: half of it is waits and queues.
 */
export function longRun(records: number): Trace {
  const writer = new TraceWriter();
  const { trace } = writer;
  let time = 0;
  let state = 1;
  const random = (count: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  const put = (kind: number, thread: number, fields: Partial<RecordFields> = {}, text?: string, process = 1) => {
    time += random(4) === 0 ? 5000 : 0; // a coarse clock
    writer.add({ time, kind, thread, ...fields, ...(text === undefined ? {} : { payload: encoder.encode(text) }) }, process);
  };
  put(Kind.run_start, 1);
  put(Kind.gil_open, 1, { object: gil, argumentLow: 5_000_000 });
  put(Kind.executor_open, 1, { object: pool, argumentLow: 4 });
  put(Kind.semaphore_open, 1, { object: semaphore, argumentLow: 3 });
  put(Kind.process_start, 1, { object: firstSharedObject + 99, argumentLow: 2, argumentHigh: 1 });
  for (let thread = 2; thread <= threads; thread += 1) {
    put(Kind.thread_start, thread, { detail: 1 });
    put(Kind.thread_name, thread, {}, `worker-${thread}`);
  }
  for (let object = 1; object <= 8; object += 1) put(Kind.object_name, 1, { object, detail: ObjectType.lock }, `lock ${object}`);
  const depth = [0, 0, 0, 0];
  let future = 1000;
  while (trace.length < records - 1) {
    const thread = 2 + random(threads - 1);
    const step = random(1000);
    if (step < 330) {
      const queue = random(4);
      put(Kind.blocked, thread, { object: 100 + queue, detail: Reason.queue_get });
      put(Kind.unblocked, thread);
      const isPut = depth[queue] === 0 || random(2) === 0;
      depth[queue]! += isPut ? 1 : -1;
      put(isPut ? Kind.queue_put : Kind.queue_get, thread, { object: 100 + queue, argumentLow: depth[queue]! });
    } else if (step < 530) {
      const lock = 1 + random(8);
      put(Kind.lock_acquire, thread, { object: lock });
      put(Kind.lock_release, thread, { object: lock });
    } else if (step < 650) {
      put(Kind.blocked, thread, { object: gil, detail: Reason.gil });
      put(Kind.unblocked, thread);
      put(Kind.gil_acquire, thread, { object: gil });
      put(Kind.gil_release, thread, { object: gil });
    } else if (step < 760) {
      future += 1;
      put(Kind.task_submit, 1, { object: future, detail: pool });
      put(Kind.task_start, thread, { object: future, detail: pool });
      put(Kind.task_finish, thread, { object: future, detail: random(50) === 0 ? 1 : 0 });
    } else if (step < 820) {
      put(Kind.semaphore_acquire, thread, { object: semaphore, argumentLow: 2 });
      put(Kind.semaphore_release, thread, { object: semaphore, argumentLow: 3, detail: 1 });
    } else if (step < 880) {
      put(Kind.pipe_send, thread, { object: firstSharedObject + 3, argumentLow: 64 });
      put(Kind.pipe_receive, 1, { object: firstSharedObject + 3, argumentLow: 64 }, undefined, 2);
    } else if (step < 930) {
      put(Kind.read_acquire, thread, { object: 50 });
      put(Kind.read_release, thread, { object: 50 });
    } else if (step < 960) {
      put(Kind.progress, thread, { argumentLow: trace.length, argumentHigh: records });
    } else if (step < 985) {
      put(Kind.console, thread, { object: 1 }, `worker-${thread} has done ${trace.length}`);
    } else if (step < 990) {
      put(Kind.sample, thread, {}, `total=${random(500)}`);
    } else if (step < 995) {
      put(Kind.mark, thread, { detail: 1 });
    } else if (step < 998) {
      put(Kind.row, thread, {}, `table\t${thread}\t${trace.length}`);
    } else {
      put(Kind.result, thread, {}, `figure-${random(5)}=${trace.length}`);
    }
  }
  put(Kind.run_end, 1);
  return trace;
}
