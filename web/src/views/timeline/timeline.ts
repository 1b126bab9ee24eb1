import { effect, signal, untracked } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import { isForTimeline } from '../../app/commands.ts';
import { texts } from '../../app/i18n/index.ts';
import { drawWhenChanged, invalidate } from '../../app/scheduler.ts';
import { following, focus, frame, moment, phase, range, selected, shown, shownHeader, slowFrame, whole } from '../../app/state.ts';
import type { Moment } from '../../app/moment.ts';
import type { Selection } from '../../app/state.ts';
import type { Lane } from '../../folds/lanes.ts';
import { iconButton, quietButton } from '../kit/buttons.ts';
import { isCrowded } from '../kit/cores.ts';
import { onResize } from '../kit/on_resize.ts';
import { categories, categoryOfState } from '../kit/palette.ts';
import type { Category } from '../kit/palette.ts';
import { dark } from '../kit/theme.ts';
import { laneName, markClass, ownName } from '../kit/threads.ts';
import { drawAxis } from './axis_chart.ts';
import { LanesChart } from './lanes_chart.ts';
import type { Viewport } from './lanes_chart.ts';
import { laneHeight, orderLanes, outOfSight, pinnedTracks, placeRows, rowsOf, trackHeight, withTracks } from './layout.ts';
import type { PlacedRow, Row } from './layout.ts';
import { drawSwatches, legendFor } from './legend.ts';
import { overlayChart } from './overlay_chart.ts';
import type { Lanes } from './interaction.ts';
import { interact, interactionPart, processesPart, totalsPart, tracksPart } from './parts.ts';
import { spotOf } from '../kit/axis/spot.ts';
import { stageWidth } from '../kit/axis/window.ts';
import { offeredTracks } from '../kit/track.ts';
import type { Track } from '../kit/track.ts';

const asTable = signal(false);

/** Scroll position and height of the lanes' viewport, in CSS pixels. */
const scroll = signal({ top: 0, height: 0 });
const hovered = signal<Selection | null>(null);
/** Processes that the reader has folded into one row, or opened. */
const folded = signal<ReadonlyMap<number, boolean>>(new Map());

/** Marks of threads beside the name that they share. */
const mostMarks = 3;

/** Whichever comes first brings the script that acts on them. */
const first = ['pointerenter', 'pointerdown', 'focusin'];
const presses = ['pointerdown', 'pointermove', 'pointerup', 'pointercancel'];

