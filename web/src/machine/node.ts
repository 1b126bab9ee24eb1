import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Environment, HostWorker, Pulse } from './environment.ts';
import { StartError, textOf } from './failure.ts';
import type { FromHost, ToHost } from './messages.ts';

/** There are no frames here: what the pulse does not drain in time makes writers wait. */
const pulsePeriod = 10;

/** The machine in Node, on worker_threads. `core` is the address of core.mjs; core.wasm lies beside it. */
export function nodeEnvironment(core: URL): Environment {
  const { platform, arch, version } = process;
  return {
    core: core.href,
    description: `Node ${version} on ${platform} ${arch}, ${availableParallelism()} logical processors`,
    compile: () => compile(new URL(core.href.replace(/\.mjs$/, '.wasm'))),
    createHost,
    createPulse,
  };
}

async function compile(url: URL): Promise<WebAssembly.Module> {
  let bytes: Buffer<ArrayBuffer>;
  try {
    bytes = await readFile(url);
  } catch (error) {
    throw new StartError('not-found', textOf(error), error);
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw new StartError('compile', textOf(error), error);
  }
}

function createHost(name: string): HostWorker {
  const worker = new Worker(new URL('node_host.ts', import.meta.url), { name });
  let isTerminated = false;
  const host = {
    hasRun: false,
    onMessage: (_: FromHost) => {},
    onError: (_: string) => {},
    post: (message: ToHost) => worker.postMessage(message),
    terminate() {
      isTerminated = true;
      void worker.terminate();
    },
  };
  worker.on('message', (message: FromHost) => {
    host.hasRun = true;
    host.onMessage(message);
  });
  worker.on('messageerror', (error) => host.onError(textOf(error)));
  worker.on('error', (error) => host.onError(textOf(error)));
  worker.on('exit', (code) => {
    if (!isTerminated) host.onError(`the worker ended with ${code}`);
  });
  return host;
}

function createPulse(tick: () => void): Pulse {
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    start() {
      timer = setInterval(tick, pulsePeriod);
    },
    stop: () => clearInterval(timer),
    close: () => clearInterval(timer),
  };
}
