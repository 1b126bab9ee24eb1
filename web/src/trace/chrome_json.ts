import type { Trace } from './columns.ts';
import { firstSharedObject, Kind, kindName, reasonName, Unblocked, unblockedName, workName } from './kinds.ts';

const eventsPerPart = 5000;

/** A span that has begun and not ended. */
interface OpenSpan {
  readonly category: 'blocked' | 'ready' | 'task' | 'work';
  readonly name: string;
  readonly start: number;
  /** What else is known of it. */
  readonly args: Record<string, number | string | undefined>;
}

/** Collects events as text, in parts: one string of a large trace would be too long for a string. */
class EventWriter {
  readonly #parts: string[] = [];
  #events: string[] = [];
  #separator = '\n';

  add(event: object): void {
    this.#events.push(JSON.stringify(event));
    if (this.#events.length >= eventsPerPart) this.#flush();
  }

  toBlob(): Blob {
    this.#flush();
    const parts = ['{"displayTimeUnit":"ms","traceEvents":[', ...this.#parts, '\n]}\n'];
    return new Blob(parts, { type: 'application/json' });
  }

  #flush(): void {
    if (this.#events.length === 0) return;
    this.#parts.push(this.#separator + this.#events.join(',\n'));
    this.#separator = ',\n';
    this.#events = [];
  }
}

/** The trace as Chrome's trace events, which Perfetto and chrome://tracing open. Times are in µs there. */
export function chromeJson(trace: Trace, { title = 'weft' } = {}): Blob {
  const writer = new EventWriter();
  const open = new Map<string, { process: number; thread: number; spans: OpenSpan[] }>();
  const processes = processNames(trace);
  const named = new Set<number>();

  function spansOf(process: number, thread: number): OpenSpan[] {
    const key = `${process}/${thread}`;
    let entry = open.get(key);
    if (!entry) {
      if (!named.has(process)) {
        named.add(process);
        const name = processes.size > 0 ? (processes.get(process) ?? 'MainProcess') : `process ${process}`;
        writer.add(metadata('process_name', process, 0, { name: `${title} (${name})` }));
        writer.add(metadata('process_sort_index', process, 0, { sort_index: process }));
      }
      entry = { process, thread, spans: [] };
      open.set(key, entry);
      const name = trace.threadName(process, thread) ?? `thread ${thread}`;
      writer.add(metadata('thread_name', process, thread, { name }));
      writer.add(metadata('thread_sort_index', process, thread, { sort_index: thread }));
    }
    return entry.spans;
  }

  function close(process: number, thread: number, span: OpenSpan, end: number): void {
    writer.add({
      name: span.name,
      cat: span.category,
      ph: 'X',
      ts: span.start / 1000,
      dur: (end - span.start) / 1000,
      pid: process,
      tid: thread,
      args: span.args,
    });
  }

  /** Ends the innermost span of the category and what is open within it, so that spans nest. */
  function closeInnermost(process: number, thread: number, category: OpenSpan['category'], end: number): void {
    const spans = spansOf(process, thread);
    const from = spans.findLastIndex((span) => span.category === category);
    if (from < 0) return;
    while (spans.length > from) close(process, thread, spans.pop()!, end);
  }

  /** What a process had not ended itself ends with it. */
  function endProcess(number: number, time: number): void {
    for (const { process, thread, spans } of open.values()) {
      while (process === number && spans.length > 0) close(process, thread, spans.pop()!, time);
    }
  }

  /** Holding a lock does not nest with waiting: such spans are told apart by an id, a thread and an object each. */
  function hold(begins: boolean, category: string, index: number): void {
    const [process, thread, object] = [trace.process(index), trace.thread(index), trace.object(index)];
    writer.add({
      name: `${category}: ${nameOf(trace, process, object)}`,
      cat: category,
      ph: begins ? 'b' : 'e',
      id: `${process}/${thread}/${object}`,
      ts: trace.time(index) / 1000,
      pid: process,
      tid: thread,
    });
  }

  /** An arrow from the record that ended a wait to the thread that is ready from then on. */
  function arrow(from: number, to: number, readyFrom: number): void {
    for (const [index, ph, time] of [
      [from, 's', trace.time(from)],
      [to, 'f', readyFrom],
    ] as const) {
      writer.add({
        name: 'wakes',
        cat: 'wakes',
        ph,
        ...(ph === 'f' ? { bp: 'e' } : {}),
        id: to,
        ts: time / 1000,
        pid: trace.process(index),
        tid: trace.thread(index),
      });
    }
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
    const spans = spansOf(process, thread);
    switch (kind) {
      case Kind.blocked: {
        const reason = reasonName(trace.detail(index)).replaceAll('_', ' ');
        const name = object === 0 ? reason : `${reason}: ${nameOf(trace, process, object)}`;
        spans.push({ category: 'blocked', name, start: time, args: { object, where: trace.where(index) } });
        break;
      }
      case Kind.unblocked: {
        const span = spans.findLast(({ category }) => category === 'blocked');
        if (span && trace.detail(index) !== Unblocked.woken) span.args['outcome'] = unblockedName(trace.detail(index));
        const waker = trace.wakerRecord(index);
        if (span === undefined || waker < 0) {
          closeInnermost(process, thread, 'blocked', time);
          break;
        }
        // From the waker's record on the thread is ready: it waits for a processor only.
        const readyFrom = Math.min(time, Math.max(span.start, trace.time(waker)));
        closeInnermost(process, thread, 'blocked', readyFrom);
        arrow(waker, index, readyFrom);
        if (readyFrom < time) close(process, thread, { category: 'ready', name: 'ready', start: readyFrom, args: {} }, time);
        break;
      }
      case Kind.task_start:
      case Kind.task_resume:
        spans.push({ category: 'task', name: nameOf(trace, process, object), start: time, args: { object } });
        break;
      case Kind.work_begin: {
        const name = trace.string(process, trace.detail(index)) ?? 'work';
        spans.push({ category: 'work', name, start: time, args: { work: workName(trace.argumentLow(index)) } });
        break;
      }
      case Kind.work_end:
        closeInnermost(process, thread, 'work', time);
        break;
      case Kind.task_suspend:
      case Kind.task_finish:
        closeInnermost(process, thread, 'task', time);
        break;
      case Kind.thread_end:
        while (spans.length > 0) close(process, thread, spans.pop()!, time);
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
        hold(kind === Kind.read_acquire, 'read', index);
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
  for (const { process, thread, spans } of open.values()) {
    while (spans.length > 0) close(process, thread, spans.pop()!, trace.lastTime);
  }
  return writer.toBlob();
}

function nameOf(trace: Trace, process: number, object: number): string {
  return trace.objectName(process, object) ?? `object ${object}`;
}

function counter(name: string, process: number, time: number, args: Record<string, number>): object {
  return { name, ph: 'C', ts: time / 1000, pid: process, args };
}

function metadata(what: string, process: number, thread: number, args: object): object {
  return { name: what, ph: 'M', pid: process, tid: thread, args };
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

function instant(name: string, category: string, process: number, thread: number, time: number): object {
  return { name, cat: category, ph: 'i', s: 't', ts: time / 1000, pid: process, tid: thread };
}
