import type { Deadlock, StuckThread } from '../../folds/deadlocks.ts';

/** A node of the ring: a thread, or what the thread before it waits for. */
export interface RingNode {
  kind: 'thread' | 'object';
  name: string;
  thread: number;
  x: number;
  y: number;
}

export interface RingArrow {
  /** A thread waits for something; a lock is held by a thread; something else comes from a thread. */
  kind: 'waits' | 'held' | 'comes';
  from: { x: number; y: number };
  to: { x: number; y: number };
  /** For its name beside it: others of its kind say what a short one means. */
  hasRoom: boolean;
}

export interface Ring {
  width: number;
  height: number;
  nodes: RingNode[];
  arrows: RingArrow[];
}

export const nodeWidth = 118;
export const nodeHeight = 34;
const margin = 8;
/** Width and height of an arrow's name. */
const [nameWidth, nameHeight] = [72, 18];

/** The threads of the cycle in its order, each waiting for what the next one has. */
export function cycleThreads({ threads, cycle }: Deadlock): StuckThread[] {
  return cycle.flatMap((number) => threads.filter(({ thread }) => thread === number));
}

/** Whether what is waited for is had by a thread, and not what a thread will do: end, or give a result. */
export function isHeld({ objectType }: StuckThread): boolean {
  return objectType !== 'thread' && objectType !== 'future';
}

/** Objects that a thread of the deadlock has while others wait for them, each once. */
export function heldObjects(deadlock: Deadlock, thread: number): StuckThread[] {
  const waits = deadlock.threads.filter((stuck) => stuck.heldBy === thread && isHeld(stuck));
  return waits.filter(({ object }, place) => waits.findIndex((other) => other.object === object) === place);
}

/** Threads and what they wait for by turns, clockwise around an ellipse from the top left. */
export function ringOf(deadlock: Deadlock, nameOfObject: (stuck: StuckThread) => string): Ring {
  const threads = cycleThreads(deadlock);
  const count = threads.length * 2;
  const [radiusX, radiusY] = [Math.max(130, count * 26), Math.max(62, count * 18)];
  const [width, height] = [2 * radiusX + nodeWidth + 2 * margin, 2 * radiusY + nodeHeight + 2 * margin];
  const at = (place: number) => {
    const angle = (place / count) * 2 * Math.PI - Math.PI * (count === 2 ? 1 : 0.5 + 1 / count);
    // Four nodes stand in the corners of a rectangle, more of them on an ellipse.
    const reach = count === 4 ? Math.SQRT2 : 1;
    return { x: width / 2 + Math.cos(angle) * radiusX * reach, y: height / 2 + Math.sin(angle) * radiusY * reach };
  };
  const nodes = threads.flatMap((stuck, place): RingNode[] => [
    { kind: 'thread', name: stuck.name, thread: stuck.thread, ...at(place * 2) },
    { kind: 'object', name: nameOfObject(stuck), thread: 0, ...at(place * 2 + 1) },
  ]);
  // With two nodes both arrows have the same ends: they go side by side.
  const aside = count === 2 ? 9 : 0;
  const arrows = nodes.map((node, place): RingArrow => {
    const next = nodes[(place + 1) % count]!;
    const shift = place === 0 ? -aside : aside;
    const [one, other] = [
      { x: node.x, y: node.y + shift },
      { x: next.x, y: next.y + shift },
    ];
    const kind = node.kind === 'thread' ? 'waits' : isHeld(threads[(place - 1) / 2]!) ? 'held' : 'comes';
    const [from, to] = [edge(one, other, 3), edge(other, one, 7)];
    const [dx, dy] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)];
    return { kind, from, to, hasRoom: dx >= nameWidth || dy >= nameHeight };
  });
  return { width, height, nodes, arrows };
}

/** Where the way from the middle of a node to a point leaves the node's box, and a bit further. */
function edge(from: { x: number; y: number }, to: { x: number; y: number }, room: number): { x: number; y: number } {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const reach =
    Math.min(dx === 0 ? Infinity : nodeWidth / 2 / Math.abs(dx), dy === 0 ? Infinity : nodeHeight / 2 / Math.abs(dy)) + room / length;
  return { x: from.x + dx * reach, y: from.y + dy * reach };
}
