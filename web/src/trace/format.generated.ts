// Generated from src/weft/trace by src/playground/format.cpp: not to be edited.

/** Of rings and files. */
export const formatVersion = 2;

/** What a record says. */
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
  thread_join: 54,
  task_suspend: 55,
  task_resume: 56,
  work_begin: 57,
  work_end: 58,
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

/** Records of kinds from here on are followed by a payload. */
export const firstKindWithPayload = 128;

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
  trace_full: 20,
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

/** The detail of a `thread_end` record. */
export const ThreadEnd = {
  returned: 0,
  exception: 1,
  stopped: 2,
  with_process: 3,
  deadlock: 4,
} as const;
export type ThreadEnd = (typeof ThreadEnd)[keyof typeof ThreadEnd];

/** How a wait ended: the detail of an `unblocked` record. */
export const Unblocked = {
  woken: 0,
  timed_out: 1,
  stopped: 2,
  deadlock: 3,
} as const;
export type Unblocked = (typeof Unblocked)[keyof typeof Unblocked];

/** The detail of a `gil_release` record. */
export const GilRelease = {
  waits: 0,
  requested: 1,
  ended: 2,
} as const;
export type GilRelease = (typeof GilRelease)[keyof typeof GilRelease];

/** What simulated work stands for: the argument of a `work_begin` record. */
export const Work = {
  computes: 1,
  waits: 2,
} as const;
export type Work = (typeof Work)[keyof typeof Work];

/** Kinds whose argument has in its upper half the string id of a place in the source. */
export const kindsWithWhere = [1, 3, 5, 7, 8, 10, 11, 15, 27, 30, 34, 36, 54] as const;

/** Objects that several processes share have numbers from here on, the same in each of them; their sequence numbers run on from process to process. */
export const firstSharedObject = 2147483648;

/** Bytes of a record. A payload fills whole slots of that size after it. */
export const slotBytes = 32;

/** Words of a record, from its first; little endian. */
export const recordWord = {
  timeLow: 0,
  timeHigh: 1,
  argumentLow: 2,
  argumentHigh: 3,
  object: 4,
  sequence: 5,
  detail: 6,
  kindAndThread: 7,
} as const;

/** First word of a directory: "WTRC". */
export const directoryMagic = 1129469015;

/** Words of the directory of a process's rings. */
export const directoryWord = {
  magic: 0,
  version: 1,
  process: 2,
  ringCapacity: 3,
  ringLimit: 4,
  ringCount: 5,
  firstRing: 8,
} as const;

/** Words of a ring. */
export const ringWord = {
  head: 0,
  tail: 16,
  dropped: 32,
  backlog: 33,
  slots: 48,
} as const;

/** First bytes of a file, before its version in one digit. */
export const fileMagic = 'WEFTTRC';
