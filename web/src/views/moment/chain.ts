import { processOf, threadKey, threadOf } from '../../folds/fold.ts';
import type { GilHistory } from '../../folds/gil.ts';
import type { LockHistory } from '../../folds/holders.ts';
import { isWait } from '../../folds/lanes.ts';
import type { Lane } from '../../folds/lanes.ts';
import type { Task } from '../../folds/tasks.ts';
import { Reason } from '../../trace/kinds.ts';
import { isSameObject } from '../../trace/objects.ts';

/** A thread, numbered within its process. */
export interface ThreadPlace {
  process: number;
  thread: number;
}

/** How what a thread waits for depends on another thread. */
export type Tie = 'holds' | 'reads' | 'runs' | 'is' | 'hasGil';

/** A thread of the chain, and what it waits for. */
export interface Link extends ThreadPlace {
  /** A state of its lane. */
  state: number;
  /** What it waits for; 0 = nothing that has a number. */
  object: number;
  /** Since when it is in the state. */
  since: number;
  /** Who could end the wait; empty if it does not wait, or anybody could. */
  on: readonly ThreadPlace[];
  tie: Tie | null;
  /** A task that it waits for, which no thread has started. */
  queued: boolean;
}

export interface Chain {
  links: readonly Link[];
  /** Place of the link that the last one waits for; -1 if it is no cycle. */
  cycle: number;
}

/** What the chain is read from, all as of one moment; what a run does not have is null. */
export interface Reads {
  lanes: { find(process: number, thread: number): Lane | undefined };
  locks: readonly LockHistory[];
  gils: readonly GilHistory[];
  task(process: number, future: number): Task | undefined;
  threadOf(process: number, object: number): number | undefined;
  /** Number of the process that an object stands for. */
  processOf(object: number): number | undefined;
}

/** The thread of a `threadKey`. */
export const placeOf = (key: number): ThreadPlace => ({ process: processOf(key), thread: threadOf(key) });

type Blockers = Pick<Link, 'on' | 'tie' | 'queued'>;

const noBlockers: Blockers = { on: [], tie: null, queued: false };

function blockersOf(reads: Reads, process: number, thread: number, reason: number, object: number): Blockers {
  switch (reason) {
    case Reason.lock:
    case Reason.read_lock:
    case Reason.write_lock: {
      const lock = reads.locks.find((each) => isSameObject(each.process, each.object, process, object));
      if (!lock) return noBlockers;
      const { holder } = lock.holding;
      if (holder !== 0) return { on: [placeOf(holder)], tie: 'holds', queued: false };
      const own = threadKey(process, thread);
      return { on: [...lock.readers.keys()].filter((key) => key !== own).map(placeOf), tie: 'reads', queued: false };
    }
    case Reason.gil: {
      const holder = reads.gils.findLast((each) => isSameObject(each.process, each.object, process, object))?.holding.holder ?? 0;
      return holder === 0 ? noBlockers : { on: [placeOf(holder)], tie: 'hasGil', queued: false };
    }
    case Reason.thread_join: {
      const joined = reads.threadOf(process, object);
      return joined === undefined ? noBlockers : { on: [{ process, thread: joined }], tie: 'is', queued: false };
    }
    case Reason.process: {
      const number = reads.processOf(object);
      return number === undefined ? noBlockers : { on: [{ process: number, thread: 1 }], tie: 'is', queued: false };
    }
    case Reason.future: {
      const task = reads.task(process, object);
      if (task?.state === 'waiting') return { on: [], tie: null, queued: true };
      return task?.state === 'running' ? { on: [{ process: task.process, thread: task.thread }], tie: 'runs', queued: false } : noBlockers;
    }
    default:
      return noBlockers;
  }
}

/** Why a thread waits: it, the thread that it waits for, the one that this waits for, and so on, to one that does not wait for any. */
export function chainOf(reads: Reads, process: number, thread: number): Chain {
  const links: Link[] = [];
  let next: ThreadPlace | undefined = { process, thread };
  while (next) {
    const { process: of, thread: number }: ThreadPlace = next;
    const cycle = links.findIndex((link) => link.process === of && link.thread === number);
    if (cycle >= 0) return { links, cycle };
    const lane = reads.lanes.find(of, number);
    if (!lane) break;
    const last = lane.count - 1;
    const state = lane.states.at(last);
    const object = isWait(state) ? lane.objects.at(last) : 0;
    const blockers: Blockers = isWait(state) ? blockersOf(reads, of, number, state, object) : noBlockers;
    links.push({ process: of, thread: number, state, object, since: lane.starts.at(last), ...blockers });
    next = blockers.on[0];
  }
  return { links, cycle: -1 };
}
