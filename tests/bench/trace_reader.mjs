// What a record costs the page from the ring to the trace, views not included.
//   node trace_reader.mjs
import { performance } from 'node:perf_hooks';
import { Trace } from '../../web/src/trace/columns.ts';
import { Kind } from '../../web/src/trace/kinds.ts';
import { encodeRecord, slotWords } from '../../web/src/trace/record.ts';
import { RingReader } from '../../web/src/trace/ring_reader.ts';
import { Sequencer } from '../../web/src/trace/sequencer.ts';
import { RingWriter } from '../web/support/ring_writer.ts';

const rings = 9;
const framesPerSecond = 60;
const recordsPerSecond = 200_000;
const perFrame = Math.round(recordsPerSecond / framesPerSecond / rings);
const frames = 600;

/** A run at full speed: threads put and get at a few queues, each record with its sequence number. */
function fill(writer, frame, sequences) {
  const frameTime = 1e9 / framesPerSecond;
  const words = new Uint32Array(slotWords);
  // All threads write at once: their records are dealt out in turn.
  for (let i = 0; i < perFrame * rings; i += 1) {
    const ring = i % rings;
    const object = 1 + (i % 4);
    const time = Math.floor(frame * frameTime + (i / (perFrame * rings)) * frameTime);
    sequences[object] += 1;
    const fields = {
      time: time - (time % 5000),
      kind: i % 2 === 0 ? Kind.queue_put : Kind.queue_get,
      thread: ring + 1,
      object,
      sequence: sequences[object],
      argumentLow: i % 8,
    };
    encodeRecord(words, 0, fields);
    const head = writer.get(ring, 'head');
    const at = writer.address(ring) + 192 + (head % writer.capacity) * 32;
    writer.words.set(words, at / 4);
    writer.set(ring, 'head', head + 1);
  }
  return (frame + 1) * frameTime;
}

const writer = new RingWriter({ capacity: 8192, ringLimit: rings });
for (let ring = 0; ring < rings; ring += 1) writer.addRing();
const reader = new RingReader(writer.memory, writer.directory);
const trace = new Trace();
const sequencer = new Sequencer(trace);
const sequences = [0, 0, 0, 0, 0];
const costs = [];
for (let frame = 0; frame < frames; frame += 1) {
  const now = fill(writer, frame, sequences);
  const start = performance.now();
  reader.drain(sequencer);
  sequencer.advance(now - 1e6);
  costs.push(performance.now() - start);
}
sequencer.flush();
const records = trace.length;
if (records !== frames * perFrame * rings || sequencer.gaps !== 0) {
  throw new Error(`${records} records, ${sequencer.gaps} gaps`);
}
costs.splice(0, 60); // the compiler warms up
const sum = costs.reduce((total, cost) => total + cost, 0);
costs.sort((a, b) => a - b);
const nanoseconds = (sum * 1e6) / (costs.length * perFrame * rings);
const p95 = costs[Math.floor(costs.length * 0.95)];
console.log(`trace reader: ${nanoseconds.toFixed(0)} ns a record (ring → trace, ${rings} threads)`);
console.log(`at ${recordsPerSecond.toLocaleString('en')} records/s and ${framesPerSecond} frames/s: ` + `p95 ${p95.toFixed(2)} ms a frame`);
