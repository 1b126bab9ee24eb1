import { Trace } from '../../../web/src/trace/columns.ts';
import { writeTraceFile } from '../../../web/src/trace/file.ts';
import { GilRelease, Kind, ObjectType, Reason } from '../../../web/src/trace/kinds.ts';
import type { RecordFields } from '../../../web/src/trace/record.ts';
import { Sequencer } from '../../../web/src/trace/sequencer.ts';
import { chunkOf } from '../../web/support/ring_writer.ts';

const text = (content: string) => new TextEncoder().encode(content);
const ms = 1e6;

const deadlock = {
  threads: [
    {
      thread: 2,
      name: 'Thread-1',
      reason: 'lock',
      object: 22,
      object_name: 'right',
      object_type: 'lock',
      where: 'src/demos/producer-consumer/demo.cpp:44',
      held_by: 3,
      held_since: 'src/demos/producer-consumer/demo.cpp:40',
    },
    {
      thread: 3,
      name: 'Thread-2',
      reason: 'lock',
      object: 21,
      object_name: 'left',
      object_type: 'lock',
      where: 'src/demos/producer-consumer/demo.cpp:47',
      held_by: 2,
      held_since: 'src/demos/producer-consumer/demo.cpp:40',
    },
  ],
  cycle: [2, 3],
};

/** Two threads share the GIL, then each waits for the lock of the other; figures and rows besides. */
function* records(): Generator<RecordFields> {
  yield { time: 0, thread: 1, kind: Kind.run_start };
  for (const [object, type, name] of [
    [20, ObjectType.gil, 'GIL'],
    [21, ObjectType.lock, 'left'],
    [22, ObjectType.lock, 'right'],
    [23, ObjectType.semaphore, 'permits'],
  ] as const)
    yield { time: 0, thread: 1, kind: Kind.object_name, object, detail: type, payload: text(name) };
  yield { time: 0, thread: 1, kind: Kind.semaphore_open, object: 23, argumentLow: 3 };
  yield { time: 0, thread: 1, kind: Kind.gil_open, object: 20, argumentLow: 5 * ms };
  for (const thread of [2, 3]) {
    yield { time: 0, thread, kind: Kind.thread_start, detail: 1 };
    yield { time: 0, thread, kind: Kind.thread_name, payload: text(`Thread-${thread - 1}`) };
    yield { time: 0, thread, kind: Kind.blocked, object: 20, detail: Reason.gil };
  }
  for (let turn = 0; turn < 10; turn += 1) {
    const thread = 2 + (turn % 2);
    const time = turn * 5 * ms;
    yield { time, thread, kind: Kind.unblocked, object: 20 };
    yield { time, thread, kind: Kind.gil_acquire, object: 20 };
    yield { time: time + 5 * ms - 1, thread, kind: Kind.gil_release, object: 20, detail: GilRelease.requested };
    yield { time: time + 5 * ms - 1, thread, kind: Kind.blocked, object: 20, detail: Reason.gil };
  }
  for (let run = 0; run < 200; run += 1)
    yield { time: 50 * ms, thread: 1, kind: Kind.sample, payload: text(`total=${1000 - (run % 7) * 100}`) };
  for (const [name, meals] of [
    ['Plato', 120],
    ['Kant', 31],
  ])
    yield { time: 51 * ms, thread: 1, kind: Kind.row, payload: text(`meals\t${name}\t${meals}`) };
  for (const [thread, own, other] of [
    [2, 21, 22],
    [3, 22, 21],
  ] as const) {
    yield { time: 52 * ms, thread, kind: Kind.unblocked, object: 20 };
    yield { time: 52 * ms, thread, kind: Kind.lock_acquire, object: own };
    yield { time: 53 * ms, thread, kind: Kind.blocked, object: other, detail: Reason.lock };
  }
  yield { time: 60 * ms, thread: 1, kind: Kind.deadlock, payload: text(JSON.stringify(deadlock)) };
  yield { time: 61 * ms, thread: 1, kind: Kind.run_end, detail: 3 };
}

/** A recorded run that has something for every view. */
export async function stagedRun(): Promise<Buffer> {
  const trace = new Trace();
  const sequencer = new Sequencer(trace);
  sequencer.push(chunkOf([...records()]));
  sequencer.flush();
  const header = { version: 1, demo: 'producer-consumer', parameters: {}, date: '2026-01-01T00:00:00Z', machine: 'a stage' } as const;
  return Buffer.from(await (await writeTraceFile(trace, header)).arrayBuffer());
}
