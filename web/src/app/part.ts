import { signal } from '@preact/signals-core';

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
      void load().then(
        (script) => (loaded.value = script),
        () => (isLoading = false),
      );
    }
    return loaded.value;
  };
}
