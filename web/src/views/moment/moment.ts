import { html, nothing, render } from 'lit-html';
import { isForTimeline } from '../../app/commands.ts';
import { formatInteger, formatMeasured, formatMoment } from '../../app/format.ts';
import { inLanguage, language, texts } from '../../app/i18n/index.ts';
import type { Moment } from '../../app/moment.ts';
import { recordAt, recordsOf, wakeOf } from '../../app/records.ts';
import type { TraceRecord } from '../../app/records.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { focus, moment, moveFocus, noFocus, slowFrame, whole } from '../../app/state.ts';
import { focusTime, isPlaying, leave, moveToRecord, perform, pressTravelKey, speed, speeds } from '../../app/travel.ts';
import type { TravelId } from '../../app/travel.ts';
import { Gils } from '../../folds/gil.ts';
import { Holders } from '../../folds/holders.ts';
import { isWait, isWork } from '../../folds/lanes.ts';
import { Tasks } from '../../folds/tasks.ts';
import { ThreadObjects } from '../../folds/thread_objects.ts';
import { Kind, Reason, reasonName, Unblocked } from '../../trace/kinds.ts';
import { isSameObject } from '../../trace/objects.ts';
import { iconButton, quietButton } from '../kit/buttons.ts';
import { categoryOfState } from '../kit/palette.ts';
import { table } from '../kit/table.ts';
import { objectName, threadLabel, threadName } from '../kit/threads.ts';
import { waitingTexts } from '../kit/waiting_texts.ts';
import { chainOf, placeOf } from './chain.ts';
import type { Chain, Link, ThreadPlace, Tie } from './chain.ts';
import { historyOf } from './history.ts';
import type { Event as Happened } from './history.ts';
import { momentTexts } from './texts.ts';

/** Records of an object that are listed. */
const listed = 60;

const count = (value: number) => formatInteger(value, language.value);
const clock = (current: Moment, time: number) => formatMoment(time, current.length / 1000);

function readsOf(current: Moment) {
  const { seen } = current;
  const has = (...kinds: Kind[]) => kinds.some((kind) => seen.has(kind));
  return {
    lanes: current.lanes,
    locks: has(Kind.lock_acquire, Kind.read_acquire, Kind.write_acquire) ? current.fold(Holders).locks : [],
    gils: has(Kind.gil_open) ? current.fold(Gils).list : [],
    task: (process: number, future: number) => (has(Kind.task_submit) ? current.fold(Tasks).find(process, future) : undefined),
    threadOf: (process: number, object: number) => current.fold(ThreadObjects).of(process, object),
    processOf: (object: number) => current.processes.list.find((each) => each.object === object)?.number,
  };
}

/** What a thread does, in words. */
function stateText(current: Moment, { process, thread, state }: Link): string {
  if (isWait(state)) return inLanguage(waitingTexts).reasons[reasonName(state)] ?? texts().states.other;
  const lane = current.lanes.find(process, thread)!;
  const work = isWork(state) ? current.string(process, lane.objects.at(lane.count - 1)) : undefined;
  const category = categoryOfState[state];
  return work ?? (category ? texts().states[category] : texts().states.absent);
}

function linkText(current: Moment, link: Link): string {
  const t = inLanguage(momentTexts);
  const { process, thread, state, object, since, on, tie, queued } = link;
  const name = (place: ThreadPlace) => threadName(current, place.process, place.thread);
  const duration = formatMeasured(current.now - since, language.value);
  if (!isWait(state)) return t.does(name({ process, thread }), stateText(current, link), duration);
  const ties: Record<Tie, (threads: string) => string> = { holds: t.holds, reads: t.reads, runs: t.runs, is: t.ends, hasGil: t.hasGil };
  const tail = queued ? t.queued : tie && on.length > 0 ? ties[tie](on.map(name).join(t.and)) : '';
  const isNamed = object !== 0 && current.objectName(process, object) !== undefined && state !== Reason.thread_join;
  return isNamed
    ? t.waitsFor(name({ process, thread }), objectName(current, process, object), duration) + tail
    : t.waits(name({ process, thread }), stateText(current, link), duration) + tail;
}

