import type { Lane } from '../../folds/lanes.ts';
import type { Processes } from '../../folds/processes.ts';
import type { Track } from '../kit/track.ts';
import { orderLanes, shared } from './layout.ts';
import type { NameOf, Row } from './layout.ts';

/* Rows of a run of several processes. */

/** From so many processes on, those with a single thread are one row each unless they are opened. */
const manyProcesses = 8;

/** Whether a process is drawn in one row, with the lane of its main thread. */
export function isFolded(number: number, threads: number, processCount: number, chosen: ReadonlyMap<number, boolean>): boolean {
  return chosen.get(number) ?? (threads <= 1 && processCount > manyProcesses);
}

/** Rows from top to bottom. */
export function rowsOfProcesses(lanes: readonly Lane[], processes: Processes, chosen: ReadonlyMap<number, boolean>, nameOf: NameOf): Row[] {
  const ordered = orderLanes(lanes);
  const byProcess = new Map<number, Lane[]>();
  for (const lane of ordered) byProcess.set(lane.process, [...(byProcess.get(lane.process) ?? []), lane]);
  return [...processes.list]
    .sort((a, b) => a.number - b.number)
    .flatMap((process): Row[] => {
      const own = byProcess.get(process.number) ?? [];
      if (isFolded(process.number, own.length, processes.list.length, chosen)) return [{ lanes: own.slice(0, 1), process }];
      return [{ lanes: [], process }, ...shared(own, nameOf)];
    });
}

/** The rows with each track below the threads of its process, or at the end; those of a process that is folded are folded with it. */
export function withTracksOfProcesses(rows: readonly Row[], tracks: readonly Track[], processes: Processes): Row[] {
  const all: Row[] = [];
  const isOwn = ({ process }: Track) => processes.find(process) !== undefined;
  const close = (number: number, isFolded: boolean) => {
    if (!isFolded) all.push(...tracks.filter(({ process }) => process === number).map((track) => ({ lanes: [], process: null, track })));
  };
  let open: number | null = null;
  let isFolded = false;
  for (const row of rows) {
    if (row.process) {
      if (open !== null) close(open, isFolded);
      open = row.process.number;
      isFolded = row.lanes.length > 0;
    }
    all.push(row);
  }
  if (open !== null) close(open, isFolded);
  return [...all, ...tracks.filter((track) => !isOwn(track)).map((track) => ({ lanes: [], process: null, track }))];
}
