import { signal } from '@preact/signals-core';

let underWay = 0;

/** The number of scripts that are being loaded is an attribute of the root element, for tests. */
export function countLoading(by: number): void {
  underWay += by;
  document.documentElement.dataset.loading = String(underWay);
}

/**
 * A script that is loaded on first use; null until it is there. Reading it subscribes, as reading a
 * signal does. After a failure the next read tries again.
 */
export function part<M>(load: () => Promise<M>): () => M | null {
  const loaded = signal<M | null>(null);
  let isLoading = false;
  return () => {
    if (!loaded.value && !isLoading) {
      isLoading = true;
      countLoading(1);
      void load()
        .then(
          (script) => (loaded.value = script),
          () => (isLoading = false),
        )
        .finally(() => countLoading(-1));
    }
    return loaded.value;
  };
}
