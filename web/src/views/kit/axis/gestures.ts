import { whole, pointed, range, selected } from '../../../app/state.ts';
import type { Focus, Span } from '../../../app/state.ts';
import { moveToTime, pause } from '../../../app/travel.ts';
import { enterWindow } from './crumbs.ts';
import { cancelGlide } from './glide.ts';
import { around, pan, toTime, zoom } from './scale.ts';
import { boundsOf, selectionOf } from './spot.ts';
import type { Spot } from './spot.ts';
import { limits, show, shownSpan } from './window.ts';

/** What lies under a point of the lanes, in CSS pixels of the element. */
export type Hit = (x: number, y: number) => Spot | null;

/** What the focus goes to with a click at a time, beside that time. */
export type FocusAt = (time: number, found: Spot | null) => Partial<Focus>;

/** A pointer that moves less than this clicks; it does not drag. */
const slack = 4;

function capture(element: Element, { pointerId }: PointerEvent): void {
  try {
    element.setPointerCapture(pointerId);
  } catch {
    // A press that is repeated may be over.
  }
}

interface Drag {
  kind: 'measure' | 'pan';
  x: number;
  y: number;
  from: Span;
  moved: boolean;
}

/**
 * Pointer and wheel on a stretch of the time axis: drag measures, Shift or the middle button pans, Ctrl + wheel and
 * two fingers zoom, and the plain wheel is left to the page. A click moves the focus.
 */
export function attachGestures(
  element: HTMLElement,
  hit: Hit | null,
  hover: (at: { x: number; y: number } | null) => void,
  focusAt: FocusAt,
): void {
  const fingers = new Map<number, { x: number; y: number }>();
  let drag: Drag | null = null;
  let pinch: { from: Span; times: [number, number] } | null = null;

  const twoFingers = () => {
    const [one, other] = fingers.values();
    return [one!, other!] as const;
  };

  const place = (event: MouseEvent) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top, width: box.width };
  };

  element.addEventListener(
    'wheel',
    (event) => {
      const { x, width } = place(event);
      const span = shownSpan();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        cancelGlide();
        const factor = Math.exp(-event.deltaY * lines * 0.0025 * (Math.abs(event.deltaY) < 40 ? 3 : 1));
        show(zoom(span, toTime(x, span, width), factor, limits()));
        return;
      }
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        cancelGlide();
        show(pan(span, (sideways * lines * (span.end - span.start)) / width, limits()));
      }
    },
    { passive: false },
  );

  const onDown = (event: PointerEvent) => {
    const at = place(event);
    if (event.pointerType === 'touch') {
      fingers.set(event.pointerId, at);
      if (fingers.size === 2) {
        const span = shownSpan();
        const [one, other] = twoFingers();
        pinch = { from: span, times: [toTime(one.x, span, at.width), toTime(other.x, span, at.width)] };
        drag = null;
        return;
      }
    } else if (event.button > 1) {
      return;
    }
    cancelGlide();
    const kind = event.shiftKey || event.button === 1 || event.pointerType === 'touch' ? 'pan' : 'measure';
    if (event.button === 1) event.preventDefault();
    drag = { kind, x: at.x, y: at.y, from: shownSpan(), moved: false };
    capture(element, event);
  };
  element.addEventListener('pointerdown', onDown);

  element.addEventListener('pointermove', (event) => {
    const at = place(event);
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, at);
    if (pinch && fingers.size === 2) {
      const [one, other] = twoFingers();
      const distance = other.x - one.x;
      if (Math.abs(distance) < 12) return;
      // The two moments stay under the two fingers.
      const perPixel = (pinch.times[1] - pinch.times[0]) / distance;
      if (perPixel <= 0) return;
      const { start, end } = limits();
      const length = Math.min(end - start, perPixel * at.width);
      const left = pinch.times[0] - one.x * perPixel;
      show(length >= end - start ? null : pan({ start: left, end: left + length }, 0, { start, end }));
      return;
    }
    if (!drag) {
      pointed.value = toTime(at.x, shownSpan(), at.width);
      hover(at);
      return;
    }
    if (Math.abs(at.x - drag.x) > slack) drag.moved = true;
    if (!drag.moved) return;
    hover(null);
    const span = drag.from;
    if (drag.kind === 'pan') {
      const whole = limits();
      if (span.end - span.start < whole.end - whole.start) {
        show(pan(span, ((drag.x - at.x) * (span.end - span.start)) / at.width, whole));
      }
    } else {
      const x = Math.max(0, Math.min(at.width, at.x));
      const [from, to] = [toTime(drag.x, span, at.width), toTime(x, span, at.width)].sort((a, b) => a - b) as [number, number];
      selected.value = null;
      range.value = { start: from, end: to };
    }
  });

  const lift = (event: PointerEvent) => {
    const at = place(event);
    fingers.delete(event.pointerId);
    if (fingers.size < 2) pinch = null;
    if (event.type === 'pointerup' && drag && !drag.moved) {
      range.value = null;
      const found = hit?.(at.x, at.y);
      const time = toTime(at.x, shownSpan(), at.width);
      pause();
      selected.value = found ? selectionOf(found) : null;
      moveToTime(time, focusAt(time, found ?? null));
      if (event.pointerType === 'touch') hover(null);
    }
    drag = null;
  };
  element.addEventListener('pointerup', lift);
  element.addEventListener('pointercancel', lift);

  element.addEventListener('pointerleave', () => {
    pointed.value = null;
    hover(null);
  });

  element.addEventListener('dblclick', (event) => {
    const at = place(event);
    const found = hit?.(at.x, at.y);
    const of = whole();
    if (!found || !of) {
      enterWindow(null);
      return;
    }
    const bounds = boundsOf(found, of.now);
    enterWindow(around(bounds.start, bounds.end, limits()));
  });
}

/** A drag along the axis moves the focus, and everything with it. */
export function attachScrubbing(element: HTMLElement): void {
  let isDown = false;
  const move = (event: PointerEvent) => {
    const box = element.getBoundingClientRect();
    moveToTime(toTime(Math.max(0, Math.min(box.width, event.clientX - box.left)), shownSpan(), box.width));
  };
  const onDown = (event: PointerEvent) => {
    if (event.button > 0) return;
    isDown = true;
    pause();
    move(event);
    capture(element, event);
  };
  const lift = () => (isDown = false);
  element.style.touchAction = 'none';
  element.style.cursor = 'ew-resize';
  element.addEventListener('pointerdown', onDown);
  element.addEventListener('pointermove', (event) => isDown && move(event));
  element.addEventListener('pointerup', lift);
  element.addEventListener('pointercancel', lift);
}
