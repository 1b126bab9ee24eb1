import { signal } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import { formatInteger } from '../../app/format.ts';
import { inLanguage, language } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { demo, frame, moment, phase, shownHeader, slowFrame } from '../../app/state.ts';
import { Images } from '../../folds/images.ts';
import type { Picture } from '../../folds/images.ts';
import { dark } from '../kit/theme.ts';
import { threadLabel } from '../kit/threads.ts';
import { imageTexts } from './texts.ts';
import { tilePixels, tintOf } from './tint.ts';

const tinted = signal(true);

/** The images that the run draws, tile by tile as they arrive. */
export function mount(root: HTMLElement): void {
  /** Demos that draw: their panel stays while a new run has not drawn anything yet. */
  const drawing = new Map<string, Picture>();
  let drawn = { tiles: 0, look: '' };

  const picture = () => moment()?.fold(Images).pictures.at(-1) ?? null;

  drawWhenChanged(() => {
    const t = inLanguage(imageTexts);
    void slowFrame.value;
    const current = moment();
    const id = demo.value?.id ?? '';
    const shown = picture();
    if (shown) drawing.set(id, shown);
    else if (phase.value === 'idle' && current) drawing.delete(id);
    const size = shown ?? drawing.get(id);
    root.hidden = !size;
    if (!size) {
      render(nothing, root);
      drawn = { tiles: 0, look: '' };
      return;
    }
    const counts = new Map<string, { process: number; thread: number; tiles: number }>();
    for (const { process, thread } of shown?.tiles ?? []) {
      const key = `${process}/${thread}`;
      const count = counts.get(key);
      if (count) count.tiles += 1;
      else counts.set(key, { process, thread, tiles: 1 });
    }
    const legend = [...counts.values()].sort((a, b) => a.process - b.process || a.thread - b.thread);
    render(
      html`
        <figure class="panel image" aria-labelledby="image-title">
          <figcaption class="panel-head">
            <h2 id="image-title">${t.title}</h2>
            <label class="switch small">
              <input type="checkbox" role="switch" .checked=${tinted.value} @change=${(event: Event) => (tinted.value = (event.target as HTMLInputElement).checked)} />
              <span class="switch-track" aria-hidden="true"></span><span>${t.tint}</span>
            </label>
          </figcaption>
          <div class="picture"><canvas width=${size.width} height=${size.height} role="img" aria-label=${t.label(shown?.tiles.length ?? 0, size.width, size.height)}></canvas></div>
          <ul class="legend picture-legend">
            ${
              current && legend.length > 0
                ? legend.map(
                    ({ process, thread, tiles }) => html`<li>${threadLabel(current, process, thread)}
                    <span class="muted">${t.tiles(tiles, formatInteger(tiles, language.value))}</span></li>`,
                  )
                : html`<li class="muted">${t.empty}</li>`
            }
          </ul>
        </figure>
      `,
      root,
    );
    draw();
  });

  function draw(): void {
    const canvas = root.querySelector('canvas');
    const shown = picture();
    if (!canvas) return;
    const context = canvas.getContext('2d')!;
    const look = `${shownHeader.value?.date} ${shown?.place} ${tinted.value} ${dark.value}`;
    // The tiles of an earlier moment are the first of those that are drawn.
    if (drawn.look !== look || drawn.tiles > (shown?.tiles.length ?? 0)) {
      context.clearRect(0, 0, canvas.width, canvas.height);
      drawn = { tiles: 0, look };
    }
    for (; drawn.tiles < (shown?.tiles.length ?? 0); drawn.tiles += 1) {
      const tile = shown!.tiles.at(drawn.tiles)!;
      const tint = tinted.value ? tintOf(tile.process, tile.thread) : null;
      context.putImageData(new ImageData(tilePixels(tile.pixels, tint), tile.width, tile.height), tile.x, tile.y);
    }
  }

  drawWhenChanged(() => {
    void frame.value;
    void tinted.value;
    void dark.value;
    draw();
  });
}
