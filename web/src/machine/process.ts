import { Control, CoreState } from './control.ts';
import type { Request } from './control.ts';
import type { HostWorker } from './environment.ts';
import { now } from './environment.ts';
import { StartError, textOf } from './failure.ts';
import type { StartFailure } from './failure.ts';
import { leastWorkers } from './hosts.ts';
import type { FromHost, SupervisorRequest } from './messages.ts';
import type { SharedMemory, Signal } from './shared.ts';

export type ProcessState = 'starting' | 'ready' | 'running' | 'stopping' | 'exited' | 'killed' | 'crashed';

/** How a process ended. */
export interface ExitStatus {
  readonly reason: 'exited' | 'killed' | 'crashed';
  /** Of a process that exited, its own (130: it was stopped); 137 killed, 134 crashed. */
  readonly code: number;
  /** What is known of a crash. */
  readonly text: string;
  /** Set if it crashed before it began. */
  readonly failure?: StartFailure;
}

export interface ProcessLimits {
  /** ms from creation to `ready`. */
  readonly startTimeout: number;
  /** ms from `stop` until the process is killed. */
  readonly grace: number;
  /** The same for the first process of a run with children: it ends when they have, or were killed after their own grace. */
  readonly graceOfTree: number;
}

const killedCode = 137;
const crashedCode = 134;
const keptOutput = 20;
/** The time to start in is counted in so many parts, so that a computer's sleep counts as one at most. */
const startSlices = 20;
/** The same for the grace period: where the page itself hardly gets to run, neither do the threads that are to stop. */
const graceSlices = 6;

/** Provides the parts of a process. */
export interface Parts {
  /** Throws StartError. */
  readonly host: () => HostWorker;
  readonly module: Promise<WebAssembly.Module>;
  readonly memories: Promise<Memories>;
}

/** Its own, and the one that it shares with the other processes of its run. */
export interface Memories {
  readonly own: WebAssembly.Memory;
  readonly shared: SharedMemory;
}

/** Notified first of the first process's changes: the tree of the other processes. */
export interface Overseer {
  onRequest(request: SupervisorRequest): void;
  /** Returns whether it may have to wait for others to end. */
  onStopping(): boolean;
  onEnding(): void;
}

const nobody: Overseer = { onRequest: () => {}, onStopping: () => false, onEnding: () => {} };

/**
 * One process: a worker hosting one instance of the core in a memory of its own.
 *
 * It is used once. When it ends, however it ends, it drops its worker and its memory at once;
 * what they still do while the browser terminates them is ignored.
 */
export class Process {
  readonly generation: number;
  /** In its run; 1 is the first. */
  number = 1;
  /** False if it is, or will be, the first of its run. */
  readonly isChild: boolean;
  /** Resolves when it has a worker and a memory, or has ended before it had. */
  readonly placed: Promise<void>;
  /** Resolves when it is ready, or has ended before it was. */
  readonly booted: Promise<void>;
  readonly ended: Promise<ExitStatus>;
  /** The state, or the status, is another one now. */
  onChange: () => void = () => {};
  /** Last chance to read the memory. */
  onEnding: () => void = () => {};
  /** There is a further process in the run of this one, its first; it begins when this returns. */
  onChild: (child: Process) => void = () => {};
  overseer: Overseer = nobody;
  /** What the runtime itself, or a program that is no demo, prints. */
  onPrint: (line: string) => void = () => {};

