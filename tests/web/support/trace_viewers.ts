/*
 * How other programs read Chrome's trace events, as far as it matters for what we write. Each reads the events as that
 * program does, and lists what it would complain of or leave out.
 */

export interface TraceEvent {
  name: string;
  ph: string;
  cat?: string;
  ts: number;
  dur?: number;
  pid: number;
  tid: number;
  id?: number | string;
  bp?: string;
  args?: Record<string, unknown>;
}

export interface Slice {
  name: string;
  start: number;
  end: number;
  depth: number;
}

export interface Reading {
  complaints: string[];
  /** Of each thread, in the order of their begins. */
  slices: Map<string, Slice[]>;
}

const keyOf = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;

function slicesOf(reading: Reading, event: TraceEvent): Slice[] {
  const key = keyOf(event);
  if (!reading.slices.has(key)) reading.slices.set(key, []);
  return reading.slices.get(key)!;
}

/** Stable: what has the same time keeps its order. */
const byTime = (events: readonly TraceEvent[]) => [...events].sort((a, b) => a.ts - b.ts);

/** Times are kept in ns. */
const nanoseconds = (time: number) => Math.round(time * 1000);

export interface Arrow {
  from: Slice;
  to: Slice;
}

/**
 * Perfetto's trace processor: events by time, ties in the order of the file. A slice of a thread has to lie within the one
 * that is open when it begins. An arrow is bound to the innermost open slice of its thread, at both of its ends.
 */
export function readAsPerfetto(events: readonly TraceEvent[]): Reading & { arrows: Arrow[] } {
  const reading = { complaints: [] as string[], slices: new Map<string, Slice[]>(), arrows: [] as Arrow[] };
  const complain = (what: string, event: TraceEvent) => reading.complaints.push(`${what}: ${JSON.stringify(event)}`);
  const stacks = new Map<string, { slice: Slice; isOpen: boolean }[]>();
  const flows = new Map<string, Slice>();
  for (const event of byTime(events)) {
    // A counter is its process's.
    if (!Number.isInteger(event.pid) || !(Number.isInteger(event.tid) || event.ph === 'C'))
      complain('pid and tid are whole numbers', event);
    const time = nanoseconds(event.ts);
    const key = keyOf(event);
    if (!stacks.has(key)) stacks.set(key, []);
    const stack = stacks.get(key)!;
    const begin = (end: number, isOpen: boolean) => {
      // What is over by then is no longer around.
      while (stack.length > 0 && !stack.at(-1)!.isOpen && stack.at(-1)!.slice.end <= time) {
        // A slice without a length is around nothing, nor is one around it that has just ended.
        stack.pop();
      }
      const around = stack.at(-1);
      if (around && !around.isOpen && end > around.slice.end) complain(`it sticks out of ${around.slice.name}`, event);
      const slice = { name: event.name, start: time, end, depth: stack.length };
      stack.push({ slice, isOpen });
      slicesOf(reading, event).push(slice);
    };
    const enclosing = () => {
      const open = stack.findLast(({ slice, isOpen }) => isOpen || slice.end >= time);
      if (!open) complain('an arrow without a slice around its end', event);
      return open?.slice ?? null;
    };
    switch (event.ph) {
      case 'X':
        begin(time + nanoseconds(event.dur ?? NaN), false);
        break;
      case 'B':
        begin(Infinity, true);
        break;
      case 'E': {
        while (stack.length > 0 && !stack.at(-1)!.isOpen) {
          const { slice } = stack.pop()!;
          if (slice.end > time) complain(`${slice.name} lasts longer than what is around it`, event);
        }
        const ended = stack.pop();
        if (!ended || ended.slice.name !== event.name) complain('an end without a begin', event);
        else ended.slice.end = time;
        break;
      }
      case 's': {
        const from = enclosing();
        const id = `${event.cat} ${event.name} ${event.id}`;
        if (flows.has(id)) complain('two arrows of one id', event);
        if (from) flows.set(id, from);
        break;
      }
      case 'f': {
        const from = flows.get(`${event.cat} ${event.name} ${event.id}`);
        const to = enclosing();
        if (event.bp !== 'e') complain('it would be bound to the next slice', event);
        if (!from) complain('an arrow without a begin', event);
        if (from && to) reading.arrows.push({ from, to });
        break;
      }
    }
  }
  for (const [key, stack] of stacks) {
    for (const { slice, isOpen } of stack) if (isOpen) reading.complaints.push(`${slice.name} of ${key} has no end`);
  }
  return reading;
}

