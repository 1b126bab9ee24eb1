import { Unblocked, Reason, reasonName, ThreadEnd } from '../../trace/kinds.ts';
import { formatMeasured, formatMoment } from '../../app/format.ts';
import { inLanguage, language, texts } from '../../app/i18n/index.ts';
import type { Moment } from '../../app/moment.ts';
import { absent, isWait, isWork, ready, running, unwinding } from '../../folds/lanes.ts';
import { categoryOfState } from '../kit/palette.ts';
import { isCrowded } from '../kit/cores.ts';
import { objectName, ownName, threadName } from '../kit/threads.ts';
import { waitingTexts } from '../kit/waiting_texts.ts';
import { painters } from './parts.ts';
import type { Spot } from '../kit/axis/spot.ts';
import { timelineTexts } from './texts.ts';

export interface Description {
  thread: string;
  /** What happens in the span. */
  what: string;
  /** The object it happens to, or how it ended; may be empty. */
  more: string;
  start: string;
  duration: string;
  length: number;
}

export function stateText(state: number): string {
  const t = texts();
  if (state === absent) return t.states.absent;
  return isWait(state) ? (inLanguage(waitingTexts).reasons[reasonName(state)] ?? t.states.other) : t.states[categoryOfState[state]!];
}

/** How a thread ended that did not return. */
function endText(ending: number): string {
  const { failed, stopped, process, deadlock } = inLanguage(waitingTexts).woken;
  if (ending === ThreadEnd.exception) return failed;
  if (ending === ThreadEnd.stopped) return stopped;
  return ending === ThreadEnd.deadlock ? deadlock : process;
}

/** A span in words, for the tooltip, the details and the screen reader. */
export function describe(moment: Moment, { lane, index, task }: Spot): Description {
  const t = inLanguage(timelineTexts);
  const thread = threadName(moment, lane.process, lane.thread);
  if (task) {
    const start = lane.taskStarts.at(index);
    const end = lane.taskEnd(index);
    const open = Number.isNaN(end);
    const length = (open ? moment.now : end) - start;
    return {
      thread,
      what: t.task(painters()?.numberText(moment, lane, index) ?? ''),
      more: open ? t.stillGoing : lane.taskFailed(index) ? inLanguage(waitingTexts).woken.failed : '',
      start: formatMoment(start, length),
      duration: formatMeasured(length, language.value),
      length,
    };
  }
  const state = lane.states.at(index);
  const start = lane.starts.at(index);
  const last = index + 1 >= lane.count;
  const length = lane.spanEnd(index, moment.now) - start;
  const object = lane.objects.at(index);
  const work = isWork(state) ? moment.string(lane.process, object) : undefined;
  const notes: string[] = [];
  if (work !== undefined) notes.push(stateText(state));
  if (object !== 0 && state === ready) notes.push(inLanguage(waitingTexts).woken.by(ownName(moment, lane.process, object)));
  if (object !== 0 && isWait(state) && state !== Reason.sleep) notes.push(objectName(moment, lane.process, object));
  if (index >= lane.unwindsFrom && isWait(state)) notes.push(stateText(unwinding));
  if (!last) {
    const wake = isWait(state) ? lane.wakes.at(index + 1) : Unblocked.woken;
    if (wake === Unblocked.timed_out && state !== Reason.sleep) notes.push(inLanguage(waitingTexts).woken.timedOut);
    if (wake === Unblocked.stopped) notes.push(inLanguage(waitingTexts).woken.stopped);
    if (wake === Unblocked.deadlock) notes.push(inLanguage(waitingTexts).woken.deadlock);
  } else if (state !== absent && moment.ending === null) {
    notes.push(t.stillGoing);
  }
  if ((last ? state : lane.states.at(index + 1)) === absent && lane.ending !== ThreadEnd.returned) notes.push(endText(lane.ending));
  return {
    thread,
    what: work ?? (state === running && isCrowded(moment) ? texts().states.runningOrReady : stateText(state)),
    more: notes.join(' · '),
    start: formatMoment(start, length),
    duration: formatMeasured(length, language.value),
    length,
  };
}
