/** The entry that says that a build is stored as a whole. */
const mark = 'https://settings.invalid/whole';

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
    const added = await Promise.allSettled(
      this.#urls()
        .filter((url) => !kept.has(url))
        .map((url) => cache.add(new Request(url, { cache: 'no-cache' }))),
    );
    if (added.every(({ status }) => status === 'fulfilled')) await cache.put(mark, new Response());
  }

  /** Forgets builds that nobody uses any more: all but this one, the one before, and the last that is stored as a whole. */
  async forgetOld(): Promise<void> {
    const others = (await this.#names()).filter((name) => name !== this.#name);
    const whole = (await this.#whole()).find((name) => name !== this.#name);
    const old = others.slice(0, -1).filter((name) => name !== whole);
    await Promise.all(old.map((name) => caches.delete(name)));
  }

  /**
   * The page: what the server has now, or without a network what is stored. That is one whose script, program and style are
   * there, too, if there is any: of a new build they may not have come before the network went.
   */
  async page(request: Request): Promise<Response> {
    try {
      return await fetch(request);
    } catch (error) {
      for (const name of [...(await this.#whole()), this.#name]) {
        const cache = await caches.open(name);
        const stored =
          (await cache.match(request, { ignoreVary: true, ignoreSearch: true })) ?? (await cache.match(this.#scope, { ignoreVary: true }));
        if (stored) return stored;
      }
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

  /** Builds that are stored as a whole, the latest first. */
  async #whole(): Promise<string[]> {
    const found: string[] = [];
    for (const name of (await this.#names()).reverse()) if (await (await caches.open(name)).match(mark)) found.push(name);
    return found;
  }

  /** In the order in which they were made. */
  async #names(): Promise<string[]> {
    return (await caches.keys()).filter((name) => name.startsWith(`${this.#scope} `));
  }
}
