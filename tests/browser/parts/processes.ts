import { readFile } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createServer } from '../../../web/tools/serve.mjs';
import { machineRoutes } from '../../machine/bundles.mjs';
import { openChromium } from '../browsers/chromium.ts';
import { openFirefox } from '../browsers/firefox.ts';
import { openWebKit } from '../browsers/webkit.ts';
import { within } from '../kit/deadline.ts';
import type { OpenBrowser, Opener } from '../kit/drive_session.ts';
import type { Part } from '../kit/part.ts';
import { root } from '../kit/places.ts';
import { textOf } from '../kit/report.ts';

/**
 * WebKit goes on computing in a worker that was terminated, for as long as the page is there, if that
 * calls no function: some of them slow down all that comes after.
 */
const engines: [label: string, open: Opener, endsSpinners: boolean][] = [
  ['chromium', openChromium, true],
  ['firefox', openFirefox, true],
  ['webkit', openWebKit, false],
];
/** How many processes one after the other. */
const many = 1000;
/** ms without any news. */
const limit = 400_000;

type Message = { isLast: true } | { isLast?: undefined; name: string; failure: string | null; milliseconds: number };

const page = '<!doctype html><meta charset="utf-8"><title>Processes</title><script type="module" src="processes.js"></script>';

function file(name: string, type: string): RequestListener {
  return (_, response) => {
    readFile(path.join(root, 'build/wasm/tests', name)).then(
      (bytes) => response.setHeader('Content-Type', type).end(bytes),
      (error) => response.writeHead(404).end(String(error)),
    );
  };
}

/** The processes of runs in each engine, without the page around them. */
export const processes: Part = async ({ report, isWanted }) => {
  let receive: (message: Message) => void = () => {};
  const takeReport = async (request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.end();
    receive(JSON.parse(body));
  };
  const server = createServer({
    root,
    base: '/none/',
    routes: {
      ...(await machineRoutes('', 'processes.js', 'processes_page.ts')),
      '/page': (_, response) => response.setHeader('Content-Type', 'text/html').end(page),
      '/probe.mjs': file('probe.mjs', 'text/javascript'),
      '/probe.wasm': file('probe.wasm', 'application/wasm'),
      '/report': (request, response) => void takeReport(request, response),
      '/favicon.ico': (_, response) => response.writeHead(204).end(),
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  try {
    for (const [label, open, endsSpinners] of engines) {
      const name = `${label}: processes`;
      if (!isWanted(name)) continue;
      const began = performance.now();
      let browser: OpenBrowser | undefined;
      try {
        let next = Promise.withResolvers<Message>();
        receive = (message) => next.resolve(message);
        browser = await open(`${origin}/page?many=${many}&endsSpinners=${endsSpinners}`);
        const gone = browser.gone.then((how): never => {
          throw new Error(`the browser is gone: ${how}`);
        });
        for (;;) {
          const message = await within(limit, 'the next test', Promise.race([next.promise, gone]));
          if (message.isLast) break;
          next = Promise.withResolvers();
          if (message.failure === null) report.pass(`${label}: ${message.name}`, message.milliseconds);
          else report.fail(`${label}: ${message.name}`, message.milliseconds, message.failure);
        }
      } catch (error) {
        report.fail(name, performance.now() - began, textOf(error));
      } finally {
        receive = () => {};
        await browser?.close();
      }
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
};