/**
 * speedscope: every event has a phase and a time, else nothing is opened. Begins and ends are two queues, each by time; where
 * both have the same time the end comes first, unless it is that of the slice about to begin. A begin and an end belong
 * together if their names are the same; their arguments ought to be.
 */
export function readAsSpeedscope(events: readonly TraceEvent[]): Reading {
  const reading: Reading = { complaints: [], slices: new Map() };
  for (const event of events) {
    if (!('ph' in event) || !('ts' in event)) reading.complaints.push(`no phase or no time: ${JSON.stringify(event)}`);
  }
  const identity = (event: TraceEvent) => `${event.name} ${event.args ? JSON.stringify(event.args) : ''}`;
  for (const [key, own] of Map.groupBy(events, keyOf)) {
    const complete = own.filter(({ ph }) => ph === 'X').sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
    const begins = byTime([...own.filter(({ ph }) => ph === 'B'), ...complete]);
    const ends = byTime([
      ...own.filter(({ ph }) => ph === 'E'),
      ...complete.map((event) => ({ ...event, ts: event.ts + (event.dur ?? 0) })),
    ]);
    const stack: { event: TraceEvent; slice: Slice }[] = [];
    while (begins.length + ends.length > 0) {
      const [begin, end] = [begins[0], ends[0]];
      const isBegin = !end || (begin && (begin.ts < end.ts || (begin.ts === end.ts && identity(begin) === identity(end))));
      if (isBegin) {
        const slice = { name: begin!.name, start: nanoseconds(begin!.ts), end: NaN, depth: stack.length };
        stack.push({ event: begin!, slice });
        slicesOf(reading, begin!).push(slice);
        begins.shift();
        continue;
      }
      const top = stack.at(-1);
      const matching = top ? ends.findIndex((each) => each.ts === end.ts && identity(each) === identity(top.event)) : -1;
      const [taken] = ends.splice(Math.max(0, matching), 1);
      if (!top || top.event.name !== taken!.name) {
        reading.complaints.push(
          `in ${key} ${identity(taken!)} ends at ${taken!.ts} while ${top ? identity(top.event) : 'nothing'} is open`,
        );
        continue;
      }
      if (identity(top.event) !== identity(taken!))
        reading.complaints.push(`in ${key} ${identity(top.event)} is ended by ${identity(taken!)}`);
      stack.pop()!.slice.end = nanoseconds(taken!.ts);
    }
    for (const { slice } of stack) reading.complaints.push(`in ${key} ${slice.name} has no end`);
  }
  return reading;
}

/**
 * The Firefox Profiler: every event has a name, else nothing is opened. Slices become markers; a begin and an end belong
 * together by thread and name, the last begin with the first end. Names of Chrome's own profiles mean those.
 */
export function readAsFirefoxProfiler(events: readonly TraceEvent[]): Reading {
  const reading: Reading = { complaints: [], slices: new Map() };
  const open = new Map<string, Slice[]>();
  for (const event of events) {
    if (typeof event.name !== 'string') reading.complaints.push(`no name: ${JSON.stringify(event)}`);
    if (['Profile', 'ProfileChunk', 'CpuProfile'].includes(event.name)) reading.complaints.push(`taken for a profile: ${event.name}`);
    const start = nanoseconds(event.ts);
    const key = `${keyOf(event)} ${event.name}`;
    if (event.ph === 'X') {
      if (!Number.isFinite(event.dur)) reading.complaints.push(`no duration: ${JSON.stringify(event)}`);
      slicesOf(reading, event).push({ name: event.name, start, end: start + nanoseconds(event.dur!), depth: 0 });
    } else if (event.ph === 'B' || event.ph === 'b') {
      const slice = { name: event.name, start, end: NaN, depth: 0 };
      open.set(key, [...(open.get(key) ?? []), slice]);
      if (event.ph === 'B') slicesOf(reading, event).push(slice);
    } else if (event.ph === 'E' || event.ph === 'e') {
      const slice = open.get(key)?.pop();
      if (!slice) reading.complaints.push(`an end without a begin: ${JSON.stringify(event)}`);
      else slice.end = start;
      if (slice && slice.end < slice.start) reading.complaints.push(`it ends before it begins: ${JSON.stringify(event)}`);
    }
  }
  for (const [key, slices] of open) for (const _ of slices) reading.complaints.push(`${key} has no end`);
  return reading;
}
