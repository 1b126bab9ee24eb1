import type { ChunkSink } from './chunk.ts';
import { directoryMagic, directoryWord, formatVersion, ringWord } from './format.generated.ts';
import { slotsAt, slotWords } from './record.ts';

const largestCapacity = 2 ** 20;

/** The rings of a process are malformed: its memory is damaged. */
export class DamagedRings extends Error {
  override readonly name = 'DamagedRings';
}

interface Ring {
  /** Index of its first word in memory. */
  readonly base: number;
  readonly number: number;
  /** Slots read, free running modulo 2^32 as the writer's head. */
  tail: number;
  dropped: number;
  /** The last chunk announced more to come. */
  announced: boolean;
  /** Slots to read in this drain. */
  available: number;
  droppedNow: number;
  /** The writer has a backlog: records that found no room. */
  hasBacklog: boolean;
}

/** Reads what the threads of one process write, straight from its memory. */
export class RingReader {
  readonly #atoms: Int32Array;
  readonly #words: Uint32Array;
  readonly #directory: number;
  readonly #capacity: number;
  readonly #ringLimit: number;
  readonly #rings: Ring[] = [];

  constructor(memory: SharedArrayBuffer, directoryAddress: number) {
    this.#atoms = new Int32Array(memory);
    this.#words = new Uint32Array(memory);
    this.#directory = this.#wordIndex(directoryAddress, directoryWord.firstRing);
    if (this.#words[this.#directory + directoryWord.magic] !== directoryMagic) {
      throw new DamagedRings(`no trace directory at address ${directoryAddress}`);
    }
    const version = this.#words[this.#directory + directoryWord.version]!;
    if (version !== formatVersion) {
      throw new DamagedRings(`trace format ${version} instead of ${formatVersion}`);
    }
    this.#capacity = this.#words[this.#directory + directoryWord.ringCapacity]!;
    this.#ringLimit = this.#words[this.#directory + directoryWord.ringLimit]!;
    const isPowerOfTwo = this.#capacity > 0 && (this.#capacity & (this.#capacity - 1)) === 0;
    if (!isPowerOfTwo || this.#capacity > largestCapacity) {
      throw new DamagedRings(`ring capacity ${this.#capacity}`);
    }
    this.#wordIndex(directoryAddress, directoryWord.firstRing + this.#ringLimit);
  }

  /**
   * Passes a chunk of every ring with records to the sink, and frees their slots for the writers.
   * Reads about `budget` slots at most, a fair share of each ring. Returns the slots read.
   */
  drain(sink: ChunkSink, budget = Infinity): number {
    this.#findNewRings();
    // All heads are read before anything is copied: what one thread did because of another
    // is then hardly ever read without its cause.
    let total = 0;
    for (const ring of this.#rings) total += this.#look(ring);
    const share = total > budget ? budget / total : 1;
    const process = this.#words[this.#directory + directoryWord.process]!;
    let read = 0;
    for (const ring of this.#rings) read += this.#read(ring, process, share, sink);
    return read;
  }

  #findNewRings(): void {
    const count = Atomics.load(this.#atoms, this.#directory + directoryWord.ringCount) >>> 0;
    if (count > this.#ringLimit) throw new DamagedRings(`${count} rings`);
    for (let number = this.#rings.length; number < count; number += 1) {
      const address = this.#words[this.#directory + directoryWord.firstRing + number]!;
      const base = this.#wordIndex(address, ringWord.slots + this.#capacity * slotWords);
      this.#rings.push({
        base,
        number,
        tail: Atomics.load(this.#atoms, base + ringWord.tail) >>> 0,
        dropped: 0,
        announced: false,
        available: 0,
        droppedNow: 0,
        hasBacklog: false,
      });
    }
  }

  #look(ring: Ring): number {
    // Before the head: if there is no backlog, all of it is in the ring.
    ring.hasBacklog = Atomics.load(this.#atoms, ring.base + ringWord.backlog) !== 0;
    ring.droppedNow = Atomics.load(this.#atoms, ring.base + ringWord.dropped) >>> 0;
    const head = Atomics.load(this.#atoms, ring.base + ringWord.head) >>> 0;
    ring.available = (head - ring.tail) >>> 0;
    if (ring.available > this.#capacity) {
      throw new DamagedRings(`ring ${ring.number} claims ${ring.available} unread slots`);
    }
    return ring.available;
  }

  #read(ring: Ring, process: number, share: number, sink: ChunkSink): number {
    const dropped = (ring.droppedNow - ring.dropped) >>> 0;
    if (ring.available === 0 && dropped === 0 && !ring.announced) return 0;
    let words = this.#copy(ring, ring.available);
    if (share < 1) words = this.#wholeRecords(words, Math.ceil(ring.available * share));
    const slots = words.length / slotWords;
    const more = slots < ring.available || ring.hasBacklog;
    ring.tail = (ring.tail + slots) >>> 0;
    ring.dropped = ring.droppedNow;
    ring.announced = more;
    Atomics.store(this.#atoms, ring.base + ringWord.tail, ring.tail | 0);
    if (Atomics.load(this.#atoms, ring.base + ringWord.backlog) !== 0) {
      Atomics.notify(this.#atoms, ring.base + ringWord.tail);
    }
    sink.push({ process, ring: ring.number, dropped, words, more });
    return slots;
  }

  /** A copy outside shared memory, in which what wraps around the ring's end is in one piece. */
  #copy(ring: Ring, slots: number): Uint32Array {
    const words = new Uint32Array(slots * slotWords);
    const from = ring.tail % this.#capacity;
    const start = ring.base + ringWord.slots;
    const beforeEnd = Math.min(slots, this.#capacity - from) * slotWords;
    const first = start + from * slotWords;
    words.set(this.#words.subarray(first, first + beforeEnd));
    words.set(this.#words.subarray(start, start + words.length - beforeEnd), beforeEnd);
    return words;
  }

  /** The first records of `words` that take `slots` slots at least, none cut off its payload. */
  #wholeRecords(words: Uint32Array, slots: number): Uint32Array {
    const end = slots * slotWords;
    let base = 0;
    while (base < end && base < words.length) base += slotsAt(words, base) * slotWords;
    return words.subarray(0, base);
  }

  /** Index of the word at an address behind which there must be so many words. */
  #wordIndex(address: number, length: number): number {
    const index = address / 4;
    if (address === 0 || !Number.isInteger(index) || index + length > this.#words.length) {
      throw new DamagedRings(`address ${address} is not one of the memory`);
    }
    return index;
  }
}
