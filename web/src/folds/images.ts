import { Kind } from '../trace/kinds.ts';
import { lightWeight, ownerOf } from './fold.ts';
import type { Fold, Records } from './fold.ts';
import { Log } from './log.ts';

export interface Tile {
  time: number;
  process: number;
  /** The thread that made it. */
  thread: number;
  x: number;
  y: number;
  width: number;
  height: number;
  /** Brightness, row by row. */
  pixels: Uint8Array;
}

export interface Picture {
  process: number;
  object: number;
  name: string;
  width: number;
  height: number;
  tiles: Log<Tile>;
}

const tileHeader = 8;
const bytesPerPicture = 100;

/** Pictures with the tiles that have arrived. */
export class Images implements Fold {
  readonly #pictures: Picture[];

  constructor(from?: Images) {
    this.#pictures = from ? from.#pictures.map((picture) => ({ ...picture, tiles: new Log(picture.tiles) })) : [];
  }

  get pictures(): readonly Readonly<Picture>[] {
    return this.#pictures;
  }

  get weight(): number {
    return lightWeight + this.#pictures.length * bytesPerPicture;
  }

  fork(): Images {
    return new Images(this);
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      const kind = records.kind(index);
      if (kind === Kind.image) this.#open(records, index);
      else if (kind === Kind.tile) this.#add(records, index);
    }
  }

  #open(records: Records, index: number): void {
    let declared: { width?: unknown; height?: unknown; name?: unknown };
    try {
      declared = JSON.parse(records.text(index)) as typeof declared;
    } catch {
      return; // a picture that cannot be read is not shown; its tiles have nowhere to go
    }
    const width = Number(declared.width);
    const height = Number(declared.height);
    if (!(width > 0 && height > 0 && width * height <= 2 ** 26)) return;
    const process = records.process(index);
    const object = records.object(index);
    this.#pictures.push({ process, object, name: String(declared.name ?? ''), width, height, tiles: new Log() });
  }

  #add(records: Records, index: number): void {
    // Processes that draw in a picture of the first one use the number that it has there.
    const [process, object] = [records.process(index), records.object(index)];
    const picture = this.#latest(process, object) ?? this.#latest(1, object);
    const bytes = records.payload(index);
    if (!picture || bytes.length < tileHeader) return;
    const header = new DataView(bytes.buffer, bytes.byteOffset, tileHeader);
    const [x, y, width, height] = [0, 2, 4, 6].map((offset) => header.getUint16(offset, true)) as [number, number, number, number];
    if (bytes.length < tileHeader + width * height || x + width > picture.width || y + height > picture.height) return;
    picture.tiles.push(() => ({
      time: records.time(index),
      process: records.process(index),
      thread: records.thread(index),
      x, y, width, height,
      pixels: bytes.slice(tileHeader, tileHeader + width * height),
    }));
  }

  #latest(process: number, object: number): Picture | undefined {
    const owner = ownerOf(process, object);
    return this.#pictures.findLast((picture) => picture.object === object && ownerOf(picture.process, object) === owner);
  }
}
