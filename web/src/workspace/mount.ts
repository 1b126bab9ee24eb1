import { effect, signal } from '@preact/signals-core';
import { countLoading } from '../app/part.ts';
import { moment, slowFrame } from '../app/state.ts';
import { loadStyle } from '../app/styles.ts';
import type { LazyView, View } from '../app/view.ts';

/** Whether a lazy view is needed; reads signals. */
function needOf({ when }: LazyView, root: HTMLElement): () => boolean {
  if (typeof when === 'function') return when;
  if (when === 'near') return nearness(root);
  return () => {
    void slowFrame.value;
    const seen = moment()?.seen;
    return seen !== undefined && when.some((kind) => seen.has(kind));
  };
}

/** Whether the reader has been near the element. */
function nearness(root: HTMLElement): () => boolean {
  const isNear = signal(false);
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      isNear.value = true;
      observer.disconnect();
    },
    { rootMargin: '600px' },
  );
  observer.observe(root);
  return () => isNear.value;
}

/** Loads and mounts the view once it is needed. If loading fails, the next change of its condition tries again. */
function mountLazily(view: LazyView, root: HTMLElement): void {
  const isNeeded = needOf(view, root);
  let loading = false;
  const dispose = effect(() => {
    if (!isNeeded() || loading) return;
    loading = true;
    countLoading(1);
    const { style = 'seldom' } = view;
    void Promise.all([view.load(), style !== 'none' && loadStyle(style)])
      .then(
        ([{ mount }]) => {
          dispose();
          mount(root);
        },
        () => (loading = false),
      )
      .finally(() => countLoading(-1));
  });
}

export function mountViews(views: readonly View[]): void {
  for (const view of views) {
    const root = document.getElementById(view.id)!;
    if ('load' in view) mountLazily(view, root);
    else view.mount(root);
  }
}
