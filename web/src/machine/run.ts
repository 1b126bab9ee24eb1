import { Trace } from '../trace/columns.ts';
import type { TraceHeader } from '../trace/file.ts';
import { formatVersion } from '../trace/format.generated.ts';
import { Kind } from '../trace/kinds.ts';
import { RingReader } from '../trace/ring_reader.ts';
import { Sequencer } from '../trace/sequencer.ts';
import type { Request } from './control.ts';
import { now } from './environment.ts';
import { textOf } from './failure.ts';
import type { Machine } from './machine.ts';
import type { ExitStatus, Process, ProcessState } from './process.ts';
import type { Signal } from './shared.ts';

/** Slots read a frame at most: what they cost, views included, has to fit in it. */
const slotsPerDrain = 20_000;
/** Records younger than this (ns) wait for the next drain, as another thread's may be a little late. */
const settlingTime = 1e6;
/** A killed process may go on writing for a while; later records are not read. */
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

/** A run from its start to its last record: its processes, and the trace that grows from their rings. */
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
  /** Of the processes that run. */
  readonly #readers = new Map<Process, RingReader>();
  /** Since the last beat of the pulse. */
  #wasDrained = false;
  #turn = 0;
  #looked = 0;

  constructor(machine: Machine, request: Request) {
    this.#header = {
      version: formatVersion,
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
    this.#process.onEnding = () => this.#end();
    this.#process.onChild = (child) => this.#follow(child);
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

  /** Asks the process to stop; kills it after its grace period. */
  stop(): void {
    if (Number.isNaN(this.times.stopRequested)) this.times.stopRequested = performance.now();
    this.#process.stop();
  }

  kill(): void {
    if (Number.isNaN(this.times.stopRequested)) this.times.stopRequested = performance.now();
    this.#process.kill();
  }

  /** Sends a signal to one of its processes: 15 asks it to end, 9 ends it. To the first, and so to all: see `stop`, `kill`. */
  signal(number: number, signal: Signal): void {
    if (number !== this.#process.number) this.#process.signal(number, signal);
    else if (signal === 9) this.kill();
    else this.stop();
  }

  /** Takes what the threads have written since the last time into the trace; for every frame. */
  drain(): number {
    this.#wasDrained = true;
    const before = this.trace.length;
    if (this.#readers.size > 0) {
      // Whatever was written before now is visible to the drain that begins now.
      const until = (now() - this.#process.origin) * 1e6 - settlingTime;
      this.#drainAll();
      this.#sequencer.advance(until);
      this.#account();
      this.#process.poll();
    }
    return this.trace.length - before;
  }

  /** Each reads a fair share of what the others have left; who begins changes. */
  #drainAll(): void {
    const readers = [...this.#readers];
    let left = slotsPerDrain;
    this.#turn += 1;
    for (let place = 0; place < readers.length; place += 1) {
      const [process, reader] = readers[(place + this.#turn) % readers.length]!;
      try {
        left -= reader.drain(this.#sequencer, Math.max(1, left / (readers.length - place)));
      } catch (error) {
        this.#readers.delete(process);
        process.crash(textOf(error));
      }
    }
  }

  header(): TraceHeader {
    return this.#header;
  }

  #changed(): void {
    if (this.#process.state === 'running' && !this.#readers.has(this.#process)) {
      this.times.running = performance.now();
      if (!this.#read(this.#process)) return;
    }
    this.onChange();
  }

  /** Opens the rings of a process. Returns false if they cannot be read, which ends it. */
  #read(process: Process): boolean {
    try {
      this.#readers.set(process, new RingReader(process.memory!, process.control!.directory));
      return true;
    } catch (error) {
      process.crash(textOf(error));
      return false;
    }
  }

  #follow(child: Process): void {
    child.onEnding = () => {
      try {
        this.#drainToTheEnd(child);
      } finally {
        this.#sequencer.endProcess(child.number, child.status?.reason !== 'exited');
      }
    };
    this.#read(child);
  }

  #drainToTheEnd(process: Process): void {
    const reader = this.#readers.get(process);
    this.#readers.delete(process);
    for (let drains = 0; reader && drains < lastDrains; drains += 1) {
      if (reader.drain(this.#sequencer) === 0) break;
    }
  }

  #end(): void {
    try {
      this.#drainToTheEnd(this.#process);
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
