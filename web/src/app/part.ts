import { signal } from '@preact/signals-core';

/**
 * A script that is loaded when it is first asked for; null until it is there. Whoever has asked is told then, as by a
 * signal, and without a connection the next question tries again.
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
