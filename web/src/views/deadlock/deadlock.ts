import { html, nothing, render, svg } from 'lit-html';
import { inLanguage } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { moment, moveFocus, range, selected, slowFrame } from '../../app/state.ts';
import type { Moment } from '../../app/moment.ts';
import { shortName } from '../../app/format.ts';
import { Deadlocks } from '../../folds/deadlocks.ts';
import type { Deadlock, StuckThread } from '../../folds/deadlocks.ts';
import { isWait } from '../../folds/lanes.ts';
import { icon } from '../kit/icons.ts';
import { markClass } from '../kit/threads.ts';
import { waitingTexts } from '../kit/waiting_texts.ts';
import { showCodeLine } from './code_line.ts';
import { cycleThreads, heldObjects, nodeHeight, nodeWidth, ringOf } from './ring.ts';
import { deadlockTexts } from './texts.ts';

/** Selects the thread's last span, which the timeline scrolls to. */
function showThread(of: Moment, process: number, thread: number): void {
  const lane = of.lanes.find(process, thread);
  if (!lane) return;
  range.value = null;
  // The wait that never ended, or that the end of the run put an end to.
  let index = lane.count - 1;
  while (index > 0 && !isWait(lane.states.at(index))) index -= 1;
  selected.value = { process, thread, index, task: false };
  moveFocus({ process, thread, object: lane.objects.at(index) });
}

/** Name of what a thread waits for, in words. */
function objectText({ reason, objectName, objectType, object }: StuckThread): string {
  const t = inLanguage(deadlockTexts);
  if (objectType === 'thread' && objectName) return t.end(objectName);
  return objectName || (object !== 0 ? `#${object}` : (inLanguage(waitingTexts).reasons[reason] ?? reason));
}

function place(of: Moment, where: string) {
  if (!where) return nothing;
  const [, path, file, line] = /^(.*?([^/]+)):(\d+)$/.exec(where) ?? [];
  if (!path || !file || !line) return html` <span class="muted">(${where})</span>`;
  if (!path.endsWith(`demos/${of.demo.id}/demo.cpp`)) return html` <span class="muted">(${file}:${line})</span>`;
  const label = inLanguage(deadlockTexts).showCode(line);
  return html` <button type="button" class="link" title=${label} @click=${() => showCodeLine(Number(line))}>(${file}:${line})</button>`;
}

function statement(of: Moment, deadlock: Deadlock, stuck: StuckThread) {
  const t = inLanguage(deadlockTexts);
  const held = heldObjects(deadlock, stuck.thread);
  return html`<li>
    <span class=${markClass(deadlock.process, stuck.thread)}></span><button type="button" class="link" title=${t.showThread(stuck.name)}
      @click=${() => showThread(of, deadlock.process, stuck.thread)}>${stuck.name}</button>${
        held.length > 0
          ? html`${t.holds}${held.map((each, index) => html`${index > 0 ? t.and : nothing}<strong>${objectText(each)}</strong>${place(of, each.heldSince)}`)}${t.waits}`
          : t.waitsAlone
      }<strong>${objectText(stuck)}</strong>${place(of, stuck.where)}${t.stop}
  </li>`;
}

function picture(deadlock: Deadlock, spoken: string) {
  const t = inLanguage(deadlockTexts);
  const { width, height, nodes, arrows } = ringOf(deadlock, (stuck) => objectText(stuck));
  return html`<svg class="ring" viewBox=${`0 0 ${width} ${height}`} role="img" aria-label=${t.picture(spoken)}>
    <defs>
      ${['waits', 'held', 'comes'].map((kind) => svg`<marker id=${`arrow-${kind}`} class=${`arrow-${kind}`} viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 10 5 0 10z" /></marker>`)}
    </defs>
    ${arrows.map(
      ({ kind, from, to, hasRoom }) => svg`
      <path class=${`arrow arrow-${kind}`} d=${`M${from.x} ${from.y}L${to.x} ${to.y}`} marker-end=${`url(#arrow-${kind})`} />
      ${hasRoom ? svg`<text class="arrow-text" x=${(from.x + to.x) / 2} y=${(from.y + to.y) / 2}>${{ waits: t.waitsFor, held: t.heldBy, comes: t.comesFrom }[kind]}</text>` : nothing}`,
    )}
    ${nodes.map(
      ({ kind, name, x, y }) => svg`<g class=${`node node-${kind}`}>
      <rect x=${x - nodeWidth / 2} y=${y - nodeHeight / 2} width=${nodeWidth} height=${nodeHeight} rx=${kind === 'thread' ? 17 : 4} />
      <text x=${x} y=${y}>${shortName(name, 15)}<title>${name}</title></text>
    </g>`,
    )}
  </svg>`;
}

function panel(of: Moment, deadlock: Deadlock) {
  const t = inLanguage(deadlockTexts);
  const ring = cycleThreads(deadlock);
  const others = deadlock.threads.filter((thread) => !ring.includes(thread));
  const spoken = ring
    .map((stuck) =>
      t.sentence(
        stuck.name,
        heldObjects(deadlock, stuck.thread)
          .map((each) => objectText(each))
          .join(t.and),
        objectText(stuck),
      ),
    )
    .join(' ');
  return html`
    <section class="panel deadlock" aria-labelledby="deadlock-title">
      <div class="panel-head">${icon('warning')}<h2 id="deadlock-title">${t.title}</h2></div>
      <div class="deadlock-body">
        ${ring.length > 0 ? picture(deadlock, spoken) : nothing}
        <div class="deadlock-text">
          <p>${ring.length > 0 ? t.ring(ring.length) : t.all(deadlock.threads.length)}</p>
          <ol>${(ring.length > 0 ? ring : others).map((stuck) => statement(of, deadlock, stuck))}</ol>
          ${
            ring.length > 0 && others.length > 0
              ? html`<p>${t.also}</p><ul>${others.map((stuck) => statement(of, deadlock, stuck))}</ul>`
              : nothing
          }
        </div>
      </div>
    </section>
  `;
}

/** The deadlock that ended the run: who holds what and waits for what, as a ring and in words. */
export function mount(root: HTMLElement): void {
  drawWhenChanged(() => {
    void slowFrame.value;
    const current = moment();
    const all = current ? [...current.fold(Deadlocks).list] : [];
    root.hidden = all.length === 0;
    render(current && all.length > 0 ? all.map((deadlock) => panel(current, deadlock)) : nothing, root);
  });
}
