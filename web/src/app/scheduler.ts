import { effect } from '@preact/signals-core';

/**
 * One animation frame for the whole page: first the tickers (a live run reads its rings), then whatever the changed
 * signals made stale is drawn once. Nothing runs while nothing changes.
 */

const stale = new Set<() => void>();
const tickers = new Set<() => void>();
let requested = false;

function request(): void {
  if (requested) return;
  requested = true;
  requestAnimationFrame(() => {
    requested = false;
    for (const tick of tickers) tick();
    const drawings = [...stale];
    stale.clear();
    for (const draw of drawings) draw();
    if (tickers.size > 0) request();
  });
}

export function invalidate(draw: () => void): void {
  stale.add(draw);
  request();
}

/** Calls `tick` on every frame until the returned function is called. */
export function onEveryFrame(tick: () => void): () => void {
  tickers.add(tick);
  request();
  return () => tickers.delete(tick);
}

/** Draws now, and once in the next frame whenever a signal read while drawing has changed. */
export function drawWhenChanged(draw: () => void): void {
  let dispose = () => {};
  const redraw = () => {
    dispose();
    let drawn = false;
    dispose = effect(() => {
      if (drawn) {
        invalidate(redraw);
      } else {
        drawn = true;
        draw();
      }
    });
  };
  redraw();
}
