import type { HeaderSet } from './headers.ts';

/** Settings that outlive the service worker, which the browser ends at any time. */
export class Settings {
  readonly #cacheName: string;
  readonly #key = 'https://settings.invalid/headers';

  constructor(cacheName: string) {
    this.#cacheName = cacheName;
  }

  async headerSet(): Promise<HeaderSet | null> {
    const cache = await caches.open(this.#cacheName);
    return ((await (await cache.match(this.#key))?.text()) as HeaderSet | undefined) ?? null;
  }

  async setHeaderSet(set: HeaderSet): Promise<void> {
    const cache = await caches.open(this.#cacheName);
    await cache.put(this.#key, new Response(set));
  }
}
