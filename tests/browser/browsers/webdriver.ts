import { pause } from '../kit/deadline.ts';

/** As much of the WebDriver protocol as it takes to open a page. */
export class WebDriver {
  readonly #address: string;
  #session = '';

  constructor(address: string) {
    this.#address = address;
  }

  /** Resolves when it takes sessions; rejects when its program has ended. */
  async untilReady(ended: Promise<string>): Promise<void> {
    let how: string | null = null;
    void ended.then((text) => (how = text));
    for (;;) {
      if (how !== null) throw new Error(`the driver ${how}`);
      try {
        const { ready } = (await this.#send('GET', '/status')) as { ready: boolean };
        if (ready) return;
      } catch {
        // It does not listen yet.
      }
      await pause(100);
    }
  }

  async newSession(capabilities: Record<string, unknown>): Promise<void> {
    const { sessionId } = (await this.#send('POST', '/session', { capabilities: { alwaysMatch: capabilities } })) as { sessionId: string };
    this.#session = `/session/${sessionId}`;
    // Opening must not wait for a page that goes on loading.
    await this.#send('POST', `${this.#session}/timeouts`, { pageLoad: 60_000 });
  }

  async resize(width: number, height: number): Promise<void> {
    await this.#send('POST', `${this.#session}/window/rect`, { x: 0, y: 0, width, height });
  }

  async open(url: string): Promise<void> {
    await this.#send('POST', `${this.#session}/url`, { url });
  }

  async #send(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.#address + path, {
      method,
      headers: { 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(90_000),
    });
    const { value } = (await response.json()) as { value: { error?: string; message?: string } | null };
    if (!response.ok) throw new Error(`${method} ${path}: ${value?.error} ${value?.message}`);
    return value;
  }
}