function chainList(current: Moment, { links, cycle }: Chain) {
  const t = inLanguage(momentTexts);
  return html`<ol class="chain">
      ${links.map(
        (link, place) =>
          html`<li class=${cycle >= 0 && place >= cycle ? 'in-cycle' : ''}>
            <button type="button" class="row-head" @click=${() => moveFocus({ process: link.process, thread: link.thread, object: link.object })}>${linkText(current, link)}</button>
          </li>`,
      )}
    </ol>
    ${cycle >= 0 ? html`<p class="cycle"><strong>${t.cycle}</strong></p>` : nothing}`;
}

/** What a record says, in words. */
function recordText(current: Moment, { kind, argument, detail, process, text }: TraceRecord): string {
  const t = inLanguage(momentTexts);
  const name = t.records[String(kind)] ?? `${kind}`;
  if (typeof name === 'function') return name(count(argument));
  if (kind === Kind.blocked) return inLanguage(waitingTexts).reasons[reasonName(detail)] ?? name;
  if (kind === Kind.unblocked && detail !== Unblocked.woken) {
    const { timedOut, stopped, deadlock } = inLanguage(waitingTexts).woken;
    return detail === Unblocked.timed_out ? timedOut : detail === Unblocked.stopped ? stopped : deadlock;
  }
  if (kind === Kind.work_begin || kind === Kind.mark) return `${name}: ${current.string(process, detail) ?? ''}`;
  return kind === Kind.console || kind === Kind.result || kind === Kind.error ? `${name}: ${text}` : name;
}

