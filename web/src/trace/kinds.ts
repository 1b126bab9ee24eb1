/** What records say. The numbers are the trace format, version 1: they are never reused. */
export const Kind = {
  thread_start: 1,
  thread_end: 2,
  blocked: 3,
  unblocked: 4,
  lock_acquire: 5,
  lock_release: 6,
  condition_notify: 7,
  event_set: 8,
  event_clear: 9,
  queue_put: 10,
  queue_get: 11,
  queue_task_done: 12,
  queue_shutdown: 13,
  queue_open: 14,
  task_submit: 15,
  task_start: 16,
  task_finish: 17,
  task_cancel: 18,
  executor_open: 19,
  executor_shutdown: 20,
  run_start: 21,
  run_end: 22,
  progress: 23,
  mark: 25,
  semaphore_open: 26,
  semaphore_acquire: 27,
  semaphore_release: 28,
  barrier_open: 29,
  barrier_arrive: 30,
  barrier_pass: 31,
  barrier_break: 32,
  barrier_reset: 33,
  read_acquire: 34,
  read_release: 35,
  write_acquire: 36,
  write_release: 37,
  shared_load: 38,
  shared_store: 39,
  gil_open: 40,
  gil_acquire: 41,
  gil_release: 42,
  gil_request: 43,
  gil_close: 44,
  executor_broken: 45,
  process_start: 46,
  process_end: 47,
  process_signal: 48,
  process_memory: 49,
  pipe_send: 50,
  pipe_receive: 51,
  pipe_close: 52,
  abandon: 53,
  string: 128,
  thread_name: 129,
  object_name: 130,
  console: 131,
  parameter: 132,
  result: 133,
  check: 134,
  image: 135,
  tile: 136,
  error: 137,
  deadlock: 138,
  sample: 139,
  row: 140,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** What a thread waits for: the detail of a `blocked` record. */
export const Reason = {
  lock: 1,
  condition: 2,
  event: 3,
  queue_get: 4,
  queue_put: 5,
  queue_join: 6,
  future: 7,
  thread_join: 8,
  sleep: 9,
  task: 10,
  semaphore: 11,
  barrier: 12,
  executor: 13,
  process: 14,
  pipe: 15,
  gil: 16,
  read_lock: 17,
  write_lock: 18,
  pool: 19,
} as const;
export type Reason = (typeof Reason)[keyof typeof Reason];

/** The detail of an `object_name` record. */
export const ObjectType = {
  lock: 1,
  condition: 2,
  event: 3,
  queue: 4,
  future: 5,
  executor: 6,
  thread: 7,
  rlock: 8,
  semaphore: 9,
  barrier: 10,
  read_write_lock: 11,
  shared: 12,
  gil: 13,
  process: 14,
  pipe: 15,
  pool: 16,
} as const;
export type ObjectType = (typeof ObjectType)[keyof typeof ObjectType];

/**
 * Objects that several processes share have numbers from here on, the same in each of them; their
 * sequence numbers run on from process to process.
 */
export const firstSharedObject = 0x8000_0000;

/** The detail of a `thread_end` record. */
export const ThreadEnd = { returned: 0, exception: 1, stopped: 2, with_process: 3 } as const;
export type ThreadEnd = (typeof ThreadEnd)[keyof typeof ThreadEnd];

/** The detail of an `unblocked` record. */
export const Unblocked = { woken: 0, timed_out: 1, stopped: 2 } as const;
export type Unblocked = (typeof Unblocked)[keyof typeof Unblocked];

/** The detail of a `gil_release` record. */
export const GilRelease = { waits: 0, requested: 1, ended: 2 } as const;
export type GilRelease = (typeof GilRelease)[keyof typeof GilRelease];

const firstKindWithPayload = 128;

export function hasPayload(kind: number): boolean {
  return kind >= firstKindWithPayload;
}

function namesOf(what: string, numbers: Record<string, number>): (number: number) => string {
  const names = new Map(Object.entries(numbers).map(([name, number]) => [number, name]));
  return (number) => names.get(number) ?? `${what} ${number}`;
}

export const kindName = /* @__PURE__ */ namesOf('kind', Kind);
export const reasonName = /* @__PURE__ */ namesOf('reason', Reason);
