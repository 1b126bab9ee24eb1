import { firstSharedObject, hasPayload, hasWhere, Kind } from './kinds.ts';
import { PayloadStore } from './payloads.ts';
import { word } from './record.ts';
import type { RecordSink } from './sequencer.ts';
import { TaskStacks } from './task_stacks.ts';
import { WordTable } from './word_table.ts';

const blockBits = 16;
const blockLength = 2 ** blockBits;
const blockMask = blockLength - 1;

/** A block of records, by column. Blocks never move, so growing copies nothing. */
export class Block {
  readonly time = new Float64Array(blockLength);
  readonly process = new Uint32Array(blockLength);
  readonly thread = new Uint32Array(blockLength);
  readonly kind = new Uint8Array(blockLength);
  readonly object = new Uint32Array(blockLength);
  readonly sequence = new Uint32Array(blockLength);
  readonly detail = new Uint32Array(blockLength);
  readonly argumentLow = new Uint32Array(blockLength);
  readonly argumentHigh = new Uint32Array(blockLength);
  /** Addresses of payloads; made for the first one. */
  payload: Uint32Array | null = null;
  /** Tasks that the threads were at; made for the first one. */
  task: Uint32Array | null = null;
}

/** Where the names of a process are told: index + 1 of the latest record, by id. */
interface Names {
  readonly strings: WordTable;
  readonly threads: WordTable;
  readonly objects: WordTable;
}

export interface TraceLimits {
  /** Records kept. */
  records: number;
  /** Records of rare kinds that views depend on, kept beyond that. */
  reserve: number;
  /** Bytes of payloads kept. */
  payloadBytes: number;
}

const defaultLimits: TraceLimits = { records: 5_000_000, reserve: 100_000, payloadBytes: 2 ** 28 };

const text = new TextDecoder();
const nothing = new Uint8Array(0);

/** All records of a run, merged into one order. It only grows. */
export class Trace implements RecordSink {
  readonly limits: TraceLimits;
  readonly #blocks: Block[] = [];
  readonly #payloads: PayloadStore;
  readonly #names = new Map<number, Names>();
  /** Names of the objects that processes share. */
  readonly #shared = new WordTable();
  readonly #tasks = new TaskStacks();
  /** Of a record that gives another name to what has one: index + 1 of the record that gave the name before, by its own. */
  readonly #renamed = new WordTable();
  #length = 0;
  #lastTime = 0;

  /** Records beyond the limits: counted, not kept. */
  overLimit = 0;
  /** Records that the writers dropped. */
  dropped = 0;
  /** Gaps in the sequence numbers of objects, and the records missing in them. */
  gaps = 0;
  missing = 0;

  constructor(limits: Partial<TraceLimits> = {}) {
    this.limits = { ...defaultLimits, ...limits };
    this.#payloads = new PayloadStore(this.limits.payloadBytes);
  }

