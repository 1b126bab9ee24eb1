/** Where a flag stands, and how long its text is; CSS pixels. */
export interface Flag {
  x: number;
  length: number;
}

/** Between two flags, CSS pixels. */
const gap = 2;

/**
 * Which flags are shown, by their places in the list, which is ordered by x. A mark begins a phase, which ends at the next
 * one: a phase with room for its flag has it, whatever stands before. What room is left goes to the others, from left to right.
 */
export function placeFlags(flags: readonly Flag[], width: number): number[] {
  const end = ({ x, length }: Flag) => x + length + gap;
  const isInSight = ({ x, length }: Flag) => x + length > 0 && x < width;
  const hasRoom = flags.map((flag, place) => {
    const next = flags[place + 1]?.x ?? Math.max(width, end(flag));
    return isInSight(flag) && end(flag) <= next;
  });
  // The next flag that has its place for sure, from the right.
  const bounds = new Array<number>(flags.length).fill(Infinity);
  for (let place = flags.length - 2; place >= 0; place -= 1) {
    bounds[place] = hasRoom[place + 1] ? flags[place + 1]!.x : bounds[place + 1]!;
  }
  const shown: number[] = [];
  let free = -Infinity;
  flags.forEach((flag, place) => {
    const fits = flag.x >= free && end(flag) <= bounds[place]!;
    if (!hasRoom[place] && !(isInSight(flag) && fits)) return;
    shown.push(place);
    free = end(flag);
  });
  return shown;
}
