import type { Request } from './control.ts';
import type { Environment, Pulse } from './environment.ts';
import { StartError } from './failure.ts';
import { Hosts, leastWorkers } from './hosts.ts';
import { Process } from './process.ts';
import type { Memories, ProcessLimits } from './process.ts';
import { SharedMemory } from './shared.ts';
import { Tree } from './tree.ts';
import type { TreeLimits } from './tree.ts';

/** 64 MiB, never grown: views of it stay valid for ever. */
const memoryPages = 1024;

export interface MachineLimits extends ProcessLimits, TreeLimits {
  /** Processes, and so memories, alive at once. Browsers allow about twice as many shared memories. */
  readonly processes: number;
  /** Workers alive at once, those of their threads included. Firefox lets further ones wait unseen. */
  readonly workers: number;
  /** ms between attempts to allocate a memory: those of killed processes are free only after seconds. */
  readonly memoryRetries: readonly number[];
  /** Spare workers, ready to host unexpected processes. */
  readonly spareHosts: number;
  /** ms after the end of a process until the next one is prepared. */
  readonly standbyDelay: number;
  /**
   * ms after the start of a process until the next one is prepared although this one still runs: it may have to be
   * killed, and its threads then spin on for seconds.
   */
  readonly standbyTimeout: number;
}

const defaultLimits: MachineLimits = {
  processes: 60,
  workers: 400,
  memoryRetries: [100, 400, 1000, 2500],
  startTimeout: 20_000,
  grace: 240, // with 120, WebKit ended runs by force on a busy machine that would have ended by themselves
  graceOfTree: 1000,
  spareHosts: 1,
  standbyDelay: 50,
  standbyTimeout: 2000,
  childStandbys: 2,
  accessGrace: 30,
  dyingTime: 6000,
};

/** What is alive. */
export interface Live {
  processes: number;
  memories: number;
  workers: number;
  /** Memories without references that the browser has not collected yet. */
  uncollected: number;
}

/** Makes modules, memories and workers into processes and keeps their table. */
export class Machine {
  readonly environment: Environment;
  readonly #limits: MachineLimits;
  readonly #hosts: Hosts;
  readonly #processes = new Set<Process>();
  readonly #listeners = new Set<() => void>();
  #pulse: Pulse | null = null;
  #module: Promise<WebAssembly.Module> | null = null;
  #standby: Process | null = null;
  #standbyTimer: ReturnType<typeof setTimeout> | undefined;
  #generation = 0;
  /** If the last run had children, the next one is probably of the same kind. */
  #expectsChildren = false;
  #threads = 0;
  #memoriesAllocated = 0;
  #memoriesCollected = 0;
  readonly #collected = new FinalizationRegistry(() => (this.#memoriesCollected += 1));
  #isClosed = false;

  constructor(environment: Environment, limits: Partial<MachineLimits> = {}) {
    this.environment = environment;
    this.#limits = { ...defaultLimits, ...limits };
    this.#hosts = new Hosts(environment, this.#limits.spareHosts);
  }

