import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { writeInWorker, writeOnRequest, writeRun } from '../../web/src/app/runs/write_run.ts';
import { chromeJson } from '../../web/src/trace/chrome_json.ts';
import { Trace } from '../../web/src/trace/columns.ts';
import { piecesOf } from '../../web/src/trace/copy.ts';
import { readTraceFile, TraceFileError, writeTraceFile } from '../../web/src/trace/file.ts';
import { formatVersion } from '../../web/src/trace/format.generated.ts';
import { Kind, kindName, reasonName } from '../../web/src/trace/kinds.ts';
import type { RecordFields } from '../../web/src/trace/record.ts';
import { readSavedRun } from '../../web/src/trace/saved_file.ts';
import type { SavedRun } from '../../web/src/trace/saved_file.ts';
import { Sequencer } from '../../web/src/trace/sequencer.ts';
import { randomNumbers } from './support/fake_records.ts';
import { chunkOf } from './support/ring_writer.ts';

const header = {
  version: formatVersion,
  demo: 'thread-pool',
  parameters: { workers: 4, work: 'wait', compare: true, 名: '值' },
  date: '2026-01-02T03:04:05.678Z',
  machine: 'a machine',
} as const;

/** A trace with every kind of column in use: two processes, ties, payloads, a gap, a loss. */
function sample(): Trace {
  const trace = new Trace();
  const sequencer = new Sequencer(trace);
  for (const process of [1, 2]) {
    for (const ring of [0, 1]) {
      const records: RecordFields[] = [];
      for (let i = 0; i < 200; i += 1) {
        const thread = ring + 1;
        const time = i * 3 + process;
        if (i % 10 === 0) {
          const payload = new TextEncoder().encode(`line ${i}`.repeat(i % 7));
          records.push({ time, thread, kind: Kind.console, payload });
        } else if (i % 10 === 5) {
          records.push({ time, thread, kind: Kind.mark, object: 5, sequence: i + ring + 1 });
        } else {
          const argument = { argumentLow: i, argumentHigh: i % 3 };
          records.push({ time, thread, kind: Kind.queue_put, detail: i * 1000, ...argument });
        }
      }
      sequencer.push(chunkOf(records, { process, ring, dropped: ring }));
    }
  }
  sequencer.flush();
  trace.dropped = sequencer.dropped;
  trace.gaps = sequencer.gaps;
  trace.missing = sequencer.missing;
  return trace;
}

function rows(trace: Trace): unknown[] {
  return Array.from({ length: trace.length }, (_, i) => [
    trace.process(i),
    trace.time(i),
    trace.thread(i),
    trace.kind(i),
    trace.object(i),
    trace.sequence(i),
    trace.detail(i),
    trace.argument(i),
    trace.text(i),
  ]);
}

for (const gzip of [true, false]) {
  test(`a trace comes back as it was, ${gzip ? 'packed' : 'plain'}`, async () => {
    const trace = sample();
    assert.equal(trace.length, 800);
    assert.ok(trace.gaps > 0);
    const read = await readTraceFile(await writeTraceFile(trace, header, { gzip }));
    assert.deepEqual(read.header, header);
    assert.deepEqual(rows(read.trace), rows(trace));
    const { dropped, gaps, missing } = read.trace;
    assert.deepEqual(
      { dropped, gaps, missing },
      {
        dropped: trace.dropped,
        gaps: trace.gaps,
        missing: trace.missing,
      },
    );
    const again = await readTraceFile(await writeTraceFile(read.trace, header, { gzip }));
    assert.deepEqual(rows(again.trace), rows(trace));
  });
}

test('an empty trace is a trace', async () => {
  const read = await readTraceFile(await writeTraceFile(new Trace(), header));
  assert.equal(read.trace.length, 0);
});

test('a long trace is written in many chunks', async () => {
  const trace = new Trace();
  const { words } = chunkOf([{ time: 0, thread: 1, kind: Kind.queue_get }]);
  for (let i = 0; i < 150_000; i += 1) trace.append(1, i, words, 0);
  const read = await readTraceFile(await writeTraceFile(trace, header));
  assert.equal(read.trace.length, 150_000);
  assert.equal(read.trace.time(149_999), 149_999);
});

