import { parentPort } from 'node:worker_threads';
import { host } from './hosting.ts';
import type { FromHost, ToHost } from './messages.ts';

/** The script of a host worker in Node. */

const port = parentPort!;
const receive = host((message: FromHost) => port.postMessage(message));
port.on('message', (message: ToHost) => receive(message));