  /** Starts a process; a failure is found in its status. */
  start(request: Request): Process {
    const process = this.#standby ?? this.#bootFirst();
    this.#standby = null;
    process.go(request);
    void process.booted.then(() => this.#prepareIn(this.#limits.standbyTimeout));
    return process;
  }

  /** Boots a standby process for the next `start`. Returns false if that failed. */
  async prepare(): Promise<boolean> {
    if (this.#isClosed) return false;
    this.#pulse ??= this.#createPulse();
    if (!this.#standby && !this.#hasRoom()) return false;
    this.#standby ??= this.#bootFirst();
    const standby = this.#standby;
    await standby.booted;
    if (standby.status) return false;
    this.#prepareHosts();
    return true;
  }

  /** The next run will start processes: what it needs for the first of them is prepared, too. */
  expectChildren(): void {
    this.#expectsChildren = true;
    if (this.#standby?.overseer instanceof Tree) this.#standby.overseer.expectChildren();
  }

  /** The runs to come start about so many threads side by side: workers for them are kept ready, lest some start late. */
  expectThreads(count: number): void {
    this.#threads = count;
    this.#standby?.expectThreads(count);
  }

  get standby(): 'none' | 'starting' | 'ready' {
    if (!this.#standby) return 'none';
    return this.#standby.state === 'starting' ? 'starting' : 'ready';
  }

  /** Threads that are pooled for the next run, and whose workers have started. */
  get warmThreads(): number {
    return this.#standby?.control?.begunWorkers ?? 0;
  }

  live(): Live {
    const alive = [...this.#processes].filter(({ status }) => !status);
    const live = {
      processes: alive.length,
      memories: alive.filter(({ memory }) => memory).length,
      workers: this.#hosts.workers + workersOf(alive),
    };
    const uncollected = this.#memoriesAllocated - this.#memoriesCollected - live.memories;
    return { ...live, uncollected };
  }

  /** Calls the listener regularly, also while the page is hidden; returns what ends that. */
  onPulse(listener: () => void): () => void {
    this.#pulse ??= this.#createPulse();
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#pulse.start();
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#pulse?.stop();
    };
  }

  /** Kills everything. Nothing can be started afterwards. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#standbyTimer);
    for (const process of [...this.#processes]) process.kill();
    this.#hosts.close();
    this.#listeners.clear();
    this.#pulse?.close();
    this.#pulse = null;
  }

  #createPulse(): Pulse {
    return this.environment.createPulse(() => {
      for (const listener of [...this.#listeners]) listener();
    });
  }

  #bootFirst(): Process {
    clearTimeout(this.#standbyTimer);
    const process = this.#boot(null);
    const tree = new Tree(process, this.#limits, {
      boot: (shared, isAwaited) => {
        this.#expectsChildren = true;
        const process = this.#boot(shared);
        // Preparation gives way to processes that were requested.
        if (isAwaited) void process.booted.then(() => this.#prepareHosts());
        else this.#prepareHosts();
        return process;
      },
      hasRoom: () => this.#hasRoom(),
    });
    process.overseer = tree;
    process.expectThreads(this.#threads);
    if (this.#expectsChildren) tree.expectChildren();
    void process.ended.then(() => {
      if (process.origin !== 0) this.#expectsChildren = tree.hadChildren;
    });
    return process;
  }

  /** Of a child if it is given what it shares with the other processes of its run. */
  #boot(shared: SharedMemory | null): Process {
    this.#generation += 1;
    const parts = {
      host: () => this.#hosts.take(),
      module: this.#compile(),
      memories: this.#allocate(shared),
    };
    // The second failure of the two would be an unhandled rejection.
    parts.module.catch(() => {});
    parts.memories.catch(() => {});
    const process = new Process(parts, this.#generation, this.#limits, shared !== null);
    this.#processes.add(process);
    void process.ended.then((status) => {
      this.#processes.delete(process);
      if (process.isChild) return;
      const wasStandby = this.#standby === process;
      if (wasStandby) this.#standby = null;
      clearTimeout(this.#standbyTimer);
      // After a failure, preparing again is left to the next start, which reports it.
      if (status.failure === undefined && !wasStandby) this.#prepareIn(this.#limits.standbyDelay);
    });
    return process;
  }

  #prepareHosts(): void {
    if (!this.#isClosed && this.#hasRoom()) this.#hosts.prepare();
  }

  #prepareIn(delay: number): void {
    if (this.#isClosed || this.#standby) return;
    clearTimeout(this.#standbyTimer);
    this.#standbyTimer = setTimeout(() => void this.prepare(), delay);
  }

  #compile(): Promise<WebAssembly.Module> {
    if (!this.#module) {
      this.#module = this.environment.compile();
      this.#module.catch(() => (this.#module = null));
    }
    return this.#module;
  }

  /** Room for another process. */
  #hasRoom(): boolean {
    return this.#processes.size < this.#limits.processes && this.#hasWorkers();
  }

  #hasWorkers(): boolean {
    // It would take what stands by to host it.
    return workersOf(this.#processes) + leastWorkers <= this.#limits.workers;
  }

  /** Throws StartError if there is no room for another process. */
  #makeRoom(): void {
    if (this.#isClosed) throw new StartError('too-many', 'the machine is closed');
    // It is nobody's yet.
    if (!this.#hasRoom()) this.#standby?.kill();
    if (this.#processes.size >= this.#limits.processes) {
      const message = `${this.#processes.size} processes are alive, no more are allowed`;
      throw new StartError('too-many', message);
    }
    if (!this.#hasWorkers()) {
      const { workers } = this.live();
      throw new StartError('too-many', `${workers} workers are alive, no more are allowed`);
    }
  }

  async #allocate(shared: SharedMemory | null): Promise<Memories> {
    this.#makeRoom();
    for (const delay of [...this.#limits.memoryRetries, null]) {
      try {
        return { own: this.#newMemory(), shared: shared ?? new SharedMemory(this.#limits.workers) };
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        if (delay === null) throw new StartError('out-of-memory', error.message, error);
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
    }
    throw new StartError('out-of-memory', 'no memory could be allocated');
  }

  #newMemory(): WebAssembly.Memory {
    const memory = new WebAssembly.Memory({
      initial: memoryPages,
      maximum: memoryPages,
      shared: true,
    });
    this.#memoriesAllocated += 1;
    this.#collected.register(memory, undefined);
    return memory;
  }
}

function workersOf(processes: Iterable<Process>): number {
  let workers = 0;
  for (const process of processes) workers += process.workers;
  return workers;
}
