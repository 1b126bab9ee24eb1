import type { Lane } from '../../folds/lanes.ts';
import { lastAtMost } from '../../folds/columns.ts';
import { TaskNumbers } from '../../folds/task_numbers.ts';
import type { Moment } from '../../app/moment.ts';
import type { Span } from '../../app/state.ts';
import type { Band } from '../kit/raster.ts';

export { paintWorkNames } from './work_painter.ts';

export interface TaskColours {
  fill: string;
  line: string;
  text: string;
  failed: string;
}

/** Number of the task within its executor. */
export function numberText(moment: Moment, lane: Lane, task: number): string {
  return String(moment.fold(TaskNumbers).of(lane.process, lane.taskFutures.at(task)) ?? '');
}

/** Tasks of a lane as boxes with their numbers; those narrower than a pixel share one. Device pixels throughout. */
export function paintTasks(
  context: CanvasRenderingContext2D,
  moment: Moment,
  lane: Lane,
  band: Band,
  span: Span,
  width: number,
  ratio: number,
  font: string,
  colours: TaskColours,
): void {
  const perPixel = (span.end - span.start) / width;
  const count = lane.taskCount;
  let drawn = -1;
  context.font = font;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  for (let index = Math.max(0, lastAtMost(lane.taskStarts, count, span.start)); index < count; index += 1) {
    const start = lane.taskStarts.at(index);
    if (start >= span.end) break;
    const ended = lane.taskEnd(index);
    const end = Number.isNaN(ended) ? moment.now : ended;
    if (end < span.start) continue;
    const left = Math.max(0, Math.round((start - span.start) / perPixel));
    const right = Math.min(width, Math.max(left + 1, Math.round((end - span.start) / perPixel)));
    if (right <= drawn) continue;
    const from = Math.max(left, drawn);
    drawn = right;
    const failed = lane.taskFailed(index);
    context.fillStyle = failed ? colours.failed : colours.fill;
    // Neighbours stay apart where there is room for a gap.
    const gap = right - from > 3 * ratio ? ratio : 0;
    context.fillRect(from, band.top, right - from - gap, band.height - ratio);
    const room = right - from - gap;
    if (room > 14 * ratio) {
      context.fillStyle = colours.line;
      context.fillRect(from, band.top, ratio, band.height - ratio);
      const text = numberText(moment, lane, index);
      if (text && text.length * 7 * ratio < room) {
        context.fillStyle = colours.text;
        context.fillText(text, from + 4 * ratio, band.top + band.height / 2);
      }
    }
  }
}
