import { effect, signal } from '@preact/signals-core';
import { assets } from '../../app/assets.ts';
import { moment, slowFrame } from '../../app/state.ts';
import type { Kind } from '../../trace/kinds.ts';

let style: Promise<void> | null = null;
let underWay = 0;

/** The number of views being loaded is an attribute of the root element, for tests. */
function count(by: number): void {
  underWay += by;
  document.documentElement.dataset.loading = String(underWay);
}

/** Loads the style sheet of the views that are loaded later, once. */
function loadStyle(): Promise<void> {
  style ??= new Promise((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = assets.laterStyle;
    link.onload = () => resolve();
    link.onerror = () => {
      style = null;
      link.remove();
      reject(new Error('no style sheet'));
    };
    document.head.append(link);
  });
  return style;
}

/**
 * Mounts a view, whose script is loaded once `isWanted` says so; it may read signals. Without a connection just then,
 * the next change tries again.
 */
export function mountWhen<E extends HTMLElement>(
  id: string, isWanted: () => boolean, load: () => Promise<(root: E) => void>, style = loadStyle,
): void {
  let loading = false;
  const dispose = effect(() => {
    if (!isWanted() || loading) return;
    loading = true;
    count(1);
    void Promise.all([load(), style()]).then(
      ([mount]) => {
        dispose();
        mount(document.getElementById(id) as E);
      },
      () => (loading = false),
    ).finally(() => count(-1));
  });
}

/** Mounts a view once the reader gets near it. */
export function mountNear(id: string, load: () => Promise<(root: HTMLElement) => void>): void {
  const isNear = signal(false);
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      isNear.value = true;
      observer.disconnect();
    },
    { rootMargin: '600px' },
  );
  observer.observe(document.getElementById(id)!);
  mountWhen(id, () => isNear.value, load);
}

/** Mounts a view once the run on the page has records of one of these kinds. */
export function mountLater(id: string, kinds: readonly Kind[], load: () => Promise<(root: HTMLElement) => void>, style = loadStyle): void {
  mountWhen(id, () => {
    void slowFrame.value;
    const seen = moment()?.seen;
    return seen !== undefined && kinds.some((kind) => seen.has(kind));
  }, load, style);
}