export function mount(root: HTMLElement): void {
  const coarse = matchMedia('(pointer: coarse)').matches;
  let rows: Row[] = [];
  /** What the rows were made of. */
  let of: readonly unknown[] = [];
  /** Height that is kept while a new run has not made its threads yet, in CSS pixels: the picture must not jump. */
  let reserved = 0;
  let built = false;
  let isInteractive = false;
  const lanesChart = new LanesChart();

  /** What lays out a run of several processes. */
  const layoutOfProcesses = (current: Moment) => (current.processes.areSeveral ? processesPart() : null);

  const makeRows = (current: Moment): Row[] => {
    const { lanes, processes } = current;
    const nameOf = (process: number, thread: number) => ownName(current, process, thread);
    // Until their script has come there are none, lest they move when it does.
    if (processes.areSeveral) return layoutOfProcesses(current)?.rowsOfProcesses(lanes.list, processes, folded.value, nameOf) ?? [];
    return rowsOf(lanes.list, nameOf);
  };

  const shownRows = (): Row[] => {
    const current = whole();
    const now = [current, current?.index, folded.value, current && layoutOfProcesses(current)];
    if (now.some((each, place) => each !== of[place])) {
      rows = current ? makeRows(current) : [];
      of = now;
    }
    return rows;
  };

  /** What is left for the lanes while no track is out of sight. */
  const roomForLanes = () => scroll.value.height - tracks(false).reduce((sum, track) => sum + trackHeight(track), 0);

  const eachHeight = () => laneHeight(shownRows().length, coarse, roomForLanes());

  const tracks = (isPinned: boolean): Track[] => offeredTracks().filter(({ name }) => pinnedTracks.value.has(name) === isPinned);

  /** All that lies below the axis, from top to bottom. */
  const placed = (): PlacedRow[] => {
    const current = whole();
    if (!current) return [];
    const below = layoutOfProcesses(current)?.withTracksOfProcesses(shownRows(), tracks(false), current.processes);
    return placeRows(below ?? withTracks(shownRows(), tracks(false)), eachHeight());
  };

  const heightOf = (all: readonly PlacedRow[]) => (all.length > 0 ? all.at(-1)!.top + all.at(-1)!.height : 0);

  const part = <E extends HTMLElement>(name: string) => root.querySelector<E>(`.${name}`)!;

  // --- what lit-html draws: frame, names, legend, details

  drawWhenChanged(() => {
    const { timeline: t, commands: keys } = texts();
    const current = whole();
    void slowFrame.value;
    const all = placed();
    if (phase.value === 'idle') reserved = heightOf(all);
    const lanes = current?.lanes.list ?? [];
    const shownTracks = offeredTracks().length > 0 ? tracksPart() : null;
    const zoomed = shown.value !== null;
    const tables = asTable.value ? totalsPart() : null;
    const tabled = tables && moment();
    render(
      html`
        <figure class="panel timeline" aria-labelledby="timeline-title">
          <figcaption class="panel-head">
            <h2 id="timeline-title">${t.title}</h2>
            ${legendFor(usedCategories(), current !== null && isCrowded(current))}
            <div class="tools">
              ${
                phase.value === 'running' && zoomed
                  ? quietButton('end', t.follow, () => (following.value = !following.value), { pressed: following.value })
                  : nothing
              }
              ${iconButton('minus', keys.zoomOut, () => void interact(({ zoomBy, zoomStep }) => zoomBy(1 / zoomStep)), { id: 'zoom-out', hint: `${keys.zoomOut} (S)`, disabled: !zoomed })}
              ${iconButton('plus', keys.zoomIn, () => void interact(({ zoomBy, zoomStep }) => zoomBy(zoomStep)), { id: 'zoom-in', hint: `${keys.zoomIn} (W)` })}
              ${iconButton('fit', keys.fit, () => void interact(({ glideTo }) => glideTo(null)), { id: 'zoom-fit', hint: `${keys.fit} (0)`, disabled: !zoomed })}
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
            <div class="pinned">${shownTracks && tracks(true).map((track) => shownTracks.trackRow(track, null))}</div>
            <div class="lanes-frame">
              <div class="lanes">
                <div class="lanes-inner">
                  <ol class="names">
                    ${current ? all.filter(({ track }) => !track).map((row) => rowHead(current, row)) : nothing}
                  </ol>
                  <div class="lanes-stage"><div class="window"><canvas class="rows" aria-hidden="true"></canvas><canvas class="overlay" aria-hidden="true"></canvas></div></div>
                  ${shownTracks && all.map(({ track, top }) => track && shownTracks.trackRow(track, top))}
                </div>
              </div>
              <button type="button" class="cue cue-above" tabindex="-1" hidden @click=${() => scrollLanes(-1)}></button>
              <button type="button" class="cue cue-below" tabindex="-1" hidden @click=${() => scrollLanes(1)}></button>
            </div>
            <div class="overview"></div>
            ${all.length + reserved === 0 ? html`<div class="empty"><p>${t.empty}</p><p>${t.emptyHint}</p></div>` : nothing}
            <div class="tooltip" role="presentation" hidden></div>
          </div>
          ${
            tabled
              ? tables.totalsTable(
                  tabled,
                  orderLanes(tabled.lanes.list),
                  range.value ?? { start: tabled.start, end: tabled.now },
                  range.value !== null,
                )
              : nothing
          }
          <div class="details">${detailsOf(lanes)}</div>
        </figure>
      `,
      root,
    );
    drawSwatches(root, dark.value);
    const inner = part('lanes-inner');
    inner.style.setProperty('--lane', `${eachHeight()}px`);
    inner.style.height = `${Math.max(heightOf(all), reserved)}px`;
    if (isInteractive) void interact(({ attachTracks }) => attachTracks(root));
    // Those that have just come have not been drawn: signals tell whoever draws them before their rows are there.
    if (shownTracks) invalidate(drawTracks);
    if (!built) {
      built = true;
      build();
    }
  });

  /** The line below the lanes: what is measured or selected, else a hint. */
  function detailsOf(lanes: readonly Lane[]) {
    if (range.value || selected.value || focus.value.index !== null) return interactionPart()?.details(lanes) ?? nothing;
    const t = texts().timeline;
    return whole() ? html`<p class="muted hint">${coarse ? t.hintTouch : t.hint}</p>` : nothing;
  }

  /** What stands left of a row. */
  function rowHead(current: Moment, { lanes, process, top }: PlacedRow) {
    if (process) {
      const fold = (isFolded: boolean) => (folded.value = new Map(folded.value).set(process.number, isFolded));
      return processesPart()?.processHead(current, process, lanes.length > 0, top, fold) ?? html`<li></li>`;
    }
    const { process: of, thread, end } = lanes.at(-1)!;
    const name = ownName(current, of, thread);
    return html`<li class=${Number.isNaN(end) && current.ending === null ? 'alive' : ''} title=${name} .style=${`top:${top}px`}>
      ${lanes.slice(0, mostMarks).map((lane) => html`<span class=${markClass(lane.process, lane.thread)}></span>`)}${laneName(name, 7)}
    </li>`;
  }

  function usedCategories(): Category[] {
    const seen = whole()?.lanes.seen ?? 1;
    return categories.filter((category) => categoryOfState.some((each, state) => each === category && (seen >>> state) & 1));
  }

  /** The part of the lanes that is visible. */
  function viewport(): Viewport {
    const rows = placed();
    const { top, height } = scroll.value;
    return { rows, width: stageWidth.value, top, height: Math.min(height, Math.max(heightOf(rows), reserved)) };
  }

  function drawCharts(): void {
    drawAxis(part<HTMLCanvasElement>('ruler'), stageWidth.value);
    lanesChart.draw(part<HTMLCanvasElement>('rows'), viewport());
  }

  function drawTracks(): void {
    void frame.value;
    void slowFrame.value;
    const all = offeredTracks();
    if (all.length > 0) tracksPart()?.drawTracks(root, all);
  }

  function drawOverlay(): void {
    overlayChart(part<HTMLCanvasElement>('overlay'), viewport(), hovered.value);
  }

  const view: Lanes = {
    root,
    rows: placed,
    top: () => scroll.value.top,
    hover: (selection) => (hovered.value = selection),
    reveal: revealLane,
  };

  /** The first pointer or focus on the timeline brings what it takes to act on it, and what the pointer does until then. */
  function listenForInteraction(): void {
    const missed: Event[] = [];
    const keep = (event: Event) => missed.push(event);
    const begin = (event: Event) => {
      for (const type of first) root.removeEventListener(type, begin, true);
      for (const type of presses) root.addEventListener(type, keep, true);
      if (event.type === presses[0]) keep(event);
      void interact(({ attachLanes, attachTracks, repeat }) => {
        for (const type of presses) root.removeEventListener(type, keep, true);
        attachLanes(view);
        attachTracks(root);
        isInteractive = true;
        repeat(missed);
      });
    };
    for (const type of first) root.addEventListener(type, begin, true);
  }

  function build(): void {
    const scroller = part('lanes');
    scroller.addEventListener('scroll', () => (scroll.value = { ...scroll.value, top: scroller.scrollTop }));
    onResize(part('lanes-stage'), (entry) => {
      const width = Math.floor(entry.contentRect.width);
      if (width > 0 && width !== stageWidth.value) stageWidth.value = width;
    });
    onResize(scroller, () => (scroll.value = { top: scroller.scrollTop, height: scroller.clientHeight }));
    listenForInteraction();
    const chart = part('chart');
    chart.addEventListener('keydown', (event) => {
      // The space bar presses the buttons within. Esc stops a run first; with nothing selected it is not the timeline's either.
      const isIdle = !selected.value && !range.value && focus.value.index === null;
      if (!isForTimeline(event) || (event.key === ' ' && event.target !== chart) || (event.key === 'Escape' && isIdle)) return;
      event.preventDefault();
      event.stopPropagation();
      void interact(({ press }) => press(view, event));
    });
    drawWhenChanged(drawCharts);
    drawWhenChanged(drawOverlay);
    drawWhenChanged(drawTracks);
    drawWhenChanged(drawCues);
    // A window moved to another screen may have another pixel ratio.
    window.addEventListener('resize', () => {
      invalidate(drawCharts);
      invalidate(drawOverlay);
    });
    effect(() => {
      const selection = selected.value;
      const spot = selection && untracked(() => spotOf(whole(), selection));
      if (spot) requestAnimationFrame(() => revealLane(spot.lane));
    });
    effect(() => {
      void shownHeader.value;
      folded.value = new Map();
      hovered.value = null;
      part('tooltip').hidden = true;
    });
  }

  function revealLane(lane: Lane): void {
    const scroller = part('lanes');
    const row = placed().find((each) => each.lanes.includes(lane)); // the rows are of the same moment
    if (!row) return;
    const { top, height } = row;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + height > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + height - scroller.clientHeight;
  }

  /** What lies out of sight is said where it would go on. */
  function drawCues(): void {
    void slowFrame.value;
    const t = texts().timeline;
    const { top, height } = scroll.value;
    const hidden = outOfSight(placed(), top, height);
    for (const side of ['above', 'below'] as const) {
      const { lanes, tracks: others } = hidden[side];
      const cue = part(`cue-${side}`);
      cue.hidden = lanes + others === 0 || height === 0;
      cue.textContent = `${side === 'above' ? '↑' : '↓'} ${t.hidden(lanes, others)}`;
    }
  }

  function scrollLanes(by: 1 | -1): void {
    const scroller = part('lanes');
    scroller.scrollTop += by * Math.max(40, scroller.clientHeight - 40);
  }
}
