import { textOf } from './failure.ts';
import { host } from './hosting.ts';
import type { FromHost, ToHost } from './messages.ts';

/** The script of a host worker in a browser. */

const post = (message: FromHost) => globalThis.postMessage(message);
const receive = host({
  post,
  newThreadWorker(script) {
    const worker = new Worker(script, { type: 'module', name: 'em-pthread' });
    // Until the core takes the worker over.
    worker.onerror = () => post({ type: 'failed', code: 'network', text: `${script} could not be run` });
    return worker;
  },
});

addEventListener('message', (event: MessageEvent<ToHost>) => receive(event.data));

// What goes wrong in one of the core's threads is thrown on here as the event that told of it.
addEventListener('error', (event) => {
  if (!(event.error instanceof ErrorEvent)) return;
  event.preventDefault();
  post({ type: 'crash', text: event.error.message });
});

// A worker's unhandled rejections reach nobody outside it.
addEventListener('unhandledrejection', (event) => {
  post({ type: 'crash', text: textOf(event.reason) });
});
