import { frame, whole } from '../../app/state.ts';
import { colours, fitCanvas, pixelRatio } from '../kit/canvas.ts';
import { dark } from '../kit/theme.ts';
import { laneParts } from './layout.ts';
import type { PlacedRow } from './layout.ts';
import { painters, processesPart } from './parts.ts';
import { Raster, tilesFor } from '../kit/raster.ts';
import type { Band } from '../kit/raster.ts';
import { ticksFor } from './ruler.ts';
import { toPixel } from '../kit/axis/scale.ts';
import { shownSpan } from '../kit/axis/window.ts';

/** The rows, how far they are scrolled, and how much of them is visible; CSS pixels. */
export interface Viewport {
  rows: readonly PlacedRow[];
  width: number;
  top: number;
  height: number;
}

/** What the threads did, a lane each: states as a raster, tasks as boxes above them. */
export class LanesChart {
  #raster: Raster | null = null;

  draw(canvas: HTMLCanvasElement, viewport: Viewport): void {
    void frame.value;
    const { rows, width, top, height } = viewport;
    const current = whole();
    const colour = colours.value;
    const span = shownSpan();
    const ratio = pixelRatio();
    const tiles = tilesFor(dark.value, ratio);
    if (!fitCanvas(canvas, width, height, ratio)) return;
    const context = canvas.getContext('2d')!;
    context.setTransform(1, 0, 0, 1, 0, 0);
    const raster = this.#rasterOf(canvas.width, canvas.height);
    const visible = current ? rows.filter((row) => row.top + row.height > top && row.top < top + height) : [];
    const lanes = visible.flatMap((row) =>
      row.lanes.map((lane) => ({ lane, parts: laneParts(row.top - top, row.height, ratio, lane.taskCount > 0) })),
    );

    raster.clear();
    for (const { lane, parts } of lanes) raster.lane(lane, clip(parts.state, canvas.height), span, current!.now, tiles);
    context.putImageData(raster.image, 0, 0);

    context.globalCompositeOperation = 'destination-over';
    context.fillStyle = colour('grid');
    for (const time of ticksFor(span, width).times) {
      context.fillRect(Math.round(toPixel(time, span, width) * ratio), 0, Math.max(1, Math.floor(ratio)), canvas.height);
    }
    context.fillStyle = colour('raised');
    for (const { process, ...row } of visible) {
      if (process) context.fillRect(0, Math.round((row.top - top) * ratio), canvas.width, Math.round(row.height * ratio));
    }
    context.globalCompositeOperation = 'source-over';
    for (const { process, lanes: own, ...row } of visible) {
      if (process && own.length === 0)
        processesPart()?.paintLife(context, process, current!, span, row.top + row.height - top, canvas.width, ratio, colour);
    }

    const font = `${Math.round(10 * ratio)}px ${colour('font-small')}`;
    const taskColours = {
      fill: colour('task'),
      line: colour('task-line'),
      text: colour('text'),
      failed: colour('task-failed'),
    };
    const workColours = { ground: colour('panel'), text: colour('text') };
    for (const { lane, parts } of lanes) {
      if (current!.lanes.hasWork)
        painters()?.paintWorkNames(context, current!, lane, parts.state, span, canvas.width, ratio, font, workColours);
      if (parts.tasks) painters()?.paintTasks(context, current!, lane, parts.tasks, span, canvas.width, ratio, font, taskColours);
    }
  }

  #rasterOf(width: number, height: number): Raster {
    if (this.#raster?.width !== width || this.#raster.height !== height) this.#raster = new Raster(width, height);
    return this.#raster;
  }
}

/** The part of a band that lies within the canvas. */
function clip(band: Band, height: number): Band {
  const top = Math.max(0, band.top);
  return { top, height: Math.max(0, Math.min(height, band.top + band.height) - top) };
}
