import type { Trace } from './columns.ts';
import { firstSharedObject, Kind, kindName, reasonName, Unblocked, unblockedName, workName } from './kinds.ts';

const eventsPerPart = 5000;

/** What begins and ends with a record each, and has others within: a task, or simulated work. */
interface OpenSpan {
  readonly category: 'task' | 'work';
  readonly name: string;
  readonly args: Args;
}

type Args = Record<string, number | string | undefined>;

/** A wait that has begun and not ended. */
interface Wait {
  readonly name: string;
  readonly start: number;
  readonly args: Args;
}

/** What a thread is at. Waits and the stretches between them are the innermost slices, so that all of them nest. */
interface ThreadState {
  readonly process: number;
  readonly thread: number;
  readonly spans: OpenSpan[];
  /** Of the last begin or end that was written. */
  last: number;
  wait: Wait | null;
  /** Since when it runs; NaN while it does not. */
  runsSince: number;
  /** Whether the begin of that stretch was written: an arrow needs a slice before it that it leaves from. */
  isRunWritten: boolean;
}

interface ChromeEvent {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** Collects events as text, in parts: one string of a large trace would be too long for a string. */
class EventWriter {
  readonly #parts: string[] = [];
  #events: string[] = [];
  #separator = '\n';

  add(event: ChromeEvent): void {
    // Viewers take an event of one of these names for a whole profile of Chrome's.
    const isTaken = /^(Profile|ProfileChunk|CpuProfile)$/.test(event.name);
    this.#events.push(JSON.stringify(isTaken ? { ...event, name: `${event.name} ` } : event));
    if (this.#events.length >= eventsPerPart) this.#flush();
  }

  toBlob(metadata: readonly BlobPart[]): Blob {
    this.#flush();
    const parts = ['{"displayTimeUnit":"ms",', ...metadata, '"traceEvents":[', ...this.#parts, '\n]}\n'];
    return new Blob(parts, { type: 'application/json' });
  }

  #flush(): void {
    if (this.#events.length === 0) return;
    this.#parts.push(this.#separator + this.#events.join(',\n'));
    this.#separator = ',\n';
    this.#events = [];
  }
}

export interface ChromeJsonOptions {
  /** What processes are called by, before their names. */
  title?: string;
  /** What stands before the events. */
  metadata?: readonly BlobPart[];
}

/**
 * The trace as Chrome's trace events, which Perfetto, the Firefox Profiler, speedscope and chrome://tracing open. Times are
 * in µs there. Begins and ends of a thread's slices have times of their own each, so that they may be sorted by them.
 */
export function chromeJson(trace: Trace, { title = 'weft', metadata: before = [] }: ChromeJsonOptions = {}): Blob {
  const writer = new EventWriter();
  const threads = new Map<string, ThreadState>();
  const processes = processNames(trace);
  const named = new Set<number>();
  const wakes = wakesOf(trace);
  /** When the arrows that have begun did so, by the record that they lead to. */
  const begun = new Map<number, number>();
  const holds = new Map<string, ChromeEvent>();

  function stateOf(process: number, thread: number, time: number): ThreadState {
    const key = `${process}/${thread}`;
    let state = threads.get(key);
    if (!state) {
      if (!named.has(process)) {
        named.add(process);
        const name = processes.size > 0 ? (processes.get(process) ?? 'MainProcess') : `process ${process}`;
        writer.add(metadata('process_name', process, 0, { name: `${title} (${name})` }));
        writer.add(metadata('process_sort_index', process, 0, { sort_index: process }));
      }
      state = { process, thread, spans: [], last: -1, wait: null, runsSince: time, isRunWritten: false };
      threads.set(key, state);
      const name = trace.threadName(process, thread) ?? `thread ${thread}`;
      writer.add(metadata('thread_name', process, thread, { name }));
      writer.add(metadata('thread_sort_index', process, thread, { sort_index: thread }));
    }
    return state;
  }

  function add(state: ThreadState, ph: string, name: string, category: string, time: number, more: object = {}): void {
    writer.add({ name, cat: category, ph, ts: time / 1000, pid: state.process, tid: state.thread, ...more });
  }

  /**
   * When something begins or ends on the thread: a ns after what did before, if the clock has not moved since. Viewers do not
   * agree about the order of what has the same time.
   */
  function moment(state: ThreadState, time: number): number {
    state.last = Math.max(time, state.last + 1);
    return state.last;
  }

  function run(state: ThreadState, time: number): void {
    state.runsSince = time;
    state.isRunWritten = false;
  }

  /** Begins the slice of a stretch in which the thread runs, however short that may turn out to be. */
  function writeRun(state: ThreadState): void {
    if (!state.isRunWritten) add(state, 'B', 'running', 'running', moment(state, state.runsSince));
    state.isRunWritten = true;
  }

  function pause(state: ThreadState, time: number): void {
    if (time > Math.max(state.runsSince, state.last + 1)) writeRun(state);
    if (state.isRunWritten) add(state, 'E', 'running', 'running', moment(state, time));
    run(state, NaN);
  }

  function endWait(state: ThreadState, time: number): void {
    const { wait } = state;
    state.wait = null;
    if (!wait) return;
    // Its begin is written only now, as how it ended is said there.
    add(state, 'B', wait.name, 'blocked', wait.start, { args: wait.args });
    add(state, 'E', wait.name, 'blocked', moment(state, time), { args: wait.args });
  }

  /** Ends what is innermost. */
  function settle(state: ThreadState, time: number): void {
    endWait(state, time);
    pause(state, time);
  }

  function begin(state: ThreadState, span: OpenSpan, time: number): void {
    settle(state, time);
    state.spans.push(span);
    add(state, 'B', span.name, span.category, moment(state, time), { args: span.args });
    run(state, time);
  }

  /** The end has what the begin has: some viewers match them by that. */
  function endInnermost(state: ThreadState, time: number): void {
    const { name, category, args } = state.spans.pop()!;
    add(state, 'E', name, category, moment(state, time), { args });
  }

  /** Ends the innermost span of the category and what is open within it. */
  function end(state: ThreadState, category: OpenSpan['category'], time: number): void {
    const from = state.spans.findLastIndex((span) => span.category === category);
    if (from < 0) return;
    settle(state, time);
    while (state.spans.length > from) endInnermost(state, time);
    run(state, time);
  }

  function endThread(state: ThreadState, time: number): void {
    settle(state, time);
    while (state.spans.length > 0) endInnermost(state, time);
  }

  /** What a process had not ended itself ends with it. */
  function endProcess(number: number, time: number): void {
    for (const state of threads.values()) if (state.process === number) endThread(state, time);
  }

  /**
   * Holding a lock does not nest with waiting: such spans are told apart by an id. A lock may be released by another thread
   * than the one that acquired it.
   */
  function hold(begins: boolean, category: string, index: number, isShared = false): void {
    const [process, thread, object] = [trace.process(index), trace.thread(index), trace.object(index)];
    const key = `${category}/${ownerOf(process, object)}/${object}${isShared ? `/${process}/${thread}` : ''}`;
    const open = holds.get(key);
    if (open) writer.add({ ...open, ph: 'e', ts: trace.time(index) / 1000 });
    holds.delete(key);
    if (!begins) return;
    const name = `${category}: ${nameOf(trace, process, object)}`;
    const event = { name, cat: category, id: `${process}/${thread}/${object}`, pid: process, tid: thread };
    writer.add({ ...event, ph: 'b', ts: trace.time(index) / 1000 });
    holds.set(key, event);
  }

  /** Arrows from this record to the threads whose waits it ended. */
  function beginArrows(state: ThreadState, index: number, time: number): void {
    // One that is drawn as waiting has no slice that an arrow could leave from.
    if (Number.isNaN(state.runsSince)) return;
    for (const to of wakes.get(index) ?? []) {
      writeRun(state);
      const start = Math.max(time, state.last);
      begun.set(to, start);
      add(state, 's', 'wakes', 'wakes', start, { id: to });
    }
  }

  /** From the waker's record on the thread is ready: it waits for a processor only. */
  function wake(state: ThreadState, index: number, time: number): void {
    const { wait } = state;
    if (!wait) return;
    if (trace.detail(index) !== Unblocked.woken) wait.args['outcome'] = unblockedName(trace.detail(index));
    const waker = trace.wakerRecord(index);
    endWait(state, waker < 0 ? time : Math.min(time, trace.time(waker)));
    run(state, time);
    const isReady = waker >= 0 && time > state.last + 1;
    const arrow = begun.get(index);
    begun.delete(index);
    if (isReady) add(state, 'B', 'ready', 'ready', moment(state, 0));
    else if (arrow !== undefined) writeRun(state);
    if (arrow !== undefined) {
      // It ends no earlier than it began, which was put off if the waker's clock had not moved.
      state.last = Math.max(state.last, arrow);
      add(state, 'f', 'wakes', 'wakes', state.last, { bp: 'e', id: index });
    }
    if (isReady) add(state, 'E', 'ready', 'ready', moment(state, time));
  }

  for (let index = 0; index < trace.length; index += 1) {
    const process = trace.process(index);
    const thread = trace.thread(index);
    const time = trace.time(index);
    const object = trace.object(index);
    const kind = trace.kind(index);
    if (kind === Kind.process_end) endProcess(trace.argumentLow(index), time);
    // Whoever sees to the processes is not one of the run's threads.
    if (kind === Kind.process_end || kind === Kind.abandon || kind === Kind.process_signal) {
      const code = kind === Kind.process_end ? `, exit code ${trace.detail(index) | 0}` : '';
      const name = `${kindName(kind).replaceAll('_', ' ')}: ${nameOf(trace, process, object)}${code}`;
      writer.add({ name, cat: 'process', ph: 'i', s: 'g', ts: time / 1000, pid: process, tid: 0 });
      continue;
    }
    const state = stateOf(process, thread, time);
    beginArrows(state, index, time);
    switch (kind) {
      case Kind.blocked: {
        const reason = reasonName(trace.detail(index)).replaceAll('_', ' ');
        const name = object === 0 ? reason : `${reason}: ${nameOf(trace, process, object)}`;
        settle(state, time);
        state.wait = { name, start: moment(state, time), args: { object, where: trace.where(index) } };
        break;
      }
      case Kind.unblocked:
        wake(state, index, time);
        break;
      case Kind.task_start:
      case Kind.task_resume:
        begin(state, { category: 'task', name: nameOf(trace, process, object), args: { object } }, time);
        break;
      case Kind.work_begin: {
        const name = trace.string(process, trace.detail(index)) ?? 'work';
        begin(state, { category: 'work', name, args: { work: workName(trace.argumentLow(index)) } }, time);
        break;
      }
      case Kind.work_end:
        end(state, 'work', time);
        break;
      case Kind.task_suspend:
      case Kind.task_finish:
        end(state, 'task', time);
        break;
      case Kind.thread_end:
        endThread(state, time);
        break;
      case Kind.queue_put:
      case Kind.queue_get:
        writer.add(counter(`depth of ${nameOf(trace, process, object)}`, ownerOf(process, object), time, { depth: trace.argument(index) }));
        break;
      case Kind.semaphore_open:
      case Kind.semaphore_acquire:
      case Kind.semaphore_release:
        writer.add(counter(`value of ${nameOf(trace, process, object)}`, ownerOf(process, object), time, { value: trace.argument(index) }));
        break;
      case Kind.barrier_arrive:
      case Kind.barrier_pass: {
        const waiting = kind === Kind.barrier_pass ? 0 : trace.detail(index);
        writer.add(counter(`waiting at ${nameOf(trace, process, object)}`, ownerOf(process, object), time, { waiting }));
        break;
      }
      case Kind.lock_acquire:
        if (trace.argument(index) <= 1) hold(true, 'held', index);
        break;
      case Kind.lock_release:
        if (trace.argument(index) === 0) hold(false, 'held', index);
        break;
      case Kind.write_acquire:
      case Kind.write_release:
        hold(kind === Kind.write_acquire, 'written', index);
        break;
      case Kind.read_acquire:
      case Kind.read_release:
        hold(kind === Kind.read_acquire, 'read', index, true);
        break;
      case Kind.gil_acquire:
      case Kind.gil_release:
        hold(kind === Kind.gil_acquire, 'gil', index);
        break;
      case Kind.process_memory:
        writer.add(counter('memory', process, time, { bytes: trace.argumentLow(index) }));
        break;
      case Kind.pipe_send:
      case Kind.pipe_receive: {
        const bytes = trace.argument(index);
        const what = `${kindName(kind).replaceAll('_', ' ')}: ${nameOf(trace, process, object)}`;
        writer.add({ ...instant(what, 'object', process, thread, time), args: { bytes } });
        break;
      }
      case Kind.process_start:
      case Kind.thread_join:
      case Kind.pipe_close:
      case Kind.gil_open:
      case Kind.gil_request:
      case Kind.gil_close:
      case Kind.barrier_open:
      case Kind.barrier_break:
      case Kind.barrier_reset:
      case Kind.shared_load:
      case Kind.shared_store:
      case Kind.condition_notify:
      case Kind.event_set:
      case Kind.event_clear:
      case Kind.queue_shutdown:
      case Kind.executor_shutdown:
      case Kind.executor_broken: {
        const what = kindName(kind).replaceAll('_', ' ');
        writer.add(instant(`${what}: ${nameOf(trace, process, object)}`, 'object', process, thread, time));
        break;
      }
      case Kind.deadlock:
      case Kind.sample:
      case Kind.row:
        writer.add(instant(trace.text(index), kindName(kind), process, thread, time));
        break;
      case Kind.console:
        writer.add(instant(trace.text(index), 'console', process, thread, time));
        break;
      case Kind.mark: {
        const name = trace.string(process, trace.detail(index)) ?? 'mark';
        writer.add(instant(name, 'mark', process, thread, time));
        break;
      }
      case Kind.error:
        writer.add(instant(trace.text(index), 'error', process, thread, time));
        break;
    }
  }
  for (const state of threads.values()) endThread(state, trace.lastTime);
  for (const open of holds.values()) writer.add({ ...open, ph: 'e', ts: trace.lastTime / 1000 });
  return writer.toBlob(before);
}

/** Records that ended waits, and the `unblocked` records of those. */
function wakesOf(trace: Trace): Map<number, number[]> {
  const wakes = new Map<number, number[]>();
  for (let index = 0; index < trace.length; index += 1) {
    const waker = trace.kind(index) === Kind.unblocked ? trace.wakerRecord(index) : -1;
    if (waker < 0) continue;
    const woken = wakes.get(waker);
    if (woken) woken.push(index);
    else wakes.set(waker, [index]);
  }
  return wakes;
}

function nameOf(trace: Trace, process: number, object: number): string {
  return trace.objectName(process, object) ?? `object ${object}`;
}

function counter(name: string, process: number, time: number, args: Record<string, number>): ChromeEvent {
  return { name, ph: 'C', ts: time / 1000, pid: process, args };
}

function metadata(what: string, process: number, thread: number, args: object): ChromeEvent {
  // Some readers want a time of every event.
  return { name: what, ph: 'M', ts: 0, pid: process, tid: thread, args };
}

/** What processes share is shown once, with the first of them. */
function ownerOf(process: number, object: number): number {
  return object >= firstSharedObject ? 1 : process;
}

/** Names of the processes that were started by another, by number. */
function processNames(trace: Trace): Map<number, string> {
  const names = new Map<number, string>();
  for (let index = 0; index < trace.length; index += 1) {
    if (trace.kind(index) !== Kind.process_start) continue;
    names.set(trace.argumentLow(index), nameOf(trace, trace.process(index), trace.object(index)));
  }
  return names;
}

function instant(name: string, category: string, process: number, thread: number, time: number): ChromeEvent {
  return { name, cat: category, ph: 'i', s: 't', ts: time / 1000, pid: process, tid: thread };
}
