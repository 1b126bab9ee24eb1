// Generated from src/playground/process/control.h and src/weft/platform/process_table.h by src/playground/format.cpp: not to be edited.

/** First word of a Control block: "WEFT". */
export const controlMagic = 1413891415;

/** Of the Control block. */
export const controlVersion = 3;

/** Bytes of a Control block. */
export const controlBytes = 64;

/** Bytes from the start of a Control block. */
export const controlField = {
  magic: 0,
  version: 4,
  state: 8,
  go: 12,
  stop: 16,
  status: 20,
  directory: 24,
  mailbox: 28,
  mailboxCapacity: 32,
  mailboxLength: 36,
  origin: 40,
  process: 48,
  begun: 52,
  workers: 56,
  slot: 60,
} as const;

/** The state word of a Control block. */
export const CoreState = {
  booting: 0,
  ready: 1,
  running: 2,
  ended: 3,
} as const;

/** First word of the shared memory: "WFSH". */
export const sharedMagic = 1213417047;

/** Of the process table. */
export const sharedVersion = 1;

/** Slots of the process table. */
export const processSlots = 64;

/** Bytes from the start of the shared memory. */
export const sharedHeader = {
  magic: 0,
  version: 4,
  size: 8,
  events: 12,
  origin: 24,
  dying: 32,
  workers: 36,
  workerLimit: 40,
  bytes: 64,
} as const;

/** Bytes from the start of a slot. */
export const slotField = {
  state: 0,
  number: 4,
  exitCode: 12,
  killed: 16,
  inside: 20,
  signal: 24,
  processId: 28,
  failure: 32,
  failureText: 128,
} as const;

/** Bytes of a slot. */
export const slotBytes = 256;

/** Bytes of a slot's failure text. */
export const maxFailureText = 128;

/** The state word of a slot. */
export const SlotState = {
  free: 0,
  requested: 1,
  starting: 2,
  accepted: 3,
  running: 4,
  ended: 5,
  reaped: 6,
  failed: 7,
} as const;