function lastRecord(current: Moment) {
  const last = recordAt(current, current.index - 1);
  if (!last) return nothing;
  const { process, thread, object, where } = last;
  const named = object !== 0 ? current.objectName(process, object) : undefined;
  return html`<p class="record">
    ${threadLabel(current, process, thread)}: ${recordText(current, last)}
    ${named === undefined ? nothing : html`<strong>${objectName(current, process, object)}</strong>`}
    ${where ? html`<span class="muted">(${where.replace(/^.*\//, '')})</span>` : nothing}
  </p>`;
}

function threadPart(current: Moment, process: number, thread: number) {
  const t = inLanguage(momentTexts);
  const chain = chainOf(readsOf(current), process, thread);
  const [first] = chain.links;
  if (!first) return nothing;
  const wake = wakeOf(current, process, thread);
  const by = wake && recordAt(current, wake.record);
  const went = wake && recordAt(current, wake.unblocked);
  const waits = isWait(first.state);
  return html`<section>
    <h3>${threadLabel(current, process, thread)}</h3>
    <h4>${waits ? t.why : t.state}</h4>
    ${waits ? chainList(current, chain) : html`<p>${t.since(stateText(current, first), formatMeasured(current.now - first.since, language.value))}</p>`}
    ${
      wake && went
        ? html`<h4>${t.woken}</h4>
          <p>
            <button type="button" class="link" ?disabled=${!by} @click=${() => by && moveToRecord(by.index)}>${t.wokenBy(threadName(current, wake.process, wake.thread), clock(current, by?.time ?? went.time))}</button>
            ${by ? html`${recordText(current, by)}. ${t.ranAfter(formatMeasured(went.time - by.time, language.value))}` : nothing}
          </p>`
        : nothing
    }
  </section>`;
}

/** Threads that wait for an object, and who holds it if it is a lock. */
function ownersAndWaiters(current: Moment, process: number, object: number): string {
  const t = inLanguage(momentTexts);
  const parts: string[] = [];
  const lock = readsOf(current).locks.find((each) => isSameObject(each.process, each.object, process, object));
  const name = (place: ThreadPlace) => threadName(current, place.process, place.thread);
  if (lock) {
    const keys = lock.holding.holder === 0 ? [...lock.readers.keys()] : [lock.holding.holder];
    const holders = keys.map((key) => name(placeOf(key)));
    parts.push(holders.length > 0 ? t.heldBy(holders.join(t.and)) : t.free);
  }
  const waiting = current.lanes.list.filter((lane) => {
    const last = lane.count - 1;
    return isWait(lane.states.at(last)) && isSameObject(lane.process, lane.objects.at(last), process, object);
  });
  if (waiting.length > 0) parts.push(t.waiting(waiting.map(name).join(t.and)));
  return parts.join(' · ');
}

function tookText({ took, what, open }: Happened): string {
  if (what === null) return '';
  const t = inLanguage(momentTexts);
  const text = t[what](formatMeasured(took, language.value));
  return open ? t.still(text) : text;
}

function objectPart(current: Moment, process: number, object: number) {
  const t = inLanguage(momentTexts);
  const { records, earlier } = recordsOf(current, process, object, listed);
  const happened = historyOf(
    records.filter(({ kind }) => kind !== Kind.object_name),
    current.now,
  ).reverse();
  return html`<section>
    <h3>${objectName(current, process, object)}</h3>
    <p>${ownersAndWaiters(current, process, object)}</p>
    <h4>${t.history}</h4>
    ${
      happened.length === 0
        ? html`<p class="muted">${t.noRecords}</p>`
        : table(
            [{ head: t.time, figure: true }, { head: t.thread }, { head: t.record }, { head: t.took }, { head: t.place }],
            happened.map((event) => [
              clock(current, event.record.time),
              threadLabel(current, event.record.process, event.record.thread),
              recordText(current, event.record),
              tookText(event),
              event.record.where.replace(/^.*\//, ''),
            ]),
            earlier > 0 ? t.earlier(count(earlier)) : nothing,
            (row) => () => moveToRecord(happened[row]!.record.index),
          )
    }
  </section>`;
}

function stepButton(id: string, sign: string, label: string, key: string, command: TravelId) {
  return html`<button type="button" class="icon-button" id=${id} title=${`${label} (${key})`} aria-label=${label} @click=${() => perform(command)}>${sign}</button>`;
}

function tools() {
  const t = inLanguage(momentTexts);
  return html`<div class="tools">
    ${stepButton('previous-record', '‹', t.previous, ',', 'previousRecord')}${stepButton('next-record', '›', t.next, '.', 'nextRecord')}
    ${quietButton(isPlaying.value ? 'stop' : 'play', isPlaying.value ? t.pause : t.play, () => perform('play'), { id: 'play-run' })}
    <label class="speed"><span class="visually-hidden">${t.speed}</span><select id="play-speed"
      @change=${(event: Event) => (speed.value = Number((event.target as HTMLSelectElement).value))}
    >${speeds.map((each) => html`<option value=${each} ?selected=${each === speed.value}>${each}×</option>`)}</select></label>
    ${iconButton('close', t.toEnd, leave, { id: 'to-end' })}
  </div>`;
}

/** The run at the focus: what has just happened, why its thread waits and who woke it, and what happened to its object. */
export function mount(root: HTMLElement): void {
  root.addEventListener('keydown', (event) => {
    const keepers = event.key === ' ' ? 'button, select' : 'select';
    if (!isForTimeline(event) || (event.target as Element).closest(keepers)) return;
    if (!pressTravelKey(event, 'timeline')) return;
    event.preventDefault();
    event.stopPropagation();
  });
  drawWhenChanged(() => {
    void slowFrame.value;
    const t = inLanguage(momentTexts);
    const current = moment();
    const run = whole();
    const { process, thread, object } = focus.value;
    root.hidden = !current || focus.value === noFocus;
    if (!current || !run || root.hidden) {
      render(nothing, root);
      return;
    }
    render(
      html`
        <section class="panel moment" aria-labelledby="moment-title">
          <div class="panel-head">
            <h2 id="moment-title">${t.title}</h2>
            <span class="count">${t.at(clock(run, focusTime()), count(current.index), count(run.index))}</span>
            ${tools()}
          </div>
          <div class="moment-body">
            <section><h3>${t.last}</h3>${lastRecord(current)}</section>
            ${thread === 0 ? nothing : threadPart(current, process, thread)}
            ${object === 0 ? nothing : objectPart(current, process, object)}
          </div>
        </section>
      `,
      root,
    );
  });
}
