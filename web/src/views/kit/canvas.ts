import { computed } from '@preact/signals-core';
import { dark } from './theme.ts';

/** Gives a canvas the size of its box in device pixels; false while it has no box. */
export function fitCanvas(canvas: HTMLCanvasElement, width: number, height: number, ratio: number): boolean {
  const [deviceWidth, deviceHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (deviceWidth <= 0 || deviceHeight <= 0) return false;
  if (canvas.width !== deviceWidth) canvas.width = deviceWidth;
  if (canvas.height !== deviceHeight) canvas.height = deviceHeight;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  return true;
}

export function pixelRatio(): number {
  return Math.min(3, Math.max(1, window.devicePixelRatio || 1));
}

/**
 * The style sheet's colours by name, so that canvases look like the rest of the page. Read once for light and dark:
 * asking for a computed style on every frame would have the browser compute styles on every frame.
 */
export const colours = computed(() => {
  void dark.value;
  const style = getComputedStyle(document.documentElement);
  const read = new Map<string, string>();
  return (name: string): string => {
    let value = read.get(name);
    if (value === undefined) {
      value = style.getPropertyValue(`--${name}`).trim();
      read.set(name, value);
    }
    return value;
  };
});
