import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createServer } from '../../../web/tools/serve.mjs';
import { driveScripts } from './drive_scripts.ts';
import { builtPage } from './places.ts';

/** What the driver in the page tells. */
export interface Message {
  run: string;
  scenario: string;
  /** What is being done, or why it failed. */
  text: string;
  ok: boolean;
  /** What went wrong in the page besides. */
  faults: string[];
}

/** Takes the messages of one run of the driver. */
export interface Listener {
  onNote(message: Message): void;
  /** Returns the address to go on with. */
  onReport(message: Message): string | null;
}

export interface TestServerOptions {
  base?: string;
  headers?: 'isolate' | 'none';
  /** Files that are answered with 404, relative to the base. */
  without?: string[];
  /** Whether every load of the page gets the driver, or only one that asks for it with `?run=`. */
  drive?: 'asked' | 'always';
  root?: string;
}

/** Serves the built page, with the driver of the tests for those who ask for it. */
export class TestServer {
  readonly base: string;
  /** Requests for files that were answered with an error. */
  readonly refused: string[] = [];
  /** Paths of all requests for the page's own files. */
  readonly requested: string[] = [];
  /** What scenarios compare with. */
  expected: unknown = null;
  /** Closes the connection instead of answering, for everything but the tests' own routes. */
  isOffline = false;

  readonly #options: Required<TestServerOptions>;
  readonly #server: http.Server;
  readonly #listeners = new Map<string, Listener>();
  #port = 0;

  constructor(options: TestServerOptions = {}) {
    this.#options = {
      base: '/',
      headers: 'isolate',
      without: [],
      drive: 'asked',
      root: builtPage,
      ...options,
    };
    const { base, headers, root } = this.#options;
    this.base = base;
    this.#server = createServer({ root, base, headers, routes: this.#routes() });
    const [answer] = this.#server.listeners('request') as RequestListener[];
    this.#server.removeAllListeners('request');
    this.#server.on('request', (request, response) => this.#receive(request, response, answer!));
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** May listen again afterwards, at the same port. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Address of the page. */
  address({ host = 'localhost', query = '', hash = '' } = {}): string {
    return `http://${host}:${this.#port}${this.base}${query}${hash}`;
  }

  /** Address of a page on another site that shows the address in a frame. */
  blogAddress(address: string): string {
    return `http://127.0.0.1:${this.#port}/__test__/blog?src=${encodeURIComponent(address)}`;
  }

  /** Address of a page on another site with this content. */
  blogWith(html: string, { isolated = false } = {}): string {
    return `http://127.0.0.1:${this.#port}/__test__/blog?html=${encodeURIComponent(html)}${isolated ? '&isolated' : ''}`;
  }

  listenTo(run: string, listener: Listener): void {
    this.#listeners.set(run, listener);
  }

  #receive(request: IncomingMessage, response: ServerResponse, answer: RequestListener): void {
    const { pathname } = new URL(request.url!, 'http://localhost');
    if (pathname === '/favicon.ico') {
      // Asked for by pages that name no icon: those of the tests.
      response.writeHead(204).end();
      return;
    }
    if (!pathname.startsWith('/__test__/')) {
      if (this.isOffline) {
        request.socket.destroy();
        return;
      }
      this.requested.push(pathname);
      const isMissing = this.#options.without.some((name) => pathname === this.base + name);
      if (isMissing) {
        response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found\n');
        return;
      }
      response.once('finish', () => {
        if (response.statusCode >= 400) this.refused.push(`${response.statusCode} ${pathname}`);
      });
    }
    answer(request, response);
  }

  #routes(): Record<string, RequestListener> {
    const script = async (name: 'watch' | 'drive', response: ServerResponse) => {
      const text = (await driveScripts())[name];
      response.writeHead(200, { 'Content-Type': 'text/javascript; charset=utf-8' }).end(text);
    };
    const { base } = this.#options;
    return {
      [base]: (request, response) => void this.#page(request, response),
      '/__test__/watch.js': (_, response) => void script('watch', response),
      '/__test__/drive.js': (_, response) => void script('drive', response),
      // Somebody else's page that shows ours in a frame, or has what we told to put into it. It is isolated if it is to be, and
      // this server isolates.
      '/__test__/blog': (request, response) => {
        const given = new URL(request.url!, 'http://localhost').searchParams;
        const source = (given.get('src') ?? '').replaceAll('&', '&amp;').replaceAll('"', '&quot;');
        if (!given.has('isolated')) {
          for (const name of response.getHeaderNames()) if (name.startsWith('cross-origin-')) response.removeHeader(name);
        }
        const content = given.get('html') ?? `<iframe src="${source}" width="900" height="700"></iframe>`;
        response
          .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
          .end(`<!doctype html><title>A blog</title><p>Look:</p>${content}`);
      },
      '/__test__/expected': (_, response) => sendJson(response, this.expected),
      '/__test__/requested': (_, response) => sendJson(response, this.requested),
      '/__test__/offline': async (request, response) => {
        this.isOffline = (await readBody(request)) === 'on';
        sendJson(response, this.isOffline);
      },
      '/__test__/note': (request, response) => void this.#take(request, response, false),
      '/__test__/report': (request, response) => void this.#take(request, response, true),
    };
  }

  async #page(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = new URL(request.url!, 'http://localhost').searchParams.has('run');
    let html = await readFile(path.join(this.#options.root, 'index.html'), 'utf8');
    if (asked || this.#options.drive === 'always') {
      html = html
        // After the policy, so that it holds for the driver, too; before everything it watches.
        .replace(/(<meta http-equiv="Content-Security-Policy"[^>]*>)/, '$1\n<script src="/__test__/watch.js"></script>')
        .replace('</body>', '<script type="module" src="/__test__/drive.js"></script>\n</body>');
    }
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
  }

  async #take(request: IncomingMessage, response: ServerResponse, isReport: boolean): Promise<void> {
    const message = JSON.parse(await readBody(request)) as Message;
    const listener = this.#listeners.get(message.run);
    if (isReport) {
      sendJson(response, { next: listener?.onReport(message) ?? null });
    } else {
      listener?.onNote(message);
      sendJson(response, null);
    }
  }
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

async function readBody(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let text = '';
  for await (const part of request) text += part;
  return text;
}
