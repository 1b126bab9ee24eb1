import { leastWorkers } from './hosts.ts';
import type { SupervisorRequest } from './messages.ts';
import type { ExitStatus, Overseer, Process } from './process.ts';
import { SlotState } from './shared.ts';
import type { SharedMemory, Signal, Slot } from './shared.ts';

export interface TreeLimits {
  /** Processes that are kept ready for the next children of a run that has had some. */
  readonly childStandbys: number;
  /** ms that threads of a killed process get to finish what they change in the shared memory. */
  readonly accessGrace: number;
  /** ms after which threads of a terminated worker are gone for good: browsers take their time. */
  readonly dyingTime: number;
}

/** What a tree needs of the machine. */
export interface Nursery {
  /** Boots a child with that shared memory, which somebody waits for or which is to stand by. */
  boot(shared: SharedMemory, isAwaited: boolean): Process;
  /** Whether a standby may be booted. */
  hasRoom(): boolean;
}

const crashExitCode = -6; // as a process that aborts
const killExitCode = -9;
const period = 1;

interface Child {
  readonly process: Process;
  readonly slot: Slot;
  /** Set once the machine is ending it. */
  exitCode: number | null;
}

/**
 * The children of a run, as the first process's supervisor requests: starts them, ends them, and writes
 * into the process table what became of them if they can't.
 */
export class Tree implements Overseer {
  readonly #first: Process;
  readonly #limits: TreeLimits;
  readonly #nursery: Nursery;
  /** By their number. */
  readonly #children = new Map<number, Child>();
  readonly #standbys: Process[] = [];
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #canPrepare = true;
  #standbysWanted = 0;
  #hadChildren = false;
  #isStopping = false;
  #isOver = false;

  constructor(first: Process, limits: TreeLimits, nursery: Nursery) {
    this.#first = first;
    this.#limits = limits;
    this.#nursery = nursery;
  }

  /** Whether the run has started a child. */
  get hadChildren(): boolean {
    return this.#hadChildren;
  }

