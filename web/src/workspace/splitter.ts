import type { Pane } from './panes.ts';

/** An arrow key moves a bar so far, and with Shift so many times that. */
const step = 16;
const stride = 4;

/** A pointer that moves less than this clicks. */
const slack = 3;

function resize(pane: Pane, size: number): void {
  // At half its least size the pane is gone, as a drawer that is pushed in.
  const isFolded = size < pane.least / 2;
  pane.isFolded.value = isFolded;
  if (!isFolded) pane.size.value = Math.round(Math.max(pane.least, Math.min(pane.most, size)));
}

const sizeOf = (pane: Pane) => (pane.isFolded.value ? 0 : pane.size.value);

/** The bar moves this way as the pane grows. */
const signOf = ({ name }: Pane) => (name === 'left' ? 1 : -1);

function listenToPointer(pane: Pane, bar: HTMLElement): void {
  let drag: { at: number; size: number; moved: boolean } | null = null;
  const placeOf = (event: PointerEvent) => (pane.isUpright ? event.clientX : event.clientY);
  bar.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    drag = { at: placeOf(event), size: sizeOf(pane), moved: false };
    bar.setPointerCapture(event.pointerId);
  });
  bar.addEventListener('pointermove', (event) => {
    if (!drag) return;
    const by = placeOf(event) - drag.at;
    if (Math.abs(by) > slack) drag.moved = true;
    if (drag.moved) resize(pane, drag.size + by * signOf(pane));
  });
  const lift = () => {
    // A pane that is folded is unfolded with a click.
    if (drag && !drag.moved && pane.isFolded.value) pane.isFolded.value = false;
    if (drag) pane.keep();
    drag = null;
  };
  bar.addEventListener('pointerup', lift);
  bar.addEventListener('pointercancel', lift);
  bar.addEventListener('dblclick', () => pane.fold(true));
}

function onKey(pane: Pane, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const size = sizeOf(pane);
  const [back, forth] = pane.isUpright ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  const by = step * (event.shiftKey ? stride : 1) * signOf(pane) * (event.key === back ? -1 : 1);
  if (event.key === back || event.key === forth) {
    // From folded it is at its least at once, and the other way round.
    if (size === 0) resize(pane, by > 0 ? pane.least : 0);
    else resize(pane, size === pane.least && by < 0 ? 0 : Math.max(pane.least, size + by));
  } else if (event.key === 'Home') {
    resize(pane, pane.least);
  } else if (event.key === 'End') {
    resize(pane, pane.most);
  } else if (event.key === 'Enter') {
    pane.isFolded.value = !pane.isFolded.value;
  } else {
    return;
  }
  event.preventDefault();
  pane.keep();
}

/** Lets a bar resize and fold its pane: loaded when it is first pointed at, or gets the focus. */
export function listen(pane: Pane, bar: HTMLElement): void {
  listenToPointer(pane, bar);
  bar.addEventListener('keydown', (event) => onKey(pane, event));
}
