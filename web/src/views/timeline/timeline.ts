import { effect, signal } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import { texts } from '../../app/i18n/index.ts';
import { drawWhenChanged, invalidate } from '../../app/scheduler.ts';
import { following, moment, phase, range, selected, shown, shownHeader, slowFrame } from '../../app/state.ts';
import type { Moment } from '../../app/moment.ts';
import type { Selection } from '../../app/state.ts';
import { absent } from '../../folds/lanes.ts';
import type { Lane } from '../../folds/lanes.ts';
import { sayQuietly } from '../kit/announce.ts';
import { iconButton, quietButton } from '../kit/buttons.ts';
import { categories, categoryOfState } from '../kit/palette.ts';
import type { Category } from '../kit/palette.ts';
import { dark } from '../kit/theme.ts';
import { laneName, markClass, ownName } from '../kit/threads.ts';
import { drawAxis } from './axis_chart.ts';
import { describe } from './describe.ts';
import { details } from './details.ts';
import { attachGestures } from '../kit/axis/gestures.ts';
import { glideTo } from '../kit/axis/glide.ts';
import { timelineKey, zoomBy, zoomStep } from './keys.ts';
import { LanesChart } from './lanes_chart.ts';
import type { Viewport } from './lanes_chart.ts';
import { laneHeight, laneParts, orderLanes, rowsOf } from './layout.ts';
import type { Row } from './layout.ts';
import { drawSwatches, legendFor } from './legend.ts';
import { overlayChart } from './overlay_chart.ts';
import { processesPart, totalsPart } from './parts.ts';
import { toTime } from '../kit/axis/scale.ts';
import { selectionOf, spotOf } from '../kit/axis/spot.ts';
import type { Spot } from '../kit/axis/spot.ts';
import { shownSpan, stageWidth } from '../kit/axis/window.ts';

const asTable = signal(false);

/** Scroll position and height of the lanes' viewport, in CSS pixels. */
const scroll = signal({ top: 0, height: 0 });
const hovered = signal<Selection | null>(null);
/** Processes that the reader has folded into one row, or opened. */
const folded = signal<ReadonlyMap<number, boolean>>(new Map());

/** Beyond this the lanes scroll within the timeline, in CSS pixels. */
const tallest = 420;