  /** Boots the process that the first child of the run will be, once the first process is up. */
  expectChildren(): void {
    void this.#first.booted.then(() => {
      const { shared } = this.#first;
      this.#standbysWanted = Math.max(this.#standbysWanted, 1);
      if (shared) this.#prepare(shared);
    });
  }

  onRequest(request: SupervisorRequest): void {
    const shared = this.#first.shared;
    if (!shared || this.#isOver) return;
    const slot = shared.slot(request.slot);
    if (request.type === 'spawn') this.#spawn(shared, slot);
    else this.#signal(slot, request.signal);
  }

  onStopping(): boolean {
    this.#isStopping = true;
    this.#canPrepare = false;
    for (const { process } of this.#children.values()) process.stop();
    // The first may be about to be started.
    return this.#hadChildren || this.#standbysWanted > 0;
  }

  /** The first process ends, and all the others with it. */
  onEnding(): void {
    this.#isOver = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const { process, slot } of this.#children.values()) {
      const hasEnded = !slot.isOpenFor(process.number) && slot.number === process.number;
      if (hasEnded) process.exit(slot.exitCode);
      else process.kill();
    }
    for (const standby of this.#standbys) standby.kill();
    this.#children.clear();
    this.#standbys.length = 0;
  }

  #spawn(shared: SharedMemory, slot: Slot): void {
    this.#hadChildren = true;
    this.#standbysWanted = this.#limits.childStandbys;
    const { number } = slot;
    const process = this.#takeStandby() ?? this.#boot(shared, true);
    process.number = number;
    const child: Child = { process, slot, exitCode: null };
    this.#children.set(number, child);
    // Not awaited: several children boot at the same time.
    void process.placed.then(() => {
      if (!process.status && child.exitCode === null) slot.accept();
    });
    void process.booted.then(() => {
      if (!process.status) this.#begin(child);
      this.#prepare(shared);
    });
    void process.ended.then((status) => this.#ended(shared, child, status));
    // Asked for before the first process saw that it is to stop.
    if (this.#isStopping) process.stop();
  }

  #boot(shared: SharedMemory, isAwaited: boolean): Process {
    const process = this.#nursery.boot(shared, isAwaited);
    shared.addWorkers(leastWorkers);
    process.overseer = {
      onRequest: () => {},
      onStopping: () => false,
      onEnding: () => shared.addWorkers(-Math.max(leastWorkers, process.workers)),
    };
    return process;
  }

  #takeStandby(): Process | undefined {
    for (;;) {
      const standby = this.#standbys.shift();
      if (!standby?.status) return standby;
    }
  }

  #begin({ process, slot, exitCode }: Child): void {
    if (exitCode !== null) return;
    this.#first.onChild(process);
    if (process.status) return;
    const { number } = process;
    const request = { demo: '', parameters: {}, entryPoint: 'child', process: number, slot: slot.index };
    process.go(request, this.#first.origin);
  }

  #signal(slot: Slot, signal: Signal): void {
    const child = this.#children.get(slot.number);
    if (!child || child.exitCode !== null) return;
    child.exitCode = -signal;
    // One that is ending by itself may finish with it.
    const { number } = slot;
    const isQuiet = this.#forbid(child) ? () => slot.inside === 0 : () => !slot.isOpenFor(number);
    this.#when(isQuiet, this.#limits.accessGrace, () => child.process.kill());
  }

  /** Returns false if the process is ending by itself. */
  #forbid({ slot }: Child): boolean {
    if (!slot.forbid()) return false;
    this.#first.shared?.addDying(1);
    return true;
  }

  /** Its memory has been read for the last time, and its workers are being terminated. */
  #ended(shared: SharedMemory, child: Child, status: ExitStatus): void {
    if (this.#isOver) return;
    const { process, slot } = child;
    this.#children.delete(process.number);
    this.#prepare(shared);
    const isFailure = status.failure !== undefined && child.exitCode === null;
    if (isFailure && slot.state === SlotState.starting) {
      slot.fail(status.text);
      return;
    }
    this.#after(this.#limits.dyingTime, () => shared.addDying(-1));
    // Its slot may be free or another's already: then it has said itself how it ended.
    const isOpen = () => slot.isOpenFor(process.number);
    if (!isOpen()) return;
    this.#forbid(child);
    const exitCode = child.exitCode ?? exitCodeOf(status);
    this.#when(
      () => slot.inside === 0,
      this.#limits.dyingTime,
      () => {
        if (!isOpen()) return;
        if (slot.inside !== 0) slot.forgetInside();
        slot.end(exitCode);
      },
    );
  }

  /** Boots standbys, one after the other, while nothing else is being booted. */
  #prepare(shared: SharedMemory): void {
    if (this.#isOver || !this.#canPrepare) return;
    const children = [...this.#children.values()].map(({ process }) => process);
    if ([...children, ...this.#standbys].some(({ state }) => state === 'starting')) return;
    if (this.#standbys.length >= this.#standbysWanted || !this.#nursery.hasRoom()) return;
    const standby = this.#boot(shared, false);
    this.#standbys.push(standby);
    void standby.booted.then(() => {
      if (standby.status) this.#forget(standby);
      this.#prepare(shared);
    });
  }

  /** A standby could not be booted; the next start is to tell why. */
  #forget(standby: Process): void {
    this.#canPrepare = false;
    const index = this.#standbys.indexOf(standby);
    if (index >= 0) this.#standbys.splice(index, 1);
  }

  /** Calls the action as soon as the condition holds, or the time is up. */
  #when(condition: () => boolean, time: number, action: () => void): void {
    const end = performance.now() + time;
    const look = () => {
      if (condition() || performance.now() >= end) action();
      else this.#after(period, look);
    };
    look();
  }

  #after(delay: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, delay);
    this.#timers.add(timer);
  }
}

function exitCodeOf({ reason, code }: ExitStatus): number {
  if (reason === 'exited') return code;
  return reason === 'crashed' ? crashExitCode : killExitCode;
}
