import { Kind } from '../trace/kinds.ts';
import { Entities } from './entities.ts';
import type { Entity } from './entities.ts';
import { Fold, ownerOf } from './fold.ts';
import type { Records } from './fold.ts';
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

export interface Picture extends Entity {
  process: number;
  object: number;
  name: string;
  width: number;
  height: number;
  tiles: Log<Tile>;
}

const tileHeader = 8;

/** Pictures with the tiles that have arrived. */
export class Images extends Fold {
  private readonly entities = new Entities<Picture>();

  get pictures(): readonly Picture[] {
    return this.entities.list;
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      const kind = records.kind(index);
      if (kind === Kind.image) this.open(records, index);
      else if (kind === Kind.tile) this.add(records, index);
    }
  }

  private open(records: Records, index: number): void {
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
    const count = this.entities.list.length;
    this.entities.add(0, count, { process, object, name: String(declared.name ?? ''), width, height, tiles: new Log<Tile>() });
  }

  private add(records: Records, index: number): void {
    // Processes that draw in a picture of the first one use the number that it has there.
    const [process, object] = [records.process(index), records.object(index)];
    const picture = this.latest(process, object) ?? this.latest(1, object);
    const bytes = records.payload(index);
    if (!picture || bytes.length < tileHeader) return;
    const header = new DataView(bytes.buffer, bytes.byteOffset, tileHeader);
    const [x, y, width, height] = [0, 2, 4, 6].map((offset) => header.getUint16(offset, true)) as [number, number, number, number];
    if (bytes.length < tileHeader + width * height || x + width > picture.width || y + height > picture.height) return;
    this.entities.own(picture).tiles.push(() => ({
      time: records.time(index),
      process: records.process(index),
      thread: records.thread(index),
      x,
      y,
      width,
      height,
      pixels: bytes.slice(tileHeader, tileHeader + width * height),
    }));
  }

  private latest(process: number, object: number): Picture | undefined {
    const owner = ownerOf(process, object);
    return this.entities.list.findLast((picture) => picture.object === object && ownerOf(picture.process, object) === owner);
  }
}
