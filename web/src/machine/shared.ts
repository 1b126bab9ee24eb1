import {
  maxFailureText,
  processSlots,
  sharedHeader as header,
  sharedMagic,
  sharedVersion,
  slotBytes,
  slotField,
  SlotState,
} from './abi.generated.ts';

export { SlotState } from './abi.generated.ts';

/** 32 MiB, never grown. */
const pages = 512;
const pageBytes = 65536;

/** What the page and users of a process may send it. */
export type Signal = 9 | 15;

/** The memory that the processes of one run share. What lies behind its process table is the core's. */
export class SharedMemory {
  /** One of WebAssembly's: so the core's operations on it need no JavaScript. */
  readonly memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  readonly buffer = this.memory.buffer as unknown as SharedArrayBuffer;
  readonly words = new Int32Array(this.buffer);
  readonly bytes = new Uint8Array(this.buffer);
  readonly #view = new DataView(this.buffer);

  /** `workerLimit`: how many workers the processes may have together. */
  constructor(workerLimit: number) {
    this.#view.setUint32(header.magic, sharedMagic, true);
    this.#view.setUint32(header.version, sharedVersion, true);
    this.#view.setUint32(header.size, pages * pageBytes, true);
    this.#view.setUint32(header.workerLimit, workerLimit, true);
  }

  /** Zero of the run's clock, ms since the Unix epoch. */
  set origin(origin: number) {
    this.#view.setFloat64(header.origin, origin, true);
  }

  slot(index: number): Slot {
    if (!(index > 0 && index < processSlots)) throw new Error(`there is no slot ${index} for a child`);
    return new Slot(this, index, header.bytes + index * slotBytes);
  }

  /** Asks the run's supervisor to send a signal to the process of that number, if it is alive. */
  requestSignal(number: number, signal: Signal): void {
    for (let index = 1; index < processSlots; index += 1) {
      const slot = this.slot(index);
      if (slot.number !== number || !slot.isAlive) continue;
      slot.signal = signal;
      this.announce();
    }
  }

  /** Notifies the supervisor of a change of the table. */
  announce(): void {
    Atomics.add(this.words, header.events / 4, 1);
    Atomics.notify(this.words, header.events / 4);
  }

  /** Counts the workers of children; the first process counts its own. */
  addWorkers(difference: number): void {
    Atomics.add(this.words, header.workers / 4, difference);
  }

  /** Counts the processes of which threads may still be asleep somewhere, though they were ended. */
  addDying(difference: 1 | -1): void {
    Atomics.add(this.words, header.dying / 4, difference);
  }
}

/** A slot of the process table. */
export class Slot {
  readonly #shared: SharedMemory;
  readonly index: number;
  readonly #base: number;

  constructor(shared: SharedMemory, index: number, address: number) {
    this.#shared = shared;
    this.index = index;
    this.#base = address;
  }

  get state(): number {
    return this.#load(slotField.state);
  }

  get number(): number {
    return this.#load(slotField.number);
  }

  /** Valid once it has ended. */
  get exitCode(): number {
    return this.#load(slotField.exitCode);
  }

  /** How many threads of the process are changing something that is shared. */
  get inside(): number {
    return this.#load(slotField.inside);
  }

  get isAlive(): boolean {
    return this.state === SlotState.accepted || this.state === SlotState.running;
  }

  /** Whether it is that process's, and the process has not ended. */
  isOpenFor(number: number): boolean {
    // The number after the state: if it is still the same, so was the state this process's.
    const { state } = this;
    return state >= SlotState.starting && state <= SlotState.running && this.number === number;
  }

  set signal(signal: Signal) {
    Atomics.store(this.#shared.words, this.#index(slotField.signal), signal);
  }

  /** The machine has a process for it. */
  accept(): void {
    // The page has no system pid, so the number is the pid.
    Atomics.store(this.#shared.words, this.#index(slotField.processId), this.number);
    this.#become(SlotState.accepted);
  }

  /** The process could not be started; says why. */
  fail(text: string): void {
    const { bytes, words } = this.#shared;
    const all = new TextEncoder().encode(text);
    // Characters are not cut in two: what continues one begins with the bits 10.
    let length = Math.min(all.length, maxFailureText);
    while (length < all.length && length > 0 && (all[length]! & 0xc0) === 0x80) length -= 1;
    bytes.set(all.subarray(0, length), this.#base + slotField.failureText);
    Atomics.store(words, this.#index(slotField.failure), length);
    this.#become(SlotState.failed);
  }

  /** Bars it from changing shared memory. Returns false if it is ending by itself. */
  forbid(): boolean {
    return Atomics.compareExchange(this.#shared.words, this.#index(slotField.killed), 0, 1) === 0;
  }

  /** Clears the count of threads inside: they are gone. */
  forgetInside(): void {
    Atomics.store(this.#shared.words, this.#index(slotField.inside), 0);
  }

  end(exitCode: number): void {
    Atomics.store(this.#shared.words, this.#index(slotField.exitCode), exitCode);
    this.#become(SlotState.ended);
  }

  #become(state: number): void {
    const index = this.#index(slotField.state);
    Atomics.store(this.#shared.words, index, state);
    Atomics.notify(this.#shared.words, index);
    this.#shared.announce();
  }

  #load(field: number): number {
    return Atomics.load(this.#shared.words, this.#index(field));
  }

  #index(field: number): number {
    return (this.#base + field) / 4;
  }
}
