import { signal } from '@preact/signals-core';

const part = signal<typeof import('./tasks_painter.ts') | null>(null);
let isLoading = false;

/** What draws tasks and names them: loaded when there is one to draw; what has asked is drawn again then. */
export function tasksPart() {
  if (!part.value && !isLoading) {
    isLoading = true;
    void import('./tasks_painter.ts').then(
      (module) => (part.value = module),
      () => (isLoading = false), // the next frame tries again
    );
  }
  return part.value;
}