async function plainFile(): Promise<Uint8Array<ArrayBuffer>> {
  const blob = await writeTraceFile(sample(), header, { gzip: false });
  return new Uint8Array(await blob.arrayBuffer());
}

test('any kind of source will do', async () => {
  const bytes = await plainFile();
  const sources = [bytes, bytes.buffer, new Blob([bytes]), new Blob([bytes]).stream()];
  for (const source of sources) assert.equal((await readTraceFile(source)).trace.length, 800);
});

async function problemOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  try {
    await readTraceFile(bytes);
    return 'none';
  } catch (error) {
    assert.ok(error instanceof TraceFileError, String(error));
    assert.ok(error.message.length > 10);
    return error.code;
  }
}

function changed(bytes: Uint8Array<ArrayBuffer>, offset: number, values: number[]): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  copy.set(values, offset);
  return copy;
}

test('what is not a trace is called that', async () => {
  assert.equal(await problemOf(new Uint8Array(0)), 'not-a-trace');
  assert.equal(await problemOf(new TextEncoder().encode('{"traceEvents":[]}')), 'not-a-trace');
  assert.equal(await problemOf(new Uint8Array(gzipSync('<!doctype html>'))), 'not-a-trace');
});

test('a file of another version is called that', async () => {
  const bytes = await plainFile();
  for (const digit of ['0', String(formatVersion + 1), '9', 'x', ' ']) {
    assert.equal(await problemOf(changed(bytes, 7, [digit.charCodeAt(0)])), 'version', digit);
  }
  // The header says another than the file.
  assert.equal(await problemOf(changed(bytes, 7, ['1'.charCodeAt(0)])), 'damaged');
});

test('a file cut off anywhere is truncated', async () => {
  const bytes = await plainFile();
  const headerEnd = 12 + new DataView(bytes.buffer).getUint32(8, true);
  const cuts = [10, 20, headerEnd - 1, headerEnd + 1, headerEnd + 15, headerEnd + 17, bytes.length - 1];
  for (const cut of cuts) assert.equal(await problemOf(bytes.slice(0, cut)), 'truncated', `${cut}`);
  const packed = new Uint8Array(gzipSync(bytes));
  assert.equal(await problemOf(packed.slice(0, packed.length >> 1)), 'damaged');
});

/** What a file that a reader kept has; the name of its problem if it has none. */
async function saved(bytes: Uint8Array<ArrayBuffer>): Promise<SavedRun | string> {
  return readSavedRun(bytes).catch((error: unknown) => {
    assert.ok(error instanceof TraceFileError, String(error));
    return error.code;
  });
}

/** Where the chunks of a file that is not packed end. */
function betweenChunks(bytes: Uint8Array<ArrayBuffer>, headerEnd: number): number[] {
  const ends = [headerEnd];
  const view = new DataView(bytes.buffer);
  while (ends.at(-1)! < bytes.length) ends.push(ends.at(-1)! + 16 + 32 * view.getUint32(ends.at(-1)! + 4, true));
  return ends;
}

test('a saved file cut off at any byte shows its whole records', async () => {
  const trace = sample();
  const all = rows(trace);
  const bytes = await plainFile();
  const headerEnd = 12 + new DataView(bytes.buffer).getUint32(8, true);
  let most = 0;
  for (let cut = 1; cut < bytes.length; cut += cut < headerEnd + 600 ? 1 : 97) {
    const read = await saved(bytes.slice(0, cut));
    if (cut < headerEnd) {
      assert.equal(read, 'truncated', `at ${cut}`);
      continue;
    }
    assert.ok(typeof read === 'object', `at ${cut}: ${read}`);
    // What is not packed has no mark of its end: between two chunks it could be whole.
    if (!betweenChunks(bytes, headerEnd).includes(cut)) assert.ok(read.isCutOff, `at ${cut}`);
    assert.deepEqual(rows(read.trace), all.slice(0, read.trace.length), `at ${cut}`);
    assert.ok(read.trace.length >= most, `at ${cut} there are as many records as before`);
    most = read.trace.length;
    // No more is missing than the record and the chunk header that were cut.
    const written = await writeTraceFile(read.trace, header, { gzip: false });
    assert.ok(cut - written.size < 300, `at ${cut} ${written.size} bytes are used`);
  }
  const whole = await saved(bytes);
  assert.ok(typeof whole === 'object');
  assert.deepEqual([whole.isCutOff, whole.trace.length], [false, 800]);
});

