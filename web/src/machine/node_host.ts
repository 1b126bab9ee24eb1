import { parentPort, Worker } from 'node:worker_threads';
import { host } from './hosting.ts';
import type { FromHost, ToHost } from './messages.ts';

/** The script of a host worker in Node. */

const port = parentPort!;
const receive = host({
  post: (message: FromHost) => port.postMessage(message),
  newThreadWorker: (script) => new Worker(new URL(script), { name: 'em-pthread', workerData: 'em-pthread' }),
});
port.on('message', (message: ToHost) => receive(message));
