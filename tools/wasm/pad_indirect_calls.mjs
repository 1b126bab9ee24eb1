#!/usr/bin/env node
// node pad_indirect_calls.mjs IN.wasm [OUT.wasm]
//
// Puts a nop behind every indirect call that is followed by the end of a block, so that it is not the last
// instruction of a try. WebKit's interpreter takes an exception that comes out of such a call for one
// thrown behind the try (https://bugs.webkit.org/show_bug.cgi?id=305148, fixed in the spring of 2026), and
// nobody catches it. Done to the linked module, as optimisers drop nops. Doing it twice changes nothing.
import { readFileSync, writeFileSync } from 'node:fs';

const codeSection = 10;
const opcode = {
  nop: 0x01, catch: 0x07, end: 0x0b, callIndirect: 0x11, delegate: 0x18, catchAll: 0x19,
};
const endsBlock = new Set([opcode.catch, opcode.end, opcode.delegate, opcode.catchAll]);

/** What follows each opcode: i = number (LEB128), 4 and 8 = so many bytes, m = address of memory, b = block type. */
const immediates = new Map([
  [0x02, 'b'], [0x03, 'b'], [0x04, 'b'], [0x06, 'b'], // block, loop, if, try
  [0x07, 'i'], [0x08, 'i'], [0x09, 'i'], [0x18, 'i'], // catch, throw, rethrow, delegate
  [0x0c, 'i'], [0x0d, 'i'], [0x0e, 'table'], // br, br_if, br_table
  [0x10, 'i'], [0x11, 'ii'], [0x12, 'i'], [0x13, 'ii'], [0x14, 'i'], [0x15, 'i'], // calls
  [0x1c, 'types'], [0x1f, 'handlers'], // select, try_table
  [0x20, 'i'], [0x21, 'i'], [0x22, 'i'], [0x23, 'i'], [0x24, 'i'], [0x25, 'i'], [0x26, 'i'], // locals, globals, tables
  [0x3f, 'i'], [0x40, 'i'], [0x41, 'i'], [0x42, 'i'], [0x43, '4'], [0x44, '8'], // memory.size and .grow, constants
  [0xd0, 'i'], [0xd2, 'i'], [0xfc, 'bulk'], [0xfd, 'vector'], [0xfe, 'atomic'],
]);
for (let code = 0x28; code <= 0x3e; code += 1) immediates.set(code, 'm'); // loads and stores

class Reader {
  constructor(bytes, position, end) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }
  byte() {
    if (this.position >= this.end) throw new Error(`unexpected end at byte ${this.position}`);
    return this.bytes[this.position++];
  }
  number() {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }
  skip(count) {
    this.position += count;
  }
}

function skipMemoryAddress(reader) {
  const alignment = reader.number();
  if (alignment & 64) reader.number(); // which memory
  reader.number();
}

function skipBulk(reader) {
  const operation = reader.number();
  const counts = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];
  if (operation >= counts.length) throw new Error(`unknown operation 0xfc ${operation}`);
  for (let left = counts[operation]; left > 0; left -= 1) reader.number();
}

function skipVector(reader) {
  const operation = reader.number();
  const isMemory = operation <= 11 || operation === 92 || operation === 93;
  const isLaneOfMemory = operation >= 84 && operation <= 91;
  if (isMemory || isLaneOfMemory) skipMemoryAddress(reader);
  if (isLaneOfMemory || (operation >= 21 && operation <= 34)) reader.skip(1); // a lane
  if (operation === 12 || operation === 13) reader.skip(16); // a constant, a shuffle
}

function skipImmediates(reader, code) {
  switch (immediates.get(code)) {
    case undefined:
      return;
    case 'b':
    case 'i':
      reader.number();
      return;
    case 'ii':
      reader.number();
      reader.number();
      return;
    case '4':
      reader.skip(4);
      return;
    case '8':
      reader.skip(8);
      return;
    case 'm':
      skipMemoryAddress(reader);
      return;
    case 'table':
      for (let left = reader.number() + 1; left > 0; left -= 1) reader.number();
      return;
    case 'types':
      for (let left = reader.number(); left > 0; left -= 1) reader.number();
      return;
    case 'handlers':
      reader.number();
      for (let left = reader.number(); left > 0; left -= 1) {
        if (reader.byte() < 2) reader.number(); // its tag
        reader.number();
      }
      return;
    case 'bulk':
      skipBulk(reader);
      return;
    case 'vector':
      skipVector(reader);
      return;
    case 'atomic':
      if (reader.number() === 3) reader.skip(1);
      else skipMemoryAddress(reader);
      return;
  }
}

/** Places behind which a nop belongs, in the body of one function. */
function placesIn(bytes, start, end) {
  const reader = new Reader(bytes, start, end);
  for (let groups = reader.number(); groups > 0; groups -= 1) {
    reader.number();
    reader.number();
  }
  const places = [];
  while (reader.position < end) {
    const code = reader.byte();
    skipImmediates(reader, code);
    if (code === opcode.callIndirect && endsBlock.has(bytes[reader.position])) places.push(reader.position);
  }
  if (reader.position !== end) throw new Error(`an instruction goes beyond its function at byte ${end}`);
  return places;
}

function encode(number) {
  const bytes = [];
  for (; number >= 128; number = Math.floor(number / 128)) bytes.push((number % 128) | 128);
  bytes.push(number);
  return Buffer.from(bytes);
}

function padCode(bytes, start, end) {
  const reader = new Reader(bytes, start, end);
  const count = reader.number();
  const parts = [encode(count)];
  let padded = 0;
  for (let left = count; left > 0; left -= 1) {
    const size = reader.number();
    const from = reader.position;
    reader.skip(size);
    const places = placesIn(bytes, from, reader.position);
    padded += places.length;
    parts.push(encode(size + places.length));
    let done = from;
    for (const place of places) {
      parts.push(bytes.subarray(done, place), Buffer.of(opcode.nop));
      done = place;
    }
    parts.push(bytes.subarray(done, reader.position));
  }
  return { code: Buffer.concat(parts), padded };
}

function pad(bytes) {
  if (bytes.readUInt32LE(0) !== 0x6d736100 || bytes.readUInt32LE(4) !== 1) throw new Error('not a WebAssembly module');
  const reader = new Reader(bytes, 8, bytes.length);
  const parts = [bytes.subarray(0, 8)];
  let padded = 0;
  while (reader.position < bytes.length) {
    const start = reader.position;
    const id = reader.byte();
    const size = reader.number();
    const content = reader.position;
    reader.skip(size);
    if (id !== codeSection) {
      parts.push(bytes.subarray(start, reader.position));
      continue;
    }
    const made = padCode(bytes, content, reader.position);
    padded += made.padded;
    parts.push(Buffer.of(id), encode(made.code.length), made.code);
  }
  return { module: Buffer.concat(parts), padded };
}

const [input, output = input] = process.argv.slice(2);
if (!input) {
  console.error('usage: node pad_indirect_calls.mjs IN.wasm [OUT.wasm]');
  process.exit(2);
}
const { module, padded } = pad(readFileSync(input));
// A file that needs nothing keeps its date, or builds would go on for ever.
if (padded > 0 || output !== input) writeFileSync(output, module);
console.log(`${output}: ${padded} indirect calls padded`);
