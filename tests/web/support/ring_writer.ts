import { directoryMagic, formatVersion, ringWord } from '../../../web/src/trace/format.generated.ts';
import { encodeRecord, slotBytes, slotsOf, slotWords } from '../../../web/src/trace/record.ts';
import type { RecordFields } from '../../../web/src/trace/record.ts';

/** Writes rings into shared memory as the core does, with the layout of the trace format. */

const directoryAddress = 64;
const ringHeaderBytes = 192;

export interface WriterOptions {
  capacity?: number;
  ringLimit?: number;
  process?: number;
}

export class RingWriter {
  readonly memory: SharedArrayBuffer;
  readonly directory = directoryAddress;
  readonly words: Uint32Array;
  readonly atoms: Int32Array;
  readonly capacity: number;
  readonly #firstRing: number;
  #rings = 0;

  constructor({ capacity = 16, ringLimit = 8, process = 1 }: WriterOptions = {}) {
    this.capacity = capacity;
    this.#firstRing = directoryAddress + 32 + Math.ceil((ringLimit * 4) / 64) * 64;
    const bytes = this.#firstRing + ringLimit * this.#ringBytes();
    this.memory = new SharedArrayBuffer(Math.ceil(bytes / 64) * 64);
    this.words = new Uint32Array(this.memory);
    this.atoms = new Int32Array(this.memory);
    const directory = [directoryMagic, formatVersion, process, capacity, ringLimit, 0, 0, 0];
    this.words.set(directory, directoryAddress / 4);
  }

  addRing(): number {
    const ring = this.#rings;
    this.words[directoryAddress / 4 + 8 + ring] = this.address(ring);
    this.#rings += 1;
    Atomics.store(this.atoms, directoryAddress / 4 + 5, this.#rings);
    return ring;
  }

  address(ring: number): number {
    return this.#firstRing + ring * this.#ringBytes();
  }

  /** Index of a word of the ring: `head`, `tail`, `dropped` or `backlog`. */
  wordOf(ring: number, name: 'head' | 'tail' | 'dropped' | 'backlog'): number {
    return this.address(ring) / 4 + ringWord[name];
  }

  get(ring: number, name: 'head' | 'tail' | 'dropped' | 'backlog'): number {
    return Atomics.load(this.atoms, this.wordOf(ring, name)) >>> 0;
  }

  set(ring: number, name: 'head' | 'tail' | 'dropped' | 'backlog', value: number): void {
    Atomics.store(this.atoms, this.wordOf(ring, name), value | 0);
  }

  /** Returns false, and counts it, if the record does not fit. */
  write(ring: number, fields: RecordFields): boolean {
    const slots = slotsOf(fields);
    const head = this.get(ring, 'head');
    if (this.capacity - ((head - this.get(ring, 'tail')) >>> 0) < slots) {
      Atomics.add(this.atoms, this.wordOf(ring, 'dropped'), 1);
      return false;
    }
    const record = new Uint32Array(slots * slotWords);
    encodeRecord(record, 0, fields);
    for (let slot = 0; slot < slots; slot += 1) {
      const at = this.address(ring) + ringHeaderBytes + ((head + slot) % this.capacity) * slotBytes;
      this.words.set(record.subarray(slot * slotWords, (slot + 1) * slotWords), at / 4);
    }
    this.set(ring, 'head', head + slots);
    return true;
  }

  #ringBytes(): number {
    return ringHeaderBytes + this.capacity * slotBytes;
  }
}

/** The records as one chunk of a ring. */
export function chunkOf(
  records: readonly RecordFields[],
  { process = 1, ring = 0, dropped = 0, more = false } = {},
): { process: number; ring: number; dropped: number; more: boolean; words: Uint32Array } {
  const slots = records.reduce((sum, fields) => sum + slotsOf(fields), 0);
  const words = new Uint32Array(slots * slotWords);
  let slot = 0;
  for (const fields of records) {
    encodeRecord(words, slot, fields);
    slot += slotsOf(fields);
  }
  return { process, ring, dropped, more, words };
}