export function mount(root: HTMLElement): void {
  const coarse = matchMedia('(pointer: coarse)').matches;
  let rows: Row[] = [];
  /** What the rows were made of. */
  let of: readonly unknown[] = [];
  /** Rows there is room kept for while a new run has not made its threads yet: the page must not jump. */
  let reserved = 0;
  let built = false;
  const lanesChart = new LanesChart();

  const shownRows = (): Row[] => {
    const current = moment();
    const now = [current, current?.index, folded.value];
    if (now.some((each, place) => each !== of[place])) {
      rows = current ? rowsOf(current.lanes.list, current.processes, folded.value) : [];
      of = now;
    }
    return rows;
  };

  /** Those that there is a row for, which keys move between. */
  const shownLanes = (): Lane[] => shownRows().flatMap(({ lane }) => lane ?? []);

  const rowCount = () => Math.max(shownRows().length, reserved);

  const part = <E extends HTMLElement>(name: string) => root.querySelector<E>(`.${name}`)!;

  const hit = (x: number, y: number): Spot | null => {
    const height = laneHeight(rowCount(), coarse);
    const place = Math.floor((y + scroll.value.top) / height);
    const lane = shownRows()[place]?.lane;
    const now = moment()?.now ?? 0;
    if (!lane) return null;
    const span = shownSpan();
    const width = stageWidth.value;
    const inside = y + scroll.value.top - place * height;
    const parts = laneParts(0, height, 1, lane.taskCount > 0);
    if (parts.tasks && inside < parts.state.top) {
      const task = lane.taskAt(toTime(x, span, width), now);
      if (task >= 0) return { lane, index: task, task: true };
    }
    const [from, to] = [toTime(x - 1, span, width), toTime(x + 1, span, width)];
    if (to < lane.start || from > now) return null;
    const index = lane.longestIn(Math.max(from, lane.start), Math.min(to, now), now);
    return index < 0 || lane.states.at(index) === absent ? null : { lane, index, task: false };
  };

  // --- what lit-html draws: frame, names, legend, details

  drawWhenChanged(() => {
    const { timeline: t, commands: keys } = texts();
    const current = moment();
    void slowFrame.value;
    if (phase.value === 'idle') reserved = shownRows().length;
    const lanes = current?.lanes.list ?? [];
    const height = laneHeight(rowCount(), coarse);
    const zoomed = shown.value !== null;
    const tables = asTable.value ? totalsPart() : null;
    render(
      html`
        <figure class="panel timeline" aria-labelledby="timeline-title">
          <figcaption class="panel-head">
            <h2 id="timeline-title">${t.title}</h2>
            ${legendFor(usedCategories())}
            <div class="tools">
              ${
                phase.value === 'running' && zoomed
                  ? quietButton('end', t.follow, () => (following.value = !following.value), { pressed: following.value })
                  : nothing
              }
              ${iconButton('minus', keys.zoomOut, () => zoomBy(1 / zoomStep), { id: 'zoom-out', hint: `${keys.zoomOut} (S)`, disabled: !zoomed })}
              ${iconButton('plus', keys.zoomIn, () => zoomBy(zoomStep), { id: 'zoom-in', hint: `${keys.zoomIn} (W)` })}
              ${iconButton('fit', keys.fit, () => glideTo(null), { id: 'zoom-fit', hint: `${keys.fit} (0)`, disabled: !zoomed })}
              ${quietButton(
                asTable.value ? 'chart' : 'table',
                asTable.value ? t.asChart : t.asTable,
                () => (asTable.value = !asTable.value),
                {
                  id: 'timeline-table',
                  pressed: asTable.value,
                },
              )}
            </div>
          </figcaption>
          <div class="chart" ?hidden=${tables !== null} tabindex="0" role="application" aria-roledescription=${t.role}
            aria-label=${t.label(lanes.length, current?.processes.list.length ?? 0)} aria-keyshortcuts="W S A D F 0">
            <div class="axis"><div class="gutter"></div><canvas class="ruler" aria-hidden="true"></canvas></div>
            <div id="gil-lane" hidden></div>
            <div class="lanes">
              <div class="lanes-inner">
                <ol class="names">
                  ${current ? shownRows().map((row) => rowHead(current, row)) : nothing}
                </ol>
                <div class="stage"><div class="window"><canvas class="rows" aria-hidden="true"></canvas><canvas class="overlay" aria-hidden="true"></canvas></div></div>
              </div>
            </div>
            ${rowCount() === 0 ? html`<div class="empty"><p>${t.empty}</p><p>${t.emptyHint}</p></div>` : nothing}
            <div class="tooltip" role="presentation" hidden></div>
          </div>
          ${
            tables && current
              ? tables.totalsTable(
                  current,
                  orderLanes(lanes),
                  range.value ?? { start: current.start, end: current.now },
                  range.value !== null,
                )
              : nothing
          }
          <div class="details">${details(lanes, coarse)}</div>
        </figure>
      `,
      root,
    );
    drawSwatches(root, dark.value);
    const inner = part('lanes-inner');
    inner.style.setProperty('--lane', `${height}px`);
    inner.style.height = `${rowCount() * height}px`;
    const visibleHeight = Math.min(rowCount() * height, tallest);
    part('lanes').style.height = `${visibleHeight}px`;
    if (scroll.value.height !== visibleHeight) scroll.value = { ...scroll.value, height: visibleHeight };
    if (!built) {
      built = true;
      build();
    }
  });

  /** What stands left of a row. */
  function rowHead(current: Moment, { lane, process }: Row) {
    if (process) {
      const fold = (isFolded: boolean) => (folded.value = new Map(folded.value).set(process.number, isFolded));
      return processesPart()?.processHead(current, process, lane !== null, fold) ?? html`<li></li>`;
    }
    const name = ownName(current, lane!.process, lane!.thread);
    return html`<li class=${Number.isNaN(lane!.end) && current.ending === null ? 'alive' : ''} title=${name}>
      <span class=${markClass(lane!.process, lane!.thread)}></span>${laneName(name, 7)}
    </li>`;
  }

  function usedCategories(): Category[] {
    const seen = moment()?.lanes.seen ?? 1;
    return categories.filter((category) => categoryOfState.some((each, state) => each === category && (seen >>> state) & 1));
  }

  /** The part of the lanes that is visible. */
  function viewport(): Viewport {
    return { rows: shownRows(), laneHeight: laneHeight(rowCount(), coarse), width: stageWidth.value, ...scroll.value };
  }

  function drawCharts(): void {
    drawAxis(part<HTMLCanvasElement>('ruler'), stageWidth.value);
    lanesChart.draw(part<HTMLCanvasElement>('rows'), viewport());
  }

  function drawOverlay(): void {
    overlayChart(part<HTMLCanvasElement>('overlay'), viewport(), hovered.value);
  }

  function showTooltip(at: { x: number; y: number } | null): void {
    const tooltip = part('tooltip');
    const found = at && hit(at.x, at.y);
    hovered.value = found && selectionOf(found);
    const current = moment();
    tooltip.hidden = !found || !current;
    if (!found || !at || !current) return;
    const { thread, what, more, duration } = describe(current, found);
    render(
      html`<strong>${what}</strong><span>${duration}</span>${more ? html`<span class="muted">${more}</span>` : nothing}<span class="muted">${thread}</span>`,
      tooltip,
    );
    const chart = part('chart').getBoundingClientRect();
    const stage = part('window').getBoundingClientRect();
    const box = tooltip.getBoundingClientRect();
    const x = Math.min(stage.left - chart.left + at.x + 14, chart.width - box.width - 6);
    const below = stage.top - chart.top + at.y + 18;
    const y = below + box.height > chart.height + 60 ? below - box.height - 30 : below;
    tooltip.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }

  function build(): void {
    const scroller = part('lanes');
    scroller.addEventListener('scroll', () => (scroll.value = { ...scroll.value, top: scroller.scrollTop }));
    new ResizeObserver(([entry]) => {
      const width = Math.floor(entry!.contentRect.width);
      if (width > 0 && width !== stageWidth.value) stageWidth.value = width;
    }).observe(part('stage'));
    attachGestures(part('window'), hit, showTooltip);
    const chart = part('chart');
    chart.addEventListener('keydown', (event) => {
      if (timelineKey(event, shownLanes()) === null) return;
      event.preventDefault();
      event.stopPropagation();
      const current = moment();
      const spot = spotOf(current, selected.value);
      if (!spot || !current) return;
      revealLane(spot.lane);
      const { thread, what, more, duration } = describe(current, spot);
      sayQuietly([thread, what, more, duration].filter(Boolean).join(', '));
    });
    drawWhenChanged(drawCharts);
    drawWhenChanged(drawOverlay);
    // A window moved to another screen may have another pixel ratio.
    window.addEventListener('resize', () => {
      invalidate(drawCharts);
      invalidate(drawOverlay);
    });
    effect(() => {
      void shownHeader.value;
      folded.value = new Map();
      hovered.value = null;
      part('tooltip').hidden = true;
    });
  }

  function revealLane(lane: Lane): void {
    const each = laneHeight(rowCount(), coarse);
    const scroller = part('lanes');
    const top = shownRows().findIndex((row) => row.lane === lane) * each; // the rows are of the same moment
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + each > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + each - scroller.clientHeight;
  }
}
