import type { Environment, HostWorker, Pulse } from './environment.ts';
import { StartError, textOf } from './failure.ts';
import type { FromHost, ToHost } from './messages.ts';

/** Addresses, absolute or relative to the page. */
export interface BrowserUrls {
  /** Bundle of host.ts. */
  readonly host: string;
  /** Bundle of pulse.ts. */
  readonly pulse: string;
  readonly core: string;
  readonly wasm: string;
}

export function browserEnvironment(urls: BrowserUrls): Environment {
  const absolute = (url: string) => new URL(url, document.baseURI).href;
  return {
    core: absolute(urls.core),
    description: describe(),
    compile: () => compile(absolute(urls.wasm)),
    createHost: (name) => createHost(absolute(urls.host), name),
    createPulse: (tick) => createPulse(absolute(urls.pulse), tick),
  };
}

async function compile(url: string): Promise<WebAssembly.Module> {
  const response = await fetchWasm(url);
  const type = response.headers.get('content-type') ?? '';
  try {
    // Streaming insists on the type, which not every server knows.
    if (type.startsWith('application/wasm')) return await WebAssembly.compileStreaming(response);
    const bytes = await response.arrayBuffer();
    if (!isWasm(bytes)) throw new StartError('wrong-type', `${url} is of type "${type}"`);
    return await WebAssembly.compile(bytes);
  } catch (error) {
    if (error instanceof StartError) throw error;
    const code = error instanceof WebAssembly.CompileError ? 'compile' : 'network';
    throw new StartError(code, textOf(error), error);
  }
}

async function fetchWasm(url: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new StartError('network', `${url}: ${textOf(error)}`, error);
  }
  if (!response.ok) throw new StartError('not-found', `${url}: status ${response.status}`);
  return response;
}

function isWasm(bytes: ArrayBuffer): boolean {
  return new TextDecoder().decode(bytes.slice(0, 4)) === '\0asm';
}

function createHost(url: string, name: string): HostWorker {
  const worker = new Worker(url, { type: 'module', name });
  const host = {
    hasRun: false,
    onMessage: (_: FromHost) => {},
    onError: (_: string) => {},
    post: (message: ToHost) => worker.postMessage(message),
    terminate: () => worker.terminate(),
  };
  worker.onmessage = (event: MessageEvent<FromHost>) => {
    host.hasRun = true;
    host.onMessage(event.data);
  };
  worker.onmessageerror = () => host.onError('a message from the worker could not be read');
  worker.onerror = (event) => {
    event.preventDefault();
    host.onError(describeError(event, url));
  };
  return host;
}

/** An event without a message means that the script could not be loaded. */
function describeError(event: ErrorEvent, url: string): string {
  if (!event.message) return `${url} could not be loaded`;
  const place = event.filename ? ` (${event.filename}:${event.lineno})` : '';
  return `${event.message}${place}`;
}

function createPulse(url: string, tick: () => void): Pulse {
  const worker = new Worker(url, { type: 'module', name: 'pulse' });
  worker.onmessage = () => tick();
  return {
    start: () => worker.postMessage('start'),
    stop: () => worker.postMessage('stop'),
    close: () => worker.terminate(),
  };
}

interface UserAgentData {
  readonly brands: readonly { readonly brand: string; readonly version: string }[];
  readonly platform: string;
}

/** E.g. "Firefox/153.0 on Linux x86_64, 8 logical processors". */
function describe(): string {
  const { userAgent, hardwareConcurrency } = navigator;
  const known = (navigator as { userAgentData?: UserAgentData }).userAgentData;
  const brand = known?.brands.find(({ brand }) => !/not.?a.?brand/i.test(brand));
  const browser = brand ? `${brand.brand}/${brand.version}` : browserIn(userAgent);
  const platform = known?.platform ?? /\(([^)]*)\)/.exec(userAgent)?.[1] ?? 'unknown platform';
  return `${browser} on ${platform}, ${hardwareConcurrency} logical processors`;
}

function browserIn(userAgent: string): string {
  return /(Firefox|Edg|Chrome|Version)\/[\d.]+/.exec(userAgent)?.[0] ?? 'unknown browser';
}
