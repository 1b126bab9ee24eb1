import type { Chunk, ChunkSink } from './chunk.ts';
import { firstSharedObject } from './kinds.ts';
import { slotsAt, slotWords, timeAt, word } from './record.ts';
import { WordTable } from './word_table.ts';

/** Takes records in their order; a payload follows its record in `words`. */
export interface RecordSink {
  append(process: number, time: number, words: Uint32Array, base: number): void;
}

/**
 * How long a record is held for its predecessor (ns): a thread may be preempted between taking a sequence number of an
 * object and writing the record.
 */
const reorderTimeout = 500e6;
/** How much of that all later records are held as well, so that they keep their order. */
const sharedReorderTimeout = 20e6;
/** The timeout once records were dropped: the predecessor is most likely among them. */
const reorderTimeoutAfterLoss = 25e6;

/** The scope of object numbers: a process, or the run for objects that processes share. */
interface Realm {
  /** Sequence number of the last record of each object. */
  readonly last: WordTable;
  lossy: boolean;
}

interface Process extends Realm {
  readonly number: number;
}

/** Consumed chunks are removed in batches of so many. */
const consumedBatch = 1024;

/** What was read of one ring and not passed on yet. */
interface Stream {
  readonly process: Process;
  readonly ring: number;
  /** Those before `first` are consumed; they are removed in batches, as each removal moves the rest. */
  readonly chunks: Chunk[];
  first: number;
  /** Word of the head record in the first chunk. */
  base: number;
  time: number;
  object: number;
  sequence: number;
  /** Of the head record's object. */
  realm: Realm;
  /** Nothing is queued here, but the ring has more. */
  starved: boolean;
  /** The time of the first `advance` that found it starved. */
  starvedSince: number | undefined;
  more: boolean;
}

/**
 * Merges the threads' streams into one order: by time, but never against the order of a thread nor
 * against the sequence numbers of an object.
 *
 * A record whose predecessor on its object has not been seen yet is held until that comes or is presumed lost.
 */
export class Sequencer implements ChunkSink {
  readonly #sink: RecordSink;
  readonly #processes = new Map<number, Process>();
  readonly #shared: Realm = { last: new WordTable(), lossy: false };
  #streams: Stream[] = [];
  /** Heap of the streams whose head may be passed on, the earliest first. */
  readonly #ready: Stream[] = [];
  /** Streams whose head waits for its predecessor. */
  readonly #held: Stream[] = [];
  #starved = 0;
  #queued: Map<Realm, Map<number, number[]>> | null = null;

  /** Ranges of sequence numbers whose records were presumed lost. */
  gaps = 0;
  /** Records in these gaps. */
  missing = 0;
  /** Records that the writers dropped. */
  dropped = 0;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  push(chunk: Chunk): void {
    const stream = this.#streamOf(chunk.process, chunk.ring);
    this.dropped += chunk.dropped;
    if (chunk.dropped > 0) stream.process.lossy = this.#shared.lossy = true;
    stream.more = chunk.more;
    if (stream.starved) {
      stream.starved = false;
      this.#starved -= 1;
    }
    if (chunk.words.length > 0 || !chunk.more) stream.starvedSince = undefined;
    if (chunk.words.length > 0) {
      this.#queued = null;
      stream.chunks.push(chunk);
      if (stream.chunks.length === stream.first + 1) this.#enter(stream, 0);
    } else if (stream.chunks.length === stream.first) {
      this.#rest(stream);
    }
  }

  /**
   * Nothing more will be pushed of a process. If it was cut off, it may have taken sequence numbers of shared objects
   * without writing their records.
   */
  endProcess(number: number, wasCutOff: boolean): void {
    if (wasCutOff) this.#shared.lossy = true;
    for (const stream of this.#streams) {
      if (stream.process.number !== number) continue;
      stream.more = false;
      if (!stream.starved) continue;
      stream.starved = false;
      this.#starved -= 1;
    }
    this.#streams = this.#streams.filter(({ process, chunks }) => process.number !== number || chunks.length > 0);
  }

  /** Passes on the records up to a time; everything earlier has to have been pushed. */
  advance(until: number): void {
    if (this.#starved > 0) this.#goOnWithout(until);
    for (;;) {
      this.#passOn(until, false);
      if (this.#starved > 0) return;
      const stream = this.#presumedLost(until);
      if (!stream) return;
      this.#release(stream);
    }
  }

  /** Passes on everything: nothing more will come. */
  flush(): void {
    for (;;) {
      this.#passOn(Infinity, true);
      const stream = this.#presumedLost(Infinity) ?? this.#held[0];
      if (!stream) return;
      this.#release(stream);
    }
  }

  #passOn(until: number, flushing: boolean): void {
    while (this.#ready.length > 0 && (flushing || this.#starved === 0)) {
      const stream = this.#ready[0]!;
      if (stream.time > until) return;
      if (!flushing && this.#held.length > 0 && this.#mustWait(stream, until)) return;
      const chunk = stream.chunks[stream.first]!;
      const { base, object, sequence, realm } = stream;
      this.#sink.append(stream.process.number, stream.time, chunk.words, base);
      if (sequence !== 0 && object !== 0 && sequence > realm.last.get(object)) {
        realm.last.set(object, sequence);
      }
      this.#takeTop();
      this.#enter(stream, base + slotsAt(chunk.words, base) * slotWords);
      if (this.#held.length > 0 && sequence !== 0) this.#readyAfter(realm, object, sequence);
    }
  }

  /** True if an earlier record is still held, within the shared timeout, for a predecessor that is not queued. */
  #mustWait(stream: Stream, until: number): boolean {
    return this.#held.some((held) => held.time < stream.time && held.time > until - sharedReorderTimeout && !this.#hasPredecessor(held));
  }

  /** Makes the record at the word the stream's head, or goes on to the next chunk. */
  #enter(stream: Stream, base: number): void {
    if (base >= stream.chunks[stream.first]!.words.length) {
      stream.first += 1;
      if (stream.first === stream.chunks.length || stream.first === consumedBatch) {
        stream.chunks.splice(0, stream.first);
        stream.first = 0;
      }
      if (stream.chunks.length === 0) {
        this.#rest(stream);
        return;
      }
      base = 0;
    }
    const words = stream.chunks[stream.first]!.words;
    stream.base = base;
    stream.time = timeAt(words, base);
    stream.object = words[base + word.object]!;
    stream.sequence = words[base + word.sequence]!;
    stream.realm = this.#realmOf(stream.process, stream.object);
    if (this.#isDue(stream)) this.#insert(stream);
    else this.#held.push(stream);
  }

  /** A thread writes its backlog at its next point, which may be long in coming: the others stop waiting after the timeout. */
  #goOnWithout(until: number): void {
    for (const stream of this.#streams) {
      if (!stream.starved) continue;
      stream.starvedSince ??= until;
      if (until - stream.starvedSince < reorderTimeout) continue;
      stream.starved = false;
      this.#starved -= 1;
    }
  }

  #rest(stream: Stream): void {
    stream.starved = stream.more;
    if (stream.starved) this.#starved += 1;
  }