test('a packed file cut off at any byte shows what can be unpacked', async () => {
  const all = rows(sample());
  const packed = new Uint8Array(gzipSync(await plainFile(), { level: 1 }));
  let most = 0;
  for (let cut = 1; cut < packed.length; cut += cut < 400 || cut > packed.length - 20 ? 1 : 61) {
    const read = await saved(packed.slice(0, cut));
    if (typeof read === 'string') {
      assert.equal(read, 'truncated', `at ${cut}`);
      assert.equal(most, 0, `at ${cut} there were records before`);
      continue;
    }
    assert.ok(read.isCutOff, `at ${cut}`);
    assert.deepEqual(rows(read.trace), all.slice(0, read.trace.length), `at ${cut}`);
    assert.ok(read.trace.length >= most, `at ${cut}`);
    most = read.trace.length;
  }
  assert.equal(most, 800, 'without the last byte all records are there');
});

test('every other damage of a saved file has a name', async () => {
  const bytes = await plainFile();
  assert.equal(await saved(new Uint8Array(0)), 'not-a-trace');
  assert.equal(await saved(new TextEncoder().encode('a text')), 'not-a-trace');
  assert.equal(await saved(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])), 'not-a-trace');
  assert.equal(await saved(new TextEncoder().encode('{"traceEvents":[]}')), 'foreign');
  assert.equal(await saved(new TextEncoder().encode(' [{"ph":"X"}]')), 'foreign');
  assert.equal(await saved(changed(bytes, 7, ['9'.charCodeAt(0)])), 'version');
  assert.equal(await saved(changed(bytes, 12, [0x21])), 'damaged');
  const headerEnd = 12 + new DataView(bytes.buffer).getUint32(8, true);
  // What is not a record is no record that is cut off.
  assert.equal(await saved(changed(bytes, headerEnd + 16 + 28, [0]).slice(0, headerEnd + 16 + 60)), 'damaged');
  const packed = new Uint8Array(gzipSync(bytes));
  assert.equal(await saved(changed(packed, packed.length - 6, [1, 2, 3, 4])), 'damaged');
});

test('no byte that is changed is more than a named problem', async () => {
  const bytes = await plainFile();
  const random = randomNumbers(7);
  for (let trial = 0; trial < 300; trial += 1) {
    const place = Math.floor(random() * Math.min(bytes.length, 4000));
    // Lengths of gigabytes are refused before anything of that size is made.
    await saved(changed(bytes, place, [Math.floor(random() * 256)]));
  }
});

test('our own Chrome JSON opens again without a loss, cut off or not', async () => {
  const trace = sample();
  const written = await writeRun(trace, { format: 'json', header, title: 'Thread pool' });
  const packed = new Uint8Array(await written.arrayBuffer());
  const read = await saved(packed);
  assert.ok(typeof read === 'object');
  assert.deepEqual(read.header, header);
  assert.deepEqual(rows(read.trace), rows(trace));
  assert.equal(read.isCutOff, false);
  const plain = new Uint8Array(gunzipSync(packed));
  const events = JSON.parse(new TextDecoder().decode(plain)) as { traceEvents: unknown[]; otherData: { weft: string } };
  assert.ok(events.traceEvents.length > 400);
  const runEnd = plain.indexOf('"'.charCodeAt(0), 60);
  for (const [cut, isCutOff] of [
    [plain.length - 5, false],
    [runEnd + 2, false],
    [runEnd - 40, true],
    [runEnd >> 1, true],
  ] as const) {
    const part = await saved(plain.slice(0, cut));
    assert.ok(typeof part === 'object', `at ${cut}: ${part}`);
    assert.equal(part.isCutOff, isCutOff, `at ${cut} of ${runEnd}`);
    assert.deepEqual(rows(part.trace), rows(trace).slice(0, part.trace.length));
  }
});

