import type { Moment } from '../../app/moment.ts';
import type { Span } from '../../app/state.ts';
import type { ProcessHistory } from '../../folds/processes.ts';
import { toPixel } from '../kit/axis/scale.ts';
import { isNormalEnd } from '../kit/exit.ts';

const thickness = 3;

/** From when to when a process lived, as a line along the foot of its row. `bottom` in CSS pixels, else device pixels. */
export function paintLife(
  context: CanvasRenderingContext2D,
  process: ProcessHistory,
  moment: Moment,
  span: Span,
  bottom: number,
  width: number,
  ratio: number,
  colour: (name: string) => string,
): void {
  const hasEnded = !Number.isNaN(process.end);
  const left = Math.max(0, Math.round(toPixel(process.start, span, width)));
  const right = Math.min(width, Math.round(toPixel(hasEnded ? process.end : moment.now, span, width)));
  context.fillStyle = colour(!hasEnded ? 'accent' : isNormalEnd(process.exitCode) ? 'muted' : 'bad');
  context.fillRect(left, Math.round((bottom - thickness) * ratio), Math.max(ratio, right - left), Math.round(thickness * ratio));
}
