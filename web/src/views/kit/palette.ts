import { computing, doingIo, ready, unwinding } from '../../folds/lanes.ts';
import { Reason } from '../../trace/kinds.ts';

/**
 * Okabe–Ito colours of what a thread does, told apart by pattern as well. Waiting is drawn as a pattern in the colour
 * on a tint of it, and simulated work in the green of running, striped: the fuller if it stands for computing; on white the pattern is darkened until it has a contrast of 3:1.
 */

export type Category =
  | 'running'
  | 'computing'
  | 'io'
  | 'ready'
  | 'unwinding'
  | 'lock'
  | 'semaphore'
  | 'barrier'
  | 'get'
  | 'put'
  | 'join'
  | 'other'
  | 'sleep'
  | 'idle';

/** In the order in which shares are stacked, from the bottom of a lane. */
export const categories: Category[] = [
  'running',
  'computing',
  'io',
  'sleep',
  'idle',
  'join',
  'other',
  'barrier',
  'get',
  'put',
  'semaphore',
  'ready',
  'unwinding',
  'lock',
];

type Pattern = (x: number, y: number) => boolean;

/** Eight by eight, true where the pattern's mark is. */
export const patternSize = 8;
const patterns: Record<Category, Pattern> = {
  running: () => false,
  computing: (_, y) => y % 4 < 2,
  io: (x, y) => y % 4 < 1 && (x + y) % 8 < 5,
  unwinding: (x, y) => (x + y) % 8 < 1 || (x + 8 - y) % 8 < 1,
  lock: (x, y) => (x + y) % 4 < 1.5,
  ready: (x, y) => y % 4 < 1 || (x + 4 - (y % 4)) % 8 < 1,
  semaphore: (x) => x % 4 < 1,
  barrier: (x, y) => x % 8 < 1 || (y % 4 < 1 && x % 8 < 4),
  get: (x, y) => (x + (y % 8 < 4 ? 0 : 2)) % 4 < 1.5 && y % 4 < 1.5,
  put: (x, y) => (x % 8 < 4 ? y % 4 < 1 : (y + 2) % 4 < 1),
  join: (x, y) => y % 8 === 4 && x % 8 < 1,
  other: (x) => x % 8 < 1,
  sleep: (x, y) => y % 8 === 4 && x % 8 < 3,
  idle: (x, y) => (x + 8 - y) % 8 < 1,
};

type Colour = [red: number, green: number, blue: number];

export interface Paint {
  fill: Colour;
  mark: Colour;
}

const light: Record<Category, Paint> = {
  running: { fill: [0, 158, 115], mark: [0, 122, 89] },
  computing: { fill: [158, 217, 198], mark: [0, 122, 89] },
  io: { fill: [210, 238, 230], mark: [0, 122, 89] },
  unwinding: { fill: [236, 236, 234], mark: [96, 96, 92] },
  lock: { fill: [255, 218, 196], mark: [204, 80, 0] },
  ready: { fill: [250, 246, 190], mark: [128, 118, 20] },
  semaphore: { fill: [255, 226, 214], mark: [190, 70, 30] },
  barrier: { fill: [222, 226, 248], mark: [70, 84, 180] },
  get: { fill: [255, 236, 194], mark: [176, 116, 0] },
  put: { fill: [247, 221, 236], mark: [171, 74, 126] },
  join: { fill: [242, 242, 240], mark: [150, 150, 146] },
  other: { fill: [212, 230, 243], mark: [0, 104, 163] },
  sleep: { fill: [223, 241, 251], mark: [37, 136, 190] },
  idle: { fill: [236, 236, 234], mark: [150, 150, 146] },
};

const dark: Record<Category, Paint> = {
  running: { fill: [0, 158, 115], mark: [64, 200, 160] },
  computing: { fill: [0, 78, 57], mark: [64, 200, 160] },
  io: { fill: [10, 48, 38], mark: [64, 200, 160] },
  unwinding: { fill: [38, 41, 48], mark: [160, 164, 172] },
  lock: { fill: [74, 38, 16], mark: [235, 112, 30] },
  ready: { fill: [58, 55, 14], mark: [240, 228, 66] },
  semaphore: { fill: [70, 36, 26], mark: [255, 146, 110] },
  barrier: { fill: [32, 36, 70], mark: [150, 164, 255] },
  get: { fill: [66, 49, 10], mark: [230, 159, 0] },
  put: { fill: [62, 38, 53], mark: [214, 140, 181] },
  join: { fill: [30, 33, 40], mark: [100, 104, 112] },
  other: { fill: [14, 42, 64], mark: [62, 150, 214] },
  sleep: { fill: [24, 48, 64], mark: [86, 180, 233] },
  idle: { fill: [38, 41, 48], mark: [100, 104, 112] },
};

export function paints(isDark: boolean): Record<Category, Paint> {
  return isDark ? dark : light;
}

/** Categories by state of a lane. */
export const categoryOfState: (Category | null)[] = Array.from({ length: 32 }, (_, state) => {
  switch (state) {
    case 0:
      return 'running';
    case Reason.lock:
    case Reason.read_lock:
    case Reason.write_lock:
      return 'lock';
    case Reason.semaphore:
      return 'semaphore';
    case Reason.barrier:
      return 'barrier';
    case Reason.gil:
    case ready:
      return 'ready';
    case computing:
      return 'computing';
    case doingIo:
      return 'io';
    case unwinding:
      return 'unwinding';
    case Reason.queue_get:
    case Reason.pipe:
      return 'get';
    case Reason.queue_put:
      return 'put';
    case Reason.sleep:
      return 'sleep';
    case Reason.task:
      return 'idle';
    // Whoever started the others waits for them nearly all of the time: that is not what there is to see.
    case Reason.thread_join:
    case Reason.process:
      return 'join';
    case 31:
      return null;
    default:
      return 'other';
  }
});

export function pack([red, green, blue]: Colour): number {
  return (255 << 24) | (blue << 16) | (green << 8) | red; // little endian RGBA, as ImageData has it
}

/** The pattern of a category at a device's pixel ratio as packed pixels, `size` by `size`. */
export function patternTile(category: Category, paint: Paint, ratio: number): { size: number; pixels: Uint32Array } {
  const size = Math.max(patternSize, Math.round(patternSize * ratio));
  const pixels = new Uint32Array(size * size);
  const [fill, mark] = [pack(paint.fill), pack(paint.mark)];
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const marked = patterns[category](Math.floor((x * patternSize) / size), Math.floor((y * patternSize) / size));
      pixels[y * size + x] = marked ? mark : fill;
    }
  }
  return { size, pixels };
}

export function css([red, green, blue]: Colour): string {
  return `rgb(${red} ${green} ${blue})`;
}