  readonly #limits: ProcessLimits;
  #state: ProcessState = 'starting';
  #status: ExitStatus | null = null;
  #resolvePlaced!: () => void;
  #resolveBooted!: () => void;
  #resolveEnded!: (status: ExitStatus) => void;
  #host: HostWorker | null = null;
  #memory: WebAssembly.Memory | null = null;
  #shared: SharedMemory | null = null;
  #control: Control | null = null;
  #request: Request | null = null;
  #threads = 0;
  #origin = 0;
  #output: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: Parts, generation: number, limits: ProcessLimits, isChild = false) {
    this.generation = generation;
    this.isChild = isChild;
    this.#limits = limits;
    this.placed = new Promise((resolve) => (this.#resolvePlaced = resolve));
    this.booted = new Promise((resolve) => (this.#resolveBooted = resolve));
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    const { startTimeout } = limits;
    this.#after(startTimeout, startSlices, () => {
      this.#fail(new StartError('timeout', `the process was not ready after ${startTimeout / 1000} s`));
    });
    void this.#boot(parts);
  }

  get state(): ProcessState {
    return this.#state;
  }

  /** Null until it has ended. */
  get status(): ExitStatus | null {
    return this.#status;
  }

  /** Zero of the run's clock, ms since the Unix epoch; 0 until the process runs. */
  get origin(): number {
    return this.#origin;
  }

  /** Null before the boot and after the end. */
  get memory(): SharedArrayBuffer | null {
    return (this.#memory?.buffer as SharedArrayBuffer | undefined) ?? null;
  }

  /** Null before the boot and after the end. */
  get shared(): SharedMemory | null {
    return this.#shared;
  }

  /** Null until it is ready and after the end. */
  get control(): Control | null {
    return this.#control;
  }

  /** Workers alive for it: its host, that of the core's main thread, and once it is ready the others. */
  get workers(): number {
    return this.#host ? leastWorkers + (this.#control?.workers ?? 0) : 0;
  }

  /** What it will be for starts about so many threads side by side: they are pooled, each with its worker, while it waits. */
  expectThreads(count: number): void {
    this.#threads = count;
    if (this.#state === 'ready') this.#control!.expectThreads(count);
  }

  /** Starts what it is for: now, or once it is ready. A child's clock is that of its run. */
  go(request: Request, origin = 0): void {
    if (this.#request) throw new Error('a process runs once');
    this.#request = request;
    this.#origin = origin;
    if (this.#state === 'ready') this.#run();
  }

  /** Asks it to stop, and kills it after the grace period. May be called at any time, any number of times. */
  stop(): void {
    if (this.#state === 'starting' || this.#state === 'ready') this.kill();
    if (this.#state !== 'running') return;
    this.#control!.stop();
    this.#host!.post({ type: 'stop' });
    const { grace, graceOfTree } = this.#limits;
    this.#after(this.overseer.onStopping() ? graceOfTree : grace, graceSlices, () => this.kill());
    this.#become('stopping');
  }

  /** Asks for a signal to the process of that number in the run of this one, its first. */
  signal(number: number, signal: Signal): void {
    this.#shared?.requestSignal(number, signal);
  }

  /** Kills it. */
  kill(): void {
    this.#end({ reason: 'killed', code: killedCode, text: '' });
  }

  /** Ends it as crashed, for a fault that was found outside it. */
  crash(text: string): void {
    this.#end({ reason: 'crashed', code: crashedCode, text });
  }

  /** It has ended by itself, as the process table says before any message does. */
  exit(code: number): void {
    this.#end({ reason: 'exited', code, text: '' });
  }

  /** Looks whether the core has ended, which its memory says before any message does. */
  poll(): void {
    if (this.#control?.state === CoreState.ended) this.#exit(this.#control.status);
  }

  async #boot(parts: Parts): Promise<void> {
    try {
      this.#host = parts.host();
      this.#host.onMessage = (message) => this.#receive(message);
      this.#host.onError = (text) => this.#hostFailed(text);
      const [module, { own, shared }] = await Promise.all([parts.module, parts.memories]);
      if (this.#status) return;
      this.#memory = own;
      this.#shared = shared;
      const { isChild } = this;
      this.#host.post({ type: 'boot', module, memory: own, shared: shared.memory, isChild });
      this.#resolvePlaced();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Calls `end` after the time, unless the process has ended by itself; a timer that comes late uses up one slice. */
  #after(time: number, slices: number, end: () => void, left = slices): void {
    this.#timer = setTimeout(() => {
      this.poll(); // the message of its end may still be on its way
      if (this.#status) return;
      if (left > 1) this.#after(time, slices, end, left - 1);
      else end();
    }, time / slices);
  }

  #receive(message: FromHost): void {
    switch (message.type) {
      case 'loaded':
        break;
      case 'ready':
        this.#becomeReady(message.control);
        break;
      case 'exit':
        this.#exit(message.status);
        break;
      case 'spawn':
      case 'signal':
        this.overseer.onRequest(message);
        break;
      case 'failed':
        this.#fail(new StartError(message.code, message.text));
        break;
      case 'crash':
        this.#hostFailed(message.text);
        break;
      case 'print':
        this.onPrint(message.text);
        this.#output.push(message.text);
        if (this.#output.length > keptOutput) this.#output.shift();
        break;
    }
  }

  #becomeReady(controlAddress: number): void {
    if (this.#state !== 'starting' || !this.#memory) return;
    clearTimeout(this.#timer);
    try {
      this.#control = new Control(this.memory!, controlAddress);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#become('ready');
    if (this.#threads > 0 && this.state === 'ready') this.#control.expectThreads(this.#threads);
    // Whoever was told may have stopped it.
    if (this.#request && this.state === 'ready') this.#run();
  }

  #run(): void {
    if (!this.isChild) {
      this.#origin = now();
      this.#shared!.origin = this.#origin;
    }
    try {
      this.#control!.go(this.#request!, this.#origin);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#become('running');
  }

  #exit(code: number): void {
    if (this.#state === 'starting') {
      this.#fail(new StartError('boot', this.#describe(`the core exited with ${code}`)));
    } else {
      this.exit(code);
    }
  }

  #hostFailed(text: string): void {
    const described = this.#describe(text);
    if (this.#state !== 'starting') this.crash(described);
    else this.#fail(new StartError(this.#host?.hasRun ? 'boot' : 'worker', described));
  }

  /** With the runtime's last output, which often says more. */
  #describe(text: string): string {
    const others = this.#output.filter((line) => line !== '' && !line.includes(text));
    return [text, ...others].join('\n');
  }

  #fail(error: unknown): void {
    const failure = error instanceof StartError ? error.code : 'boot';
    const text = error instanceof StartError ? error.message : textOf(error);
    this.#end({ reason: 'crashed', code: crashedCode, text, failure });
  }

  #end(status: ExitStatus): void {
    if (this.#status) return;
    this.#status = status;
    clearTimeout(this.#timer);
    this.overseer.onEnding();
    try {
      this.onEnding();
    } catch (error) {
      this.#status = { reason: 'crashed', code: crashedCode, text: textOf(error) };
    }
    // Whoever still passes points ends by itself, which not every engine can be trusted to enforce.
    this.#control?.stop();
    if (this.#host) {
      this.#host.onMessage = () => {};
      this.#host.onError = () => {};
      this.#host.terminate();
    }
    this.#host = null;
    this.#memory = null;
    this.#shared = null;
    this.#control = null;
    this.#become(this.#status.reason);
    this.#resolveEnded(this.#status);
  }

  #become(state: ProcessState): void {
    this.#state = state;
    if (state !== 'starting') {
      this.#resolvePlaced();
      this.#resolveBooted();
    }
    this.onChange();
  }
}
