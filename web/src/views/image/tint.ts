import { colours } from '../kit/canvas.ts';
import { threadMark } from '../kit/threads.ts';

type Colour = readonly [number, number, number];

/** The colour of a thread's mark, as the style sheet has it. */
export function tintOf(process: number, thread: number): Colour {
  const { colour } = threadMark(process, thread);
  const value = parseInt(colours.value(`thread-${colour < 0 ? 'main' : colour}`).slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Brightness as pixels: from black through the tint, at two thirds, to white. Grey without a tint. */
export function tilePixels(brightness: Uint8Array, tint: Colour | null): Uint8ClampedArray<ArrayBuffer> {
  const table = new Uint8Array(256 * 3);
  for (let value = 0; value < 256; value += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      const full = tint?.[channel] ?? value;
      const share = value / 255;
      const knee = 0.66;
      table[value * 3 + channel] = tint
        ? share < knee
          ? 14 + (full - 14) * (share / knee)
          : full + (255 - full) * ((share - knee) / (1 - knee))
        : value;
    }
  }
  const pixels = new Uint8ClampedArray(brightness.length * 4);
  for (let index = 0; index < brightness.length; index += 1) {
    const entry = brightness[index]! * 3;
    pixels[index * 4] = table[entry]!;
    pixels[index * 4 + 1] = table[entry + 1]!;
    pixels[index * 4 + 2] = table[entry + 2]!;
    pixels[index * 4 + 3] = 255;
  }
  return pixels;
}
