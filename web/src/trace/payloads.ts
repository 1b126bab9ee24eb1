import { payloadAt } from './record.ts';

const blockBits = 20;
const blockBytes = 2 ** blockBits;

/** The bytes of payloads, one behind the other in blocks; none lies across two. */
export class PayloadStore {
  readonly #limit: number;
  readonly blocks: Uint8Array<ArrayBuffer>[] = [];
  #end = 0;

  constructor(limitBytes: number) {
    this.#limit = Math.min(limitBytes, 2 ** 32 - 1);
  }

  /** Keeps the payload of the record at the word `base`. Returns its address, or -1 if there is no room. */
  add(words: Uint32Array, base: number): number {
    const payload = payloadAt(words, base);
    if (payload.length > blockBytes) return -1;
    let address = this.#end;
    const room = blockBytes - (address % blockBytes);
    if (payload.length > room) address += room;
    if (address + payload.length > this.#limit) return -1;
    const block = address >>> blockBits;
    while (this.blocks.length <= block) this.blocks.push(new Uint8Array(blockBytes));
    this.blocks[block]!.set(payload, address % blockBytes);
    this.#end = address + payload.length;
    return address;
  }

  get(address: number, length: number): Uint8Array<ArrayBuffer> {
    const from = address % blockBytes;
    return this.blocks[address >>> blockBits]!.subarray(from, from + length);
  }
}
