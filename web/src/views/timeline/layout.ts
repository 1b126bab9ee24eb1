import { signal } from '@preact/signals-core';
import type { Lane } from '../../folds/lanes.ts';
import type { ProcessHistory } from '../../folds/processes.ts';
import type { Track } from '../kit/track.ts';
import type { Band } from '../kit/raster.ts';

/** Lanes from top to bottom: by process, then by thread. */
export function orderLanes(lanes: readonly Lane[]): Lane[] {
  return [...lanes].sort((a, b) => a.process - b.process || a.thread - b.thread);
}

/** A row of the timeline: a thread, the head of a process above its threads, or both in one. */
export interface Row {
  /** The threads whose lanes are drawn in the row, one after the other. */
  lanes: readonly Lane[];
  /** The process that the row is the head of. */
  process: ProcessHistory | null;
  /** What the row shows instead. */
  track?: Track;
}

export type NameOf = (process: number, thread: number) => string;

/**
 * Threads of one name that follow each other, as those of the phases of a run do, share a row: the phases are told apart by
 * their marks on the axis, and what is alike stands in one line.
 */
export function shared(ordered: readonly Lane[], nameOf: NameOf): Row[] {
  const rows: { lanes: Lane[]; process: null }[] = [];
  const byName = new Map<string, Lane[][]>();
  for (const lane of ordered) {
    const name = nameOf(lane.process, lane.thread);
    const alike = byName.get(name) ?? [];
    byName.set(name, alike);
    const free = alike.find((before) => before.at(-1)!.end <= lane.start);
    if (free) {
      free.push(lane);
    } else {
      const lanes = [lane];
      alike.push(lanes);
      rows.push({ lanes, process: null });
    }
  }
  return rows;
}

/** Rows of a run of one process from top to bottom: it needs no heads. */
export const rowsOf = (lanes: readonly Lane[], nameOf: NameOf): Row[] => shared(orderLanes(lanes), nameOf);

/** The rows with the tracks below them. */
export const withTracks = (rows: readonly Row[], tracks: readonly Track[]): Row[] => [
  ...rows,
  ...tracks.map((track): Row => ({ lanes: [], process: null, track })),
];

/** The lane of a thread in the row; undefined if it is in another one. */
export const laneOf = ({ lanes }: Row, { process, thread }: { process: number; thread: number }): Lane | undefined =>
  lanes.find((lane) => lane.process === process && lane.thread === thread);

/** By their names, which are the same in the next run. */
export const foldedTracks = signal<ReadonlySet<string>>(new Set());
export const pinnedTracks = signal<ReadonlySet<string>>(new Set());

export function toggled(names: ReadonlySet<string>, name: string): Set<string> {
  const next = new Set(names);
  if (!next.delete(name)) next.add(name);
  return next;
}

/** Heights of tracks in CSS pixels, with the line below each. */
const trackHeights = { tall: 65, low: 31, lane: 35 };
const foldedHeight = 24;

export function trackHeight({ name, size }: Track): number {
  return foldedTracks.value.has(name) ? foldedHeight : trackHeights[size];
}

/** A row where it lies, in CSS pixels from the top of the first. */
export interface PlacedRow extends Row {
  top: number;
  height: number;
}

export function placeRows(rows: readonly Row[], height: number): PlacedRow[] {
  let top = 0;
  return rows.map((row) => {
    const placed = { ...row, top, height: row.track ? trackHeight(row.track) : height };
    top += placed.height;
    return placed;
  });
}

/** How many lanes and tracks lie above and below the part that is visible. */
export function outOfSight(rows: readonly PlacedRow[], top: number, height: number) {
  const count = (hidden: PlacedRow[]) => ({
    lanes: hidden.filter(({ track }) => !track).length,
    tracks: hidden.filter(({ track }) => track).length,
  });
  const slack = 4; // a row of which so much is hidden is seen
  return {
    above: count(rows.filter((row) => row.top + slack < top)),
    below: count(rows.filter((row) => row.top + row.height - slack > top + height)),
  };
}

/** Height of a lane in CSS pixels: generous while there are few, and more so where there is room. A finger needs 24 of them. */
export function laneHeight(count: number, coarsePointer: boolean, room = 0): number {
  if (count <= 10) return Math.max(30, Math.min(40, Math.floor(room / Math.max(1, count))));
  return count <= 20 || coarsePointer ? 24 : 20;
}

export interface LaneParts {
  state: Band;
  /** Where the tasks are drawn, if the lane has any. */
  tasks: Band | null;
}

/** Where the parts of a lane lie, in device pixels. */
export function laneParts(top: number, height: number, ratio: number, hasTasks: boolean): LaneParts {
  const at = (pixels: number) => Math.round(pixels * ratio);
  const padding = height >= 28 ? 4 : 3;
  const inner = height - 2 * padding;
  if (!hasTasks) return { state: { top: at(top + padding), height: at(inner) }, tasks: null };
  const tasks = Math.round(inner * 0.62);
  return {
    tasks: { top: at(top + padding), height: at(tasks) },
    state: { top: at(top + padding) + at(tasks), height: at(inner - tasks) },
  };
}
