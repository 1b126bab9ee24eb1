import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Images } from '../../../web/src/folds/images.ts';
import { readTraceFile } from '../../../web/src/trace/file.ts';
import type { Trace } from '../../../web/src/trace/columns.ts';
import type { Computed } from '../drive/scenarios/thread_pool.ts';
import { nativeProgram } from './places.ts';

interface Run {
  lines: string[];
  trace: Trace;
}

async function run(demo: string, parameters: Record<string, string | number | boolean>): Promise<Run> {
  if (!existsSync(nativeProgram)) {
    throw new Error(`${nativeProgram} is missing; build it with cmake --preset native && cmake --build --preset native --target weft`);
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'weft-native-'));
  try {
    const file = path.join(folder, 'run.weft');
    const options = Object.entries(parameters).map(([name, value]) => `--${name}=${value}`);
    const { stdout } = await promisify(execFile)(nativeProgram, ['run', demo, ...options, '--trace', file], { timeout: 60_000 });
    const { trace } = await readTraceFile(new Uint8Array(await readFile(file)));
    return { lines: stdout.trim().split('\n'), trace };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function pictureOf(trace: Trace): Computed['picture'] {
  const images = new Images();
  images.take(trace, 0, trace.length);
  const [picture] = images.pictures;
  if (!picture) throw new Error('the native program has drawn nothing');
  const { width, height } = picture;
  const brightness = new Uint8Array(width * height);
  for (const tile of picture.tiles) {
    for (let row = 0; row < tile.height; row += 1) {
      const pixels = tile.pixels.subarray(row * tile.width, (row + 1) * tile.width);
      brightness.set(pixels, (tile.y + row) * width + tile.x);
    }
  }
  return { width, height, hash: createHash('sha256').update(brightness).digest('hex') };
}

/** What the native program makes of parameters that scenarios use: every engine has to come to the same. */
export async function expectedOfNative(): Promise<{ computed: Computed }> {
  const { lines, trace } = await run('thread-pool', { workers: 3, tasks: 10, cost: 2, seed: 7 });
  const found = (pattern: RegExp) => lines.flatMap((line) => [...(line.match(pattern)?.slice(1) ?? [])]);
  const [iterations] = found(/^result: iterations=(\d+)$/);
  const iterationsOf = Object.fromEntries(
    lines.flatMap((line) => {
      const match = /^task (\d+) computed (\d+) iterations$/.exec(line);
      return match ? [[match[1]!, match[2]!]] : [];
    }),
  );
  return { computed: { iterations: iterations!, iterationsOf, picture: pictureOf(trace) } };
}
