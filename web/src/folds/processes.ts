import { firstSharedObject, Kind } from '../trace/kinds.ts';
import { Entities } from './entities.ts';
import type { Entity } from './entities.ts';
import { Fold } from './fold.ts';
import type { Records } from './fold.ts';

export interface ProcessHistory extends Entity {
  /** Its number in the run, from 1. */
  number: number;
  /** Number of its parent; 0 for the first process. */
  parent: number;
  /** Number of the object that has its name; 0 for the first process. */
  object: number;
  daemon: boolean;
  /** Time of the request to start it. */
  start: number;
  /** Its own first record; NaN before. */
  ran: number;
  /** NaN while it lives. */
  end: number;
  /** As Python's exitcode: a status, or minus the signal that ended it; NaN while it lives. */
  exitCode: number;
  /** The last signal sent to it; 0: none. */
  signal: number;
  /** Bytes, as it last said. */
  memoryUsed: number;
  memorySize: number;
  /** Threads it has had, its main thread included. */
  threads: number;
}

/** The processes of a run: who started whom, what they use, how they ended. */
export class Processes extends Fold {
  private readonly processes = new Entities<ProcessHistory>();
  /** The process of the last record. */
  private last = NaN;

  /** In the order in which they were started. */
  get list(): readonly ProcessHistory[] {
    return this.processes.list;
  }

  /** Marks and names tell processes apart where there are several. */
  get areSeveral(): boolean {
    return this.list.length > 1;
  }

  find(number: number): ProcessHistory | undefined {
    return this.processes.find(0, number);
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      const kind = records.kind(index);
      if (this.last !== records.process(index)) this.seen(records, index, kind);
      switch (kind) {
        case Kind.thread_start:
          // The main thread is there with its process.
          if (records.thread(index) !== 1) this.processOf(this.last, records.time(index)).threads += 1;
          break;
        case Kind.process_start:
          this.start(records, index);
          break;
        case Kind.process_end:
          this.end(records.argumentLow(index), records.time(index), records.detail(index) | 0);
          break;
        case Kind.process_signal: {
          const process = this.processes.find(0, records.argumentLow(index));
          if (process && Number.isNaN(process.end)) this.processes.own(process).signal = records.detail(index);
          break;
        }
        case Kind.process_memory: {
          const process = this.processOf(this.last, records.time(index));
          process.memoryUsed = records.argumentLow(index);
          process.memorySize = records.argumentHigh(index);
          break;
        }
        case Kind.run_end:
          this.end(records.process(index), records.time(index), records.detail(index) | 0);
          break;
      }
    }
  }

  /** The record is of another process than the one before. */
  private seen(records: Records, index: number, kind: number): void {
    const number = records.process(index);
    this.last = number;
    if (!Number.isNaN(this.find(number)?.ran ?? NaN)) return;
    const process = this.processOf(number, records.time(index));
    // Names may have been told on its behalf.
    if (kind !== Kind.object_name) process.ran = records.time(index);
  }

  private start(records: Records, index: number): void {
    const process = this.processOf(records.argumentLow(index), records.time(index));
    process.parent = records.argumentHigh(index);
    process.object = records.object(index) >= firstSharedObject ? records.object(index) : 0;
    process.daemon = records.detail(index) === 1;
    process.start = Math.min(process.start, records.time(index));
  }

  private end(number: number, time: number, exitCode: number): void {
    const process = this.processOf(number, time);
    if (!Number.isNaN(process.end)) return;
    process.end = time;
    process.exitCode = exitCode;
  }

  private processOf(number: number, time: number): ProcessHistory {
    return this.processes.get(0, number, () => ({
      number,
      parent: 0,
      object: 0,
      daemon: false,
      start: time,
      ran: NaN,
      end: NaN,
      exitCode: NaN,
      signal: 0,
      memoryUsed: 0,
      memorySize: 0,
      threads: 1,
    }));
  }
}
