import { frame, whole } from '../../app/state.ts';
import { colours, fitCanvas, pixelRatio } from '../kit/canvas.ts';
import { marksPainter } from './parts.ts';
import { drawRuler } from './ruler.ts';
import { shownSpan } from '../kit/axis/window.ts';

const rulerHeight = 26;
const flagHeight = 18;

export const flagFont = () => `11px ${colours.value('font-small')}`;

/** The ruler, and the run's marks as flags below it if there are any. */
export function drawAxis(canvas: HTMLCanvasElement, width: number): void {
  void frame.value;
  const current = whole();
  const flagged = current !== null && current.marks.list.length > 0;
  const height = rulerHeight + (flagged ? flagHeight : 0);
  const ratio = pixelRatio();
  if (!fitCanvas(canvas, width, height, ratio)) return;
  const colour = colours.value;
  const font = flagFont();
  const span = shownSpan();
  const context = canvas.getContext('2d')!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  drawRuler(context, span, width, rulerHeight, font, { text: colour('muted'), line: colour('line') });
  if (!flagged) return;
  const flagColours = { text: colour('accent-strong'), flag: colour('accent-tint') };
  marksPainter()?.paintFlags(context, current, span, width, rulerHeight, flagHeight - 2, font, flagColours);
}
