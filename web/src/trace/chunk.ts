/** A stretch of one ring: whole records with their payloads, in the order in which they were written. */
export interface Chunk {
  readonly process: number;
  readonly ring: number;
  /** Records lost in this ring since its previous chunk. */
  readonly dropped: number;
  /** The slots, copied out of shared memory. */
  readonly words: Uint32Array;
  /** The ring or its writer's backlog holds more than this chunk has. */
  readonly more: boolean;
}

export interface ChunkSink {
  push(chunk: Chunk): void;
}
