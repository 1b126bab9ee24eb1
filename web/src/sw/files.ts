const keptBuilds = 2;

/**
 * The page's files, by build. Files of different builds must not be mixed: a page that began with one build
 * keeps it even after another was deployed, so the previous build is kept.
 */
export class Files {
  readonly #scope: string;
  readonly #build: string;
  readonly #paths: readonly string[];

  /** `paths` are relative to the scope; '' is the page itself. */
  constructor(scope: string, build: string, paths: readonly string[]) {
    this.#scope = scope;
    this.#build = build;
    this.#paths = paths;
  }

  /** Fetches and stores the missing files; those that fail are left for the next time. */
  async keep(): Promise<void> {
    const cache = await this.#open();
    const kept = new Set((await cache.keys()).map(({ url }) => url));
    await Promise.allSettled(
      this.#urls()
        .filter((url) => !kept.has(url))
        .map((url) => cache.add(new Request(url, { cache: 'no-cache' }))),
    );
  }

  /** Forgets builds that nobody uses any more. */
  async forgetOld(): Promise<void> {
    const names = await this.#names();
    const others = names.filter((name) => name !== this.#name);
    const old = others.slice(0, Math.max(0, others.length - (keptBuilds - 1)));
    await Promise.all(old.map((name) => caches.delete(name)));
  }

  /** The page: what the server has now, or without a network what is stored. */
  async page(request: Request): Promise<Response> {
    try {
      return await fetch(request);
    } catch (error) {
      const cache = await this.#open();
      const stored =
        (await cache.match(request, { ignoreVary: true, ignoreSearch: true })) ?? (await cache.match(this.#scope, { ignoreVary: true }));
      if (stored) return stored;
      throw error;
    }
  }

  /** Any other file: stored, or else the server's, or else one of the build before. */
  async file(request: Request): Promise<Response> {
    const stored = await (await this.#open()).match(request, { ignoreVary: true });
    if (stored) return stored;
    let fetched: Response | null = null;
    let failure: unknown;
    try {
      fetched = await fetch(request);
      if (fetched.ok || fetched.status === 304) return fetched;
    } catch (error) {
      failure = error;
    }
    for (const name of await this.#names()) {
      const older = await (await caches.open(name)).match(request, { ignoreVary: true });
      if (older) return older;
    }
    if (fetched) return fetched;
    throw failure;
  }

  #urls(): string[] {
    return this.#paths.map((path) => new URL(path, this.#scope).href);
  }

  get #name(): string {
    return `${this.#scope} ${this.#build}`;
  }

  #open(): Promise<Cache> {
    return caches.open(this.#name);
  }

  /** In the order in which they were made. */
  async #names(): Promise<string[]> {
    return (await caches.keys()).filter((name) => name.startsWith(`${this.#scope} `));
  }
}
