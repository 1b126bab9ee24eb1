import { Trace } from '../trace/columns.ts';
import type { TraceHeader } from '../trace/file.ts';
import { Kind } from '../trace/kinds.ts';
import { RingReader } from '../trace/ring_reader.ts';
import { Sequencer } from '../trace/sequencer.ts';
import type { Request } from './control.ts';
import { now } from './environment.ts';
import { textOf } from './failure.ts';
import type { Machine } from './machine.ts';
import type { ExitStatus, Process, ProcessState } from './process.ts';

/** Slots read a frame at most: what they cost, views included, has to fit in it. */
const slotsPerDrain = 20_000;
/** Records younger than this (ns) wait for the next drain, as another thread's may be a little late. */
const settlingTime = 1e6;
/** A killed process may go on writing for a while: what it has written by now is enough. */
const lastDrains = 4;

/** Moments, ms of performance.now(); NaN until they have come. */
export interface RunTimes {
  requested: number;
  running: number;
  firstRecord: number;
  firstConsole: number;
  stopRequested: number;
  ended: number;
}

/** A run from its start to its last record: a process, and the trace that grows from its rings. */
export class Run {
  readonly trace = new Trace();
  readonly times: RunTimes = {
    requested: performance.now(),
    running: NaN,
    firstRecord: NaN,
    firstConsole: NaN,
    stopRequested: NaN,
    ended: NaN,
  };
  /** Resolves when every record is in the trace. */
  readonly ended: Promise<ExitStatus>;
  onChange: () => void = () => {};

  readonly #process: Process;
  readonly #sequencer = new Sequencer(this.trace);
  readonly #header: TraceHeader;
  #reader: RingReader | null = null;
  /** Since the last beat of the pulse. */
  #wasDrained = false;
  #looked = 0;

  constructor(machine: Machine, request: Request) {
    this.#header = {
      version: 1,
      demo: request.demo,
      parameters: { ...request.parameters },
      date: new Date().toISOString(),
      machine: machine.environment.description,
    };
    const stopPulse = machine.onPulse(() => {
      // There were no frames since the last beat: the page is hidden, or there is none.
      if (!this.#wasDrained) this.drain();
      this.#wasDrained = false;
    });
    this.#process = machine.start(request);
    this.#process.onChange = () => this.#changed();
    this.#process.onEnding = () => this.#drainToTheEnd();
    this.ended = this.#process.ended.then((status) => {
      stopPulse();
      return status;
    });
    this.#changed();
  }

  get state(): ProcessState {
    return this.#process.state;
  }

  get status(): ExitStatus | null {
    return this.#process.status;
  }

  /** Asks the process to end; ends it when it does not within its grace. */
  stop(): void {
    if (Number.isNaN(this.times.stopRequested)) this.times.stopRequested = performance.now();
    this.#process.stop();
  }

  kill(): void {
    if (Number.isNaN(this.times.stopRequested)) this.times.stopRequested = performance.now();
    this.#process.kill();
  }

  /** Takes what the threads have written since the last time into the trace; for every frame. */
  drain(): number {
    this.#wasDrained = true;
    const before = this.trace.length;
    if (this.#reader) {
      // Whatever was written before now is visible to the drain that begins now.
      const until = (now() - this.#process.origin) * 1e6 - settlingTime;
      try {
        this.#reader.drain(this.#sequencer, slotsPerDrain);
        this.#sequencer.advance(until);
      } catch (error) {
        this.#reader = null;
        this.#process.crash(textOf(error));
      }
      this.#account();
      this.#process.poll();
    }
    return this.trace.length - before;
  }

  header(): TraceHeader {
    return this.#header;
  }

  #changed(): void {
    const { state, memory, control } = this.#process;
    if (state === 'running' && !this.#reader && memory && control) {
      this.times.running = performance.now();
      try {
        this.#reader = new RingReader(memory, control.directory);
      } catch (error) {
        this.#process.crash(textOf(error));
        return;
      }
    }
    this.onChange();
  }

  #drainToTheEnd(): void {
    const reader = this.#reader;
    this.#reader = null;
    try {
      for (let drains = 0; reader && drains < lastDrains; drains += 1) {
        if (reader.drain(this.#sequencer) === 0) break;
      }
      this.#sequencer.flush();
    } finally {
      this.#account();
      this.times.ended = performance.now();
    }
  }

  #account(): void {
    this.trace.dropped = this.#sequencer.dropped;
    this.trace.gaps = this.#sequencer.gaps;
    this.trace.missing = this.#sequencer.missing;
    if (Number.isNaN(this.times.firstRecord) && this.trace.length > 0) {
      this.times.firstRecord = performance.now();
    }
    if (!Number.isNaN(this.times.firstConsole)) return;
    for (; this.#looked < this.trace.length; this.#looked += 1) {
      if (this.trace.kind(this.#looked) !== Kind.console) continue;
      this.times.firstConsole = performance.now();
      return;
    }
  }
}