test('a trace goes to a worker in pieces, and comes back as a file', async () => {
  const trace = sample();
  const order = { format: 'weft', header, title: 'Thread pool' } as const;
  for (const piece of piecesOf(new Trace())) assert.ok('figures' in piece);
  const { port1, port2 } = new MessageChannel();
  writeOnRequest(port2 as unknown as Parameters<typeof writeOnRequest>[0]);
  const worker = Object.assign(port1, { terminate: () => port1.close() }) as unknown as Worker;
  const read = await readTraceFile(await writeInWorker(worker, trace, order));
  assert.deepEqual(rows(read.trace), rows(trace));
  assert.deepEqual([read.trace.dropped, read.trace.missing], [trace.dropped, trace.missing]);
});

test('nonsense is found damaged', async () => {
  const bytes = await plainFile();
  const headerEnd = 12 + new DataView(bytes.buffer).getUint32(8, true);
  assert.equal(await problemOf(changed(bytes, 8, [0, 0, 0, 1])), 'damaged');
  assert.equal(await problemOf(changed(bytes, 12, [0x21])), 'damaged');
  // The first record of the sample is a console line: its payload shall be longer than its chunk.
  const argument = headerEnd + 16 + 8;
  assert.equal(await problemOf(changed(bytes, argument, [0, 0, 255])), 'damaged');
  const packed = new Uint8Array(gzipSync(bytes));
  assert.equal(await problemOf(changed(packed, packed.length >> 1, [1, 2, 3, 4])), 'damaged');
});

// Written by the page when version 1 was the present one.
test('a file of version 1 is read', async () => {
  const bytes = readFileSync(new URL('files/version_1.weft', import.meta.url));
  const { header: found, trace } = await readTraceFile(new Uint8Array(bytes));
  assert.deepEqual(found, {
    version: 1,
    demo: 'hello-threads',
    parameters: { threads: 1 },
    date: '2026-11-30T00:00:00.000Z',
    machine: 'a machine',
  });
  assert.equal(trace.length, 27);
  assert.equal(trace.dropped, 2);
  assert.equal(trace.threadName(1, 2), 'Thread-1');
  assert.equal(trace.objectName(1, 2), 'Lock-A');
  const kinds = Array.from({ length: trace.length }, (_, i) => trace.kind(i));
  const of = (kind: number) => kinds.flatMap((each, i) => (each === kind ? [i] : []));
  assert.deepEqual(
    of(Kind.lock_acquire).map((i) => [trace.thread(i), trace.argument(i)]),
    [
      [1, 0],
      [2, 1],
    ],
  );
  assert.deepEqual(
    of(Kind.queue_put).map((i) => trace.argument(i)),
    [1],
  );
  assert.deepEqual(
    of(Kind.blocked).map((i) => reasonName(trace.detail(i))),
    ['lock', 'thread_join', 'reason 77'],
  );
  assert.equal(trace.string(1, trace.detail(of(Kind.mark)[0]!)), 'here');
  assert.equal(trace.text(of(Kind.console)[0]!), 'done, 完');

  // Kinds that no version knows yet are kept as they are, in their place.
  const [unknown] = of(99);
  assert.deepEqual(
    [
      kindName(99),
      trace.object(unknown!),
      trace.sequence(unknown!),
      trace.detail(unknown!),
      trace.argumentLow(unknown!),
      trace.argumentHigh(unknown!),
    ],
    ['kind 99', 4, 3, 5, 6, 7],
  );
  assert.equal(trace.text(of(199)[0]!), 'of a kind to come');

  const again = await readTraceFile(await writeTraceFile(trace, found));
  assert.equal(again.header.version, formatVersion);
  assert.deepEqual(rows(again.trace), rows(trace));
});

test('the export reads a file of version 1', async () => {
  const bytes = readFileSync(new URL('files/version_1.weft', import.meta.url));
  const { trace } = await readTraceFile(new Uint8Array(bytes));
  const events = JSON.parse(await chromeJson(trace).text()).traceEvents as { name: string; ph: string }[];
  assert.ok(events.some(({ name, ph }) => ph === 'B' && name === 'lock: Lock-A'));
});
