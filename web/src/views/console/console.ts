import { signal } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import { formatInteger } from '../../app/format.ts';
import { language, texts } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { frame, moment, slowFrame } from '../../app/state.ts';
import { iconButton } from '../kit/buttons.ts';
import { onResize } from '../kit/on_resize.ts';
import { markClass, threadName, threadShortName } from '../kit/threads.ts';
import { FilteredLines, visibleRows } from './lines.ts';

const rowHeight = 22;
/** Browsers stop laying out at some tens of millions of pixels. */
const tallestList = 15_000_000;

const filter = signal('');
/** Whether the list follows its end; scrolling up ends that. */
const tailing = signal(true);

/** Loaded when the pointer or the focus comes near: a browser lends the clipboard for a moment only. */
const copying = () => import('./copy_lines.ts');

/** What the run prints: a virtual list, with elements for the visible rows only. */
export function mount(root: HTMLElement): void {
  let filtered: { run: unknown; needle: string; lines: FilteredLines } | null = null;
  const rows: HTMLElement[] = [];

  const lines = (): FilteredLines | null => {
    const current = moment();
    if (!current) return null;
    if (filtered?.run !== current.header || filtered.needle !== filter.value) {
      filtered = { run: current.header, needle: filter.value, lines: new FilteredLines(filter.value) };
    }
    return filtered.lines;
  };

  async function copyAll(): Promise<void> {
    const { copyLines } = await copying();
    const current = moment();
    const found = lines();
    if (current && found) await copyLines(current.console, found);
  }

  drawWhenChanged(() => {
    const t = texts().console;
    void slowFrame.value;
    const printed = moment()?.console;
    const all = printed?.length ?? 0;
    const found = printed ? lines()!.count(printed) : 0;
    const text = (value: number) => formatInteger(value, language.value);
    render(
      html`
        <section class="panel console" aria-labelledby="console-title">
          <div class="panel-head">
            <h2 id="console-title">${t.title}</h2>
            <span class="count">${filter.value ? t.found(text(found), text(all)) : all > 0 ? t.lines(all, text(all)) : nothing}</span>
            <input class="filter" type="search" id="console-filter" placeholder=${t.filter} aria-label=${t.filterLabel} autocomplete="off" spellcheck="false"
              .value=${filter.value} @input=${(event: InputEvent) => (filter.value = (event.target as HTMLInputElement).value)} />
            <div class="tools" @pointerover=${copying} @focusin=${copying}>
              ${iconButton('end', t.follow, () => (tailing.value = !tailing.value), { id: 'console-follow', pressed: tailing.value })}
              ${iconButton('copy', t.copy, () => void copyAll(), { id: 'console-copy', disabled: found === 0 })}
            </div>
          </div>
          <div class="console-body" tabindex="0" role="log" aria-live="off" aria-label=${t.label}>
            <div class="console-space"></div>
          </div>
          ${
            all === 0
              ? html`<div class="empty over"><p>${t.empty}</p><p>${t.emptyHint}</p></div>`
              : found === 0
                ? html`<div class="empty over"><p>${t.none}</p></div>`
                : nothing
          }
        </section>
      `,
      root,
    );
  });

  const body = root.querySelector<HTMLElement>('.console-body')!;
  const space = root.querySelector<HTMLElement>('.console-space')!;
  const scrolled = signal({ top: 0, height: body.clientHeight });
  /** Scrolling that the page did itself must not be taken for the reader's. */
  let ownScroll: number | null = null;

  space.addEventListener('click', ({ target }) => {
    const line = (target as Element).closest<HTMLElement>('.line')?.dataset.line;
    // Who selects text does not click.
    if (!line || getSelection()?.type === 'Range') return;
    void import('../../app/travel.ts').then(({ moveToRecord }) => moveToRecord(moment()!.console.records.at(+line)));
  });
  body.addEventListener('scroll', () => {
    if (ownScroll === null || Math.abs(body.scrollTop - ownScroll) > 1) {
      tailing.value = body.scrollTop + body.clientHeight >= body.scrollHeight - rowHeight / 2;
    }
    ownScroll = null;
    scrolled.value = { top: body.scrollTop, height: body.clientHeight };
  });
  onResize(body, () => (scrolled.value = { top: body.scrollTop, height: body.clientHeight }));

  drawWhenChanged(() => {
    void frame.value;
    const t = texts().console;
    const current = moment();
    const found = lines();
    const count = Math.min(current && found ? found.count(current.console) : 0, Math.floor(tallestList / rowHeight));
    space.style.height = `${count * rowHeight}px`;
    let { top } = scrolled.value;
    const { height } = scrolled.value;
    if (tailing.value) {
      top = Math.max(0, count * rowHeight - height);
      if (Math.abs(body.scrollTop - top) > 1) {
        ownScroll = top;
        body.scrollTop = top;
      }
    }
    const { first, last } = visibleRows(top, height, rowHeight, count);
    while (rows.length < last - first) {
      const row = document.createElement('div');
      row.className = 'line';
      row.append(
        ...['line-time', 'mark', 'line-thread', 'line-text'].map((name) => {
          const part = document.createElement('span');
          part.className = name;
          return part;
        }),
      );
      rows.push(row);
      space.append(row);
    }
    while (rows.length > last - first) rows.pop()!.remove();
    if (!current || !found) return;
    const { times, processes, threads, errors, texts: printed } = current.console;
    rows.forEach((row, place) => {
      const line = found.at(first + place);
      const [time, mark, thread, text] = row.children as unknown as [HTMLElement, HTMLElement, HTMLElement, HTMLElement];
      const [process, number] = [processes.at(line), threads.at(line)];
      row.dataset.line = String(line);
      row.style.transform = `translateY(${(first + place) * rowHeight}px)`;
      row.classList.toggle('line-error', errors.at(line) === 1);
      row.title = errors.at(line) === 1 ? t.error : '';
      time.textContent = `${((times.at(line) - current.start) / 1e6).toFixed(1)} ms`;
      mark.className = markClass(process, number);
      thread.textContent = threadShortName(current, process, number);
      thread.title = threadName(current, process, number);
      text.textContent = printed.at(line)!;
    });
  });
}
