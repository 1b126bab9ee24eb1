import { stateCount } from '../../folds/lanes.ts';
import type { Lane } from '../../folds/lanes.ts';
import type { Span } from '../../app/state.ts';
import { categories, categoryOfState, css, paints, patternTile } from './palette.ts';
import type { Category } from './palette.ts';

/*
 * Lanes as pixels. A column of pixels shows how its stretch of time was shared between the states, so that a lane that
 * waits nine tenths of the time looks it at every zoom. Cost grows with the pixels, not with the spans.
 */

export interface Tile {
  size: number;
  pixels: Uint32Array;
}

/** Patterns by place in `categories`. */
export function tilesFor(dark: boolean, ratio: number): Tile[] {
  const paint = paints(dark);
  return categories.map((category) => patternTile(category, paint[category], ratio));
}

export function swatchColours(category: Category, dark: boolean): { fill: string; mark: string } {
  const { fill, mark } = paints(dark)[category];
  return { fill: css(fill), mark: css(mark) };
}

const placeOfState = categoryOfState.map((category) => (category === null ? -1 : categories.indexOf(category)));
const lockPlace = categories.indexOf('lock');

/** Where a lane's band lies in the raster, in device pixels. */
export interface Band {
  top: number;
  height: number;
}

const sums = new Float64Array(stateCount);
const shares = new Float64Array(categories.length);

export class Raster {
  readonly width: number;
  readonly height: number;
  readonly image: ImageData;
  readonly #pixels: Uint32Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.image = new ImageData(width, height);
    this.#pixels = new Uint32Array(this.image.data.buffer);
  }

  clear(): void {
    this.#pixels.fill(0);
  }

  lane(lane: Lane, band: Band, span: Span, now: number, tiles: Tile[]): void {
    const { width } = this;
    const perColumn = (span.end - span.start) / width;
    const lockLeast = Math.max(1, Math.round(band.height / 12));
    let index = Math.max(0, lane.spanAt(span.start));
    let runPlace = -1;
    let runStart = 0;
    for (let column = 0; column < width; column += 1) {
      const from = span.start + column * perColumn;
      const to = from + perColumn;
      let place = -1;
      let mixed = false;
      const spanEnd = lane.spanEnd(index, now);
      if (from >= lane.start && to <= spanEnd && lane.starts.at(index) <= from) {
        place = placeOfState[lane.states.at(index)]!;
      } else if (to > lane.start && from < now) {
        sums.fill(0);
        index = lane.addUp(Math.max(from, lane.start), Math.min(to, now), now, index, sums);
        shares.fill(0);
        let total = 0;
        let kinds = 0;
        for (let state = 0; state < stateCount; state += 1) {
          const time = sums[state]!;
          const at = placeOfState[state]!;
          if (time <= 0 || at < 0) continue;
          total += time;
          if (shares[at] === 0) {
            kinds += 1;
            place = at;
          }
          shares[at]! += time;
        }
        // The share is that of the time the thread lived: one that lives for less than a pixel is seen all the same.
        mixed = kinds > 1;
        if (mixed) {
          if (runPlace >= 0) this.#rectangle(runStart, column, band.top, band.height, tiles[runPlace]!);
          runPlace = -1;
          this.#stack(column, band, total, lockLeast, tiles);
        }
      }
      if (mixed) continue;
      if (place !== runPlace) {
        if (runPlace >= 0) this.#rectangle(runStart, column, band.top, band.height, tiles[runPlace]!);
        runPlace = place;
        runStart = column;
      }
    }
    if (runPlace >= 0) this.#rectangle(runStart, width, band.top, band.height, tiles[runPlace]!);
  }

  /** One column with several states above each other. */
  #stack(column: number, band: Band, total: number, lockLeast: number, tiles: Tile[]): void {
    let filled = 0;
    let bottom = band.height;
    // A wait for a lock is visible however short it was.
    const reserved = shares[lockPlace]! > 0 ? lockLeast : 0;
    for (let place = 0; place < shares.length; place += 1) {
      const share = shares[place]!;
      if (share <= 0) continue;
      filled += share;
      let top = Math.round(band.height * (1 - filled / total));
      if (place !== lockPlace && top < reserved) top = reserved;
      if (place === lockPlace && bottom - top < lockLeast) top = Math.max(0, bottom - lockLeast);
      if (top < bottom) this.#rectangle(column, column + 1, band.top + top, bottom - top, tiles[place]!);
      bottom = Math.min(bottom, top);
    }
  }

  #rectangle(left: number, right: number, top: number, height: number, tile: Tile): void {
    const { size, pixels } = tile;
    const target = this.#pixels;
    for (let y = top; y < top + height; y += 1) {
      const row = y * this.width;
      const source = (y % size) * size;
      for (let x = left; x < right; x += 1) target[row + x] = pixels[source + (x % size)]!;
    }
  }
}