  #isDue(stream: Stream): boolean {
    if (stream.sequence <= 1 || stream.object === 0) return true;
    return stream.sequence <= stream.realm.last.get(stream.object) + 1;
  }

  #readyAfter(realm: Realm, object: number, sequence: number): void {
    for (let index = this.#held.length - 1; index >= 0; index -= 1) {
      const stream = this.#held[index]!;
      if (stream.realm !== realm || stream.object !== object) continue;
      if (stream.sequence > sequence + 1) continue;
      this.#held.splice(index, 1);
      this.#insert(stream);
    }
  }

  /** Counts the records before the stream's head as missing, and makes the head due. */
  #release(stream: Stream): void {
    const { realm, object, sequence } = stream;
    this.gaps += 1;
    this.missing += sequence - realm.last.get(object) - 1;
    realm.last.set(object, sequence - 1);
    this.#readyAfter(realm, object, sequence - 1);
  }

  /** The earliest held stream whose head has timed out: its predecessor is not queued, and presumed lost. */
  #presumedLost(until: number): Stream | undefined {
    let found: Stream | undefined;
    for (const stream of this.#held) {
      const timeout = stream.realm.lossy ? reorderTimeoutAfterLoss : reorderTimeout;
      if (stream.time > until - timeout) continue;
      if (found && !isBefore(stream, found)) continue;
      if (this.#hasPredecessor(stream)) continue;
      found = stream;
    }
    return found;
  }

  /** True if an earlier record of the same object is queued in another stream or behind this head. */
  #hasPredecessor(stream: Stream): boolean {
    this.#queued ??= this.#collectSequences();
    const sequences = this.#queued.get(stream.realm)?.get(stream.object);
    const last = stream.realm.last.get(stream.object);
    // The largest come first, so that what has been passed on goes from the end.
    while (sequences && sequences.length > 0 && sequences.at(-1)! <= last) sequences.pop();
    return sequences !== undefined && sequences.length > 0 && sequences.at(-1)! < stream.sequence;
  }

  /** Sequence numbers of all queued records, by object. */
  #collectSequences(): Map<Realm, Map<number, number[]>> {
    const queued = new Map<Realm, Map<number, number[]>>();
    for (const stream of this.#streams) {
      let base = stream.base;
      for (const { words } of stream.chunks.slice(stream.first)) {
        for (; base < words.length; base += slotsAt(words, base) * slotWords) {
          const sequence = words[base + word.sequence]!;
          if (sequence === 0) continue;
          const object = words[base + word.object]!;
          const realm = this.#realmOf(stream.process, object);
          let objects = queued.get(realm);
          if (!objects) {
            objects = new Map();
            queued.set(realm, objects);
          }
          const sequences = objects.get(object);
          if (sequences) sequences.push(sequence);
          else objects.set(object, [sequence]);
        }
        base = 0;
      }
    }
    for (const objects of queued.values()) {
      for (const sequences of objects.values()) sequences.sort((a, b) => b - a);
    }
    return queued;
  }

  #insert(stream: Stream): void {
    const heap = this.#ready;
    let place = heap.length;
    heap.push(stream);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(stream, heap[parent]!)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = stream;
  }

  #takeTop(): void {
    const heap = this.#ready;
    const moved = heap.pop()!;
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, moved)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = moved;
  }

  #realmOf(process: Process, object: number): Realm {
    return object >= firstSharedObject ? this.#shared : process;
  }

  #streamOf(processNumber: number, ring: number): Stream {
    for (const stream of this.#streams) {
      if (stream.ring === ring && stream.process.number === processNumber) return stream;
    }
    let process = this.#processes.get(processNumber);
    if (!process) {
      process = { number: processNumber, last: new WordTable(), lossy: false };
      this.#processes.set(processNumber, process);
    }
    const stream: Stream = {
      process,
      ring,
      chunks: [],
      first: 0,
      base: 0,
      time: 0,
      object: 0,
      sequence: 0,
      realm: process,
      starved: false,
      starvedSince: undefined,
      more: false,
    };
    this.#streams.push(stream);
    return stream;
  }
}

/** Ties are broken by process and ring, so that the order does not depend on the arrival of the chunks. */
function isBefore(one: Stream, other: Stream): boolean {
  if (one.time !== other.time) return one.time < other.time;
  if (one.process !== other.process) return one.process.number < other.process.number;
  return one.ring < other.ring;
}