  /** Times never decrease: a record that is earlier than its predecessor gets its time. */
  append(process: number, time: number, words: Uint32Array, base: number): void {
    const kindAndThread = words[base + word.kindAndThread]!;
    const kind = kindAndThread & 0xff;
    if (time > this.#lastTime) this.#lastTime = time;
    const index = this.#length;
    if (index >= this.limits.records && !this.#isReserved(kind)) {
      this.overLimit += 1;
      return;
    }
    const place = index & blockMask;
    if (place === 0 && this.#blocks.length <= index >>> blockBits) this.#blocks.push(new Block());
    const block = this.#blocks[index >>> blockBits]!;
    if (hasPayload(kind)) {
      const address = this.#payloads.add(words, base);
      if (address < 0) {
        this.overLimit += 1;
        return;
      }
      block.payload ??= new Uint32Array(blockLength);
      block.payload[place] = address;
      this.#noteName(process, kind, kindAndThread >>> 8, words, base);
    }
    block.time[place] = this.#lastTime;
    block.process[place] = process;
    block.thread[place] = kindAndThread >>> 8;
    block.kind[place] = kind;
    block.object[place] = words[base + word.object]!;
    block.sequence[place] = words[base + word.sequence]!;
    block.detail[place] = words[base + word.detail]!;
    block.argumentLow[place] = words[base + word.argumentLow]!;
    block.argumentHigh[place] = words[base + word.argumentHigh]!;
    const task = this.#tasks.follow(process, kindAndThread >>> 8, kind, words[base + word.object]!);
    if (task !== 0) {
      block.task ??= new Uint32Array(blockLength);
      block.task[place] = task;
    }
    this.#length = index + 1;
  }

  get length(): number {
    return this.#length;
  }

  /** What there is to copy for another thread: see `trace/copy.ts`. */
  get blocks(): { readonly records: readonly Block[]; readonly payloads: readonly Uint8Array<ArrayBuffer>[] } {
    return { records: this.#blocks, payloads: this.#payloads.blocks };
  }

  /** Time of the latest record, also of one that was not kept. */
  get lastTime(): number {
    return this.#lastTime;
  }

  /** Nanoseconds on the run's clock. */
  time(index: number): number {
    return this.#blocks[index >>> blockBits]!.time[index & blockMask]!;
  }

  process(index: number): number {
    return this.#blocks[index >>> blockBits]!.process[index & blockMask]!;
  }

  thread(index: number): number {
    return this.#blocks[index >>> blockBits]!.thread[index & blockMask]!;
  }

  kind(index: number): number {
    return this.#blocks[index >>> blockBits]!.kind[index & blockMask]!;
  }

  object(index: number): number {
    return this.#blocks[index >>> blockBits]!.object[index & blockMask]!;
  }

  sequence(index: number): number {
    return this.#blocks[index >>> blockBits]!.sequence[index & blockMask]!;
  }

  detail(index: number): number {
    return this.#blocks[index >>> blockBits]!.detail[index & blockMask]!;
  }

  argumentLow(index: number): number {
    return this.#blocks[index >>> blockBits]!.argumentLow[index & blockMask]!;
  }

  argumentHigh(index: number): number {
    return this.#blocks[index >>> blockBits]!.argumentHigh[index & blockMask]!;
  }

  /** The whole argument, but for the place in the source; exact below 2^53. */
  argument(index: number): number {
    if (hasWhere(this.kind(index))) return this.argumentLow(index);
    return this.argumentHigh(index) * 2 ** 32 + this.argumentLow(index);
  }

  /** Where in the source it was done, as "file:line"; undefined if that is unknown. */
  where(index: number): string | undefined {
    const id = hasWhere(this.kind(index)) ? this.argumentHigh(index) : 0;
    return id === 0 ? undefined : this.string(this.process(index), id);
  }

  /** The object of the task that the thread was at, its own beginning and end included; 0 if at none. */
  task(index: number): number {
    return this.#blocks[index >>> blockBits]!.task?.[index & blockMask] ?? 0;
  }

  /** The thread that ended the wait of an `unblocked` record; 0 if that is unknown. */
  wakerThread(index: number): number {
    const thread = this.kind(index) === Kind.unblocked ? this.argumentLow(index) : 0;
    if (thread !== 0) return thread;
    const record = this.wakerRecord(index);
    return record < 0 ? 0 : this.thread(record);
  }

  /** The record by which the wait of an `unblocked` record was ended; -1 if it is unknown or not there. */
  wakerRecord(index: number): number {
    const sequence = this.kind(index) === Kind.unblocked ? this.argumentHigh(index) : 0;
    const object = this.object(index);
    if (sequence === 0 || object === 0) return -1;
    const [process, thread] = [this.process(index), this.thread(index)];
    const isShared = object >= firstSharedObject;
    for (let at = index - 1; at >= 0; at -= 1) {
      if (this.object(at) === object && (isShared || this.process(at) === process)) {
        const found = this.sequence(at);
        if (found === sequence) return at;
        // All before has smaller numbers.
        if (found !== 0 && found < sequence) return -1;
        // It was woken while it was waiting.
        if (this.thread(at) === thread && this.process(at) === process && this.kind(at) === Kind.blocked) return -1;
      }
    }
    return -1;
  }

  /** A view that must not be written to; empty for a record without payload. */
  payload(index: number): Uint8Array<ArrayBuffer> {
    if (!hasPayload(this.kind(index))) return nothing;
    const address = this.#blocks[index >>> blockBits]!.payload![index & blockMask]!;
    return this.#payloads.get(address, this.argumentLow(index));
  }

  text(index: number): string {
    return text.decode(this.payload(index));
  }

  /** The string of a `string` record, as the first `cursor` records tell it. */
  string(process: number, id: number, cursor = Infinity): string | undefined {
    return this.#textAt(this.#placeOf(this.#names.get(process)?.strings, id, cursor));
  }

  /** The latest name of the thread in the first `cursor` records. */
  threadName(process: number, thread: number, cursor = Infinity): string | undefined {
    return this.#textAt(this.#placeOf(this.#names.get(process)?.threads, thread, cursor));
  }

  objectName(process: number, object: number, cursor = Infinity): string | undefined {
    return this.#textAt(this.#placeOf(this.#objectNames(process, object), object, cursor));
  }

  /** An `ObjectType`, or 0 if the object is not announced in the first `cursor` records. */
  objectType(process: number, object: number, cursor = Infinity): number {
    const place = this.#placeOf(this.#objectNames(process, object), object, cursor);
    return place > 0 ? this.detail(place - 1) : 0;
  }

  /** How many records there are up to and including a time. */
  indexAt(time: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.time(middle) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isReserved(kind: number): boolean {
    if (this.#length >= this.limits.records + this.limits.reserve) return false;
    switch (kind) {
      case Kind.thread_start:
      case Kind.thread_end:
      case Kind.thread_name:
      case Kind.process_start:
      case Kind.process_end:
      case Kind.run_end:
      case Kind.result:
      case Kind.check:
      case Kind.error:
        return true;
      default:
        return false;
    }
  }

  #noteName(process: number, kind: number, thread: number, words: Uint32Array, base: number): void {
    if (kind > Kind.object_name) return;
    let names = this.#names.get(process);
    if (!names) {
      names = { strings: new WordTable(), threads: new WordTable(), objects: new WordTable() };
      this.#names.set(process, names);
    }
    const place = this.#length + 1;
    const object = words[base + word.object]!;
    if (kind === Kind.string) this.#setName(names.strings, words[base + word.detail]!, place);
    else if (kind === Kind.thread_name) this.#setName(names.threads, thread, place);
    else this.#setName(this.#objectNames(process, object)!, object, place);
  }

  /** Ids are one higher in the tables, in which there is no key 0. */
  #setName(names: WordTable, id: number, place: number): void {
    const before = names.get(id + 1);
    if (before > 0) this.#renamed.set(place, before);
    names.set(id + 1, place);
  }

  /** Index + 1 of the record that named it last among the first `cursor` records, or 0. */
  #placeOf(names: WordTable | undefined, id: number, cursor: number): number {
    let place = names ? names.get(id + 1) : 0;
    while (place > cursor) place = this.#renamed.get(place);
    return place;
  }

  #objectNames(process: number, object: number): WordTable | undefined {
    return object >= firstSharedObject ? this.#shared : this.#names.get(process)?.objects;
  }

  #textAt(place: number): string | undefined {
    return place > 0 ? this.text(place - 1) : undefined;
  }
}
