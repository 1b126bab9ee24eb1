import { html } from 'lit-html';
import { texts } from '../../app/i18n/index.ts';
import { pixelRatio } from '../kit/canvas.ts';
import { paints, patternTile } from '../kit/palette.ts';
import type { Category } from '../kit/palette.ts';

const width = 22;
const height = 12;

/** What the colours mean. Threads that nothing keeps from running may be waiting for a core where there are more of them than cores. */
export function legendFor(used: Category[], isCrowded: boolean) {
  const t = texts();
  const name = (category: Category) => t.states[category === 'running' && isCrowded ? 'runningOrReady' : category];
  return html`<ul class="legend" tabindex="0" aria-label=${t.timeline.legend}>
    ${used.map((category) => html`<li><canvas class="swatch" data-category=${category} aria-hidden="true"></canvas>${name(category)}</li>`)}
  </ul>`;
}

/** Fills the swatches with the very pixels that the lanes are made of. */
export function drawSwatches(root: HTMLElement, dark: boolean): void {
  const ratio = pixelRatio();
  for (const canvas of root.querySelectorAll<HTMLCanvasElement>('canvas.swatch')) {
    const category = canvas.dataset.category as Category;
    const drawn = `${category} ${dark} ${ratio}`;
    if (canvas.dataset.drawn === drawn) continue;
    canvas.dataset.drawn = drawn;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const image = new ImageData(canvas.width, canvas.height);
    const pixels = new Uint32Array(image.data.buffer);
    const { size, pixels: tile } = patternTile(category, paints(dark)[category], ratio);
    for (let y = 0; y < canvas.height; y += 1) {
      for (let x = 0; x < canvas.width; x += 1) pixels[y * canvas.width + x] = tile[(y % size) * size + (x % size)]!;
    }
    canvas.getContext('2d')!.putImageData(image, 0, 0);
  }
}
