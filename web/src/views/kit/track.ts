import { signal } from '@preact/signals-core';
import type { Focus, Span } from '../../app/state.ts';

/** Where a track is painted. Sizes are CSS pixels. */
export interface TrackCanvas {
  /** Scaled to CSS pixels, and cleared. */
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
  readonly span: Span;
  readonly now: number;
  readonly colour: (name: string) => string;
}

/** A line of the timeline that shows something over time, with the value at the pointer. */
export interface Track {
  /** Unique on the page. */
  readonly key: string;
  /** The process below whose threads it stands; 0 = below all of them. */
  readonly process: number;
  readonly name: string;
  readonly hint?: string;
  readonly note?: string;
  /** For screen readers. */
  readonly label: string;
  readonly size: 'tall' | 'low' | 'lane';
  /** The object that it is about. */
  readonly subject?: { process: number; object: number };
  /** What else the focus goes to at a time. */
  focusAt?(time: number): Partial<Focus>;
  /** Up to when it has values, where that is later than the end of the run. */
  readonly end?: number;
  paint(canvas: TrackCanvas): void;
  /** The value at a time up to now, or to the end of the track; null if there is none. */
  textAt(time: number, canvas: TrackCanvas): string | null;
}

/** Below this height a track has room for its shape only, in CSS pixels. */
export const roomForText = 40;

/** What views have for the timeline, by the place of each among them. */
const offers = signal<ReadonlyMap<number, readonly Track[]>>(new Map());

/** Puts tracks into the timeline, in place of those that were there. Those with a smaller place stand above others. */
export function offerTracks(place: number, tracks: readonly Track[]): void {
  if (tracks.length > 0 || offers.peek().get(place)?.length) offers.value = new Map(offers.peek()).set(place, tracks);
}

export function offeredTracks(): Track[] {
  return [...offers.value].sort(([a], [b]) => a - b).flatMap(([, tracks]) => tracks);
}
